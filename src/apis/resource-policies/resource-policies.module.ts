import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApiArchivePartsModule } from '../archives/api-archive-parts.module.js';
import { AttachedPoliciesModule } from '../policies/attached-policies.module.js';
import { RevisionsModule } from '../revisions/revisions.module.js';
import { ResourcePoliciesPublisherController } from './resource-policies.publisher.controller.js';
import { ResourcePoliciesService } from './resource-policies.service.js';
import { ResourcePolicyEntity } from './resource-policy.entity.js';

/** Translations between JSON and SOAP, resource by resource. */
@Module({
  imports: [TypeOrmModule.forFeature([ResourcePolicyEntity]), RevisionsModule, AttachedPoliciesModule, ApiArchivePartsModule],
  controllers: [ResourcePoliciesPublisherController],
  providers: [ResourcePoliciesService],
  exports: [ResourcePoliciesService],
})
export class ResourcePoliciesModule {}
