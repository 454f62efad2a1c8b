import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ConfiguredEnvironments } from './configured-environments.js';
import { EnvironmentEntity } from './environment.entity.js';
import { EnvironmentUses } from './environment-uses.js';
import { EnvironmentsAdminController } from './environments.admin.controller.js';
import { EnvironmentsService } from './environments.service.js';
import { GatewayInstancesQueries } from './gateway-instances.queries.js';
import { GatewaySettings } from './gateway-settings.js';

@Module({
  imports: [TypeOrmModule.forFeature([EnvironmentEntity])],
  controllers: [EnvironmentsAdminController],
  providers: [EnvironmentsService, ConfiguredEnvironments, EnvironmentUses, GatewayInstancesQueries, GatewaySettings],
  exports: [EnvironmentsService, EnvironmentUses],
})
export class EnvironmentsModule {}
