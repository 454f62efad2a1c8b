import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { IdentityModule } from '../identity/identity.module.js';
import { ApiLogLevelEntity } from './api-logs/api-log-level.entity.js';
import { ApiLogsDevopsController } from './api-logs/api-logs.devops.controller.js';
import { ApiLogsQueries } from './api-logs/api-logs.queries.js';
import { ApiLogsService } from './api-logs/api-logs.service.js';
import { CorrelationDevopsController } from './correlation/correlation.devops.controller.js';
import { CorrelationModule } from './correlation/correlation.module.js';

/** The DevOps API: what the server writes down while it runs. */
@Module({
  imports: [TypeOrmModule.forFeature([ApiLogLevelEntity]), IdentityModule, CorrelationModule],
  controllers: [ApiLogsDevopsController, CorrelationDevopsController],
  providers: [ApiLogsService, ApiLogsQueries],
  exports: [ApiLogsQueries],
})
export class DevopsModule {}
