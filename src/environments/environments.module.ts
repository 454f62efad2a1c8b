import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ConfiguredEnvironments } from './configured-environments.js';
import { EnvironmentEntity } from './environment.entity.js';
import { EnvironmentUses } from './environment-uses.js';
import { EnvironmentsAdminController } from './environments.admin.controller.js';
import { EnvironmentsService } from './environments.service.js';
import { GatewayInstancesQueries } from './gateway-instances.queries.js';
import { GatewaySettings } from './gateway-settings.js';
import { PlatformGatewayEntity } from './platform-gateways/platform-gateway.entity.js';
import { PlatformGatewaysAdminController } from './platform-gateways/platform-gateways.admin.controller.js';
import { PlatformGateways } from './platform-gateways/platform-gateways.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([EnvironmentEntity, PlatformGatewayEntity])],
  controllers: [EnvironmentsAdminController, PlatformGatewaysAdminController],
  providers: [EnvironmentsService, ConfiguredEnvironments, EnvironmentUses, GatewayInstancesQueries, GatewaySettings, PlatformGateways],
  exports: [EnvironmentsService, EnvironmentUses],
})
export class EnvironmentsModule {}
