import { Get } from '@nestjs/common';
import { ApiLogsQueries } from '../../devops/api-logs/api-logs.queries.js';
import { toCorrelationList } from '../../devops/correlation/correlation.mapper.js';
import { CorrelationService } from '../../devops/correlation/correlation.service.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { AddressedTenants } from '../addressed-tenants.js';
import { InternalDataController } from '../administrators.guard.js';
import { TenantHeader } from './requested.js';

/** What gateways log of calls, as the DevOps API set it. */
@InternalDataController()
export class LoggingDataController {
  constructor(
    private readonly logs: ApiLogsQueries,
    private readonly correlations: CorrelationService,
    private readonly tenants: AddressedTenants,
  ) {}

  @Get('api-logging-configs')
  async apis(@Caller() caller: User, @TenantHeader() tenant: string) {
    const rows = await this.logs.configured((await this.tenants.allOr(caller, tenant)) ?? undefined);
    return {
      apis: rows.map(({ context, method, target, level }) => ({
        context,
        logLevel: level,
        ...(method === '' ? {} : { resourceMethod: method, resourcePath: target }),
      })),
    };
  }

  @Get('correlation-configs')
  async correlation() {
    return toCorrelationList(await this.correlations.list());
  }
}
