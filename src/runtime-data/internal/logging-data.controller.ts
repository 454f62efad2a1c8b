import { Get } from '@nestjs/common';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { AddressedTenants } from '../addressed-tenants.js';
import { InternalDataController } from '../administrators.guard.js';
import { RuntimeRows } from '../runtime-rows.js';
import { TenantHeader } from './requested.js';

/** Components whose steps the product can log; nobody can switch any on yet. */
const COMPONENTS = ['http', 'jdbc', 'ldap', 'synapse', 'method-calls'] as const;

/** What gateways log of calls: nothing yet, and so for every API. */
@InternalDataController()
export class LoggingDataController {
  constructor(
    private readonly rows: RuntimeRows,
    private readonly tenants: AddressedTenants,
  ) {}

  @Get('api-logging-configs')
  async apis(@Caller() caller: User, @TenantHeader() tenant: string) {
    const organization = await this.tenants.allOr(caller, tenant);
    const { rows } = await this.rows.apis({ organization, hasOperations: false });
    return { apis: rows.map(({ path }) => ({ context: path, logLevel: 'OFF' })) };
  }

  @Get('correlation-configs')
  correlation() {
    return {
      components: COMPONENTS.map((name) => ({
        name,
        enabled: 'false',
        properties: name === 'jdbc' ? [{ name: 'deniedThreads', value: [] }] : [],
      })),
    };
  }
}
