import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { IdentityModule } from '../identity/identity.module.js';
import { AdvancedPoliciesAdminController } from './advanced-policies.admin.controller.js';
import { ApplicationPoliciesAdminController } from './application-policies.admin.controller.js';
import { PolicySearchAdminController } from './policy-search.admin.controller.js';
import { PolicyUses } from './policy-uses.js';
import { SubscriptionPoliciesAdminController } from './subscription-policies.admin.controller.js';
import { ThrottlingPoliciesDevportalController } from './throttling-policies.devportal.controller.js';
import { ThrottlingPoliciesPublisherController } from './throttling-policies.publisher.controller.js';
import { ThrottlingPoliciesService } from './throttling-policies.service.js';
import { ThrottlingPolicyEntity } from './throttling-policy.entity.js';
import { PolicyTransferAdminController } from './transfer/policy-transfer.admin.controller.js';
import { PolicyTransfer } from './transfer/policy-transfer.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([ThrottlingPolicyEntity]), IdentityModule],
  controllers: [
    PolicySearchAdminController,
    PolicyTransferAdminController,
    ApplicationPoliciesAdminController,
    SubscriptionPoliciesAdminController,
    AdvancedPoliciesAdminController,
    ThrottlingPoliciesPublisherController,
    ThrottlingPoliciesDevportalController,
  ],
  providers: [ThrottlingPoliciesService, PolicyUses, PolicyTransfer],
  exports: [ThrottlingPoliciesService, PolicyUses],
})
export class ThrottlingModule {}
