import { Module } from '@nestjs/common';
import { ApiArchivePartsModule } from '../archives/api-archive-parts.module.js';
import { RevisionsModule } from '../revisions/revisions.module.js';
import { ApiCopiesModule } from '../versions/api-copies.module.js';
import { ApiOperationPoliciesPublisherController } from './api-operation-policies.publisher.controller.js';
import { ApiPoliciesService } from './api-policies.service.js';
import { ArchivedPolicies } from './archived-policies.js';
import { AttachedPoliciesModule } from './attached-policies.module.js';
import { OperationPoliciesPublisherController } from './operation-policies.publisher.controller.js';
import { OperationPoliciesService } from './operation-policies.service.js';
import { PolicyExchangePublisherController } from './policy-exchange.publisher.controller.js';

/** Policies that APIs attach: the tenant's common ones, and those of one API alone. */
@Module({
  imports: [AttachedPoliciesModule, RevisionsModule, ApiCopiesModule, ApiArchivePartsModule],
  controllers: [PolicyExchangePublisherController, OperationPoliciesPublisherController, ApiOperationPoliciesPublisherController],
  providers: [OperationPoliciesService, ApiPoliciesService, ArchivedPolicies],
  exports: [OperationPoliciesService, ArchivedPolicies],
})
export class PoliciesModule {}
