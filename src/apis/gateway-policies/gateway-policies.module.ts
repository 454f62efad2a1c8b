import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EnvironmentsModule } from '../../environments/environments.module.js';
import { AttachedPoliciesModule } from '../policies/attached-policies.module.js';
import { RevisionsModule } from '../revisions/revisions.module.js';
import { DeployedGatewayPolicies } from './deployed-gateway-policies.js';
import { GatewayPoliciesPublisherController } from './gateway-policies.publisher.controller.js';
import { GatewayPoliciesService } from './gateway-policies.service.js';
import { GatewayPolicyDeploymentEntity, GatewayPolicyEntity } from './gateway-policy.entity.js';

/** Policies of whole gateways. */
@Module({
  imports: [
    TypeOrmModule.forFeature([GatewayPolicyEntity, GatewayPolicyDeploymentEntity]),
    EnvironmentsModule,
    AttachedPoliciesModule,
    RevisionsModule,
  ],
  controllers: [GatewayPoliciesPublisherController],
  providers: [GatewayPoliciesService, DeployedGatewayPolicies],
})
export class GatewayPoliciesModule {}
