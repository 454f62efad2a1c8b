import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EnvironmentsModule } from '../../environments/environments.module.js';
import { ApiArchivePartsModule } from '../archives/api-archive-parts.module.js';
import { AttachedPoliciesModule } from '../policies/attached-policies.module.js';
import { OperationPolicyEntity } from '../policies/operation-policy.entity.js';
import { RevisionsModule } from '../revisions/revisions.module.js';
import { DeployedGatewayPolicies } from './deployed-gateway-policies.js';
import { GatewayPoliciesPublisherController } from './gateway-policies.publisher.controller.js';
import { GatewayPoliciesService } from './gateway-policies.service.js';
import { GatewayPolicyDeploymentEntity, GatewayPolicyEntity } from './gateway-policy.entity.js';
import { GatewayPolicyArchives } from './gateway-policy-archives.js';

/** Policies of whole gateways. */
@Module({
  imports: [
    TypeOrmModule.forFeature([GatewayPolicyEntity, GatewayPolicyDeploymentEntity, OperationPolicyEntity]),
    EnvironmentsModule,
    ApiArchivePartsModule,
    AttachedPoliciesModule,
    RevisionsModule,
  ],
  controllers: [GatewayPoliciesPublisherController],
  providers: [GatewayPoliciesService, GatewayPolicyArchives, DeployedGatewayPolicies],
  exports: [GatewayPolicyArchives],
})
export class GatewayPoliciesModule {}
