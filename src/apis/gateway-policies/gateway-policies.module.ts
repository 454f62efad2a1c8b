import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EnvironmentsModule } from '../../environments/environments.module.js';
import { AttachedPoliciesModule } from '../policies/attached-policies.module.js';
import { GatewayPoliciesPublisherController } from './gateway-policies.publisher.controller.js';
import { GatewayPoliciesService } from './gateway-policies.service.js';
import { GatewayPolicyDeploymentEntity, GatewayPolicyEntity } from './gateway-policy.entity.js';

/** Policies of whole gateways. */
@Module({
  imports: [TypeOrmModule.forFeature([GatewayPolicyEntity, GatewayPolicyDeploymentEntity]), EnvironmentsModule, AttachedPoliciesModule],
  controllers: [GatewayPoliciesPublisherController],
  providers: [GatewayPoliciesService],
})
export class GatewayPoliciesModule {}
