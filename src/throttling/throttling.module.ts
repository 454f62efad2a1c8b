import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { IdentityModule } from '../identity/identity.module.js';
import { AdvancedPoliciesAdminController } from './advanced-policies.admin.controller.js';
import { ApplicationPoliciesAdminController } from './application-policies.admin.controller.js';
import { DenyPoliciesAdminController } from './deny/deny-policies.admin.controller.js';
import { DenyPoliciesService } from './deny/deny-policies.service.js';
import { DenyPolicyEntity } from './deny/deny-policy.entity.js';
import { DenyTargetQueries } from './deny/deny-targets.queries.js';
import { PolicySearchAdminController } from './policy-search.admin.controller.js';
import { PolicyUses } from './policy-uses.js';
import { CustomRuleEntity } from './rules/custom-rule.entity.js';
import { CustomRulesAdminController } from './rules/custom-rules.admin.controller.js';
import { CustomRulesService } from './rules/custom-rules.service.js';
import { SubscriptionPoliciesAdminController } from './subscription-policies.admin.controller.js';
import { ThrottlingPoliciesDevportalController } from './throttling-policies.devportal.controller.js';
import { ThrottlingPoliciesPublisherController } from './throttling-policies.publisher.controller.js';
import { ThrottlingPoliciesService } from './throttling-policies.service.js';
import { ThrottlingPolicyEntity } from './throttling-policy.entity.js';
import { PolicyTransferAdminController } from './transfer/policy-transfer.admin.controller.js';
import { PolicyTransfer } from './transfer/policy-transfer.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([ThrottlingPolicyEntity, CustomRuleEntity, DenyPolicyEntity]), IdentityModule],
  controllers: [
    PolicySearchAdminController,
    PolicyTransferAdminController,
    ApplicationPoliciesAdminController,
    SubscriptionPoliciesAdminController,
    AdvancedPoliciesAdminController,
    CustomRulesAdminController,
    DenyPoliciesAdminController,
    ThrottlingPoliciesPublisherController,
    ThrottlingPoliciesDevportalController,
  ],
  providers: [ThrottlingPoliciesService, CustomRulesService, PolicyUses, PolicyTransfer, DenyPoliciesService, DenyTargetQueries],
  exports: [ThrottlingPoliciesService, CustomRulesService, PolicyUses],
})
export class ThrottlingModule {}
