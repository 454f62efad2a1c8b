import { Get } from '@nestjs/common';
import type { PolicyLevel } from '../../domain/throttling.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { ALL, Page, type PageQuery, page } from '../../platform/http/page.js';
import { AddressedTenants, everythingOf } from '../addressed-tenants.js';
import { InternalDataController } from '../administrators.guard.js';
import { type PolicyRow, toApiPolicy, toApplicationPolicy, toGlobalPolicy, toSubscriptionPolicy } from './policy-data.mapper.js';
import { type BlockBody, PolicyRows } from './policy-rows.js';
import { Search, TenantHeader } from './requested.js';

/** What limits and forbids calls at gateways. */
@InternalDataController()
export class PolicyDataController {
  constructor(
    private readonly rows: PolicyRows,
    private readonly tenants: AddressedTenants,
  ) {}

  @Get('block')
  block(@Caller() caller: User): Promise<BlockBody> {
    return this.rows.blocked(everythingOf(caller));
  }

  @Get('keyTemplates')
  keyTemplates(@Caller() caller: User): Promise<readonly string[]> {
    return this.rows.keyTemplates(everythingOf(caller));
  }

  @Get('subscription-policies')
  subscriptionPolicies(
    @Caller() caller: User,
    @TenantHeader() tenant: string,
    @Page(ALL) query: PageQuery,
    @Search('policyName') name?: string,
  ) {
    return this.ofLevel('subscription', caller, { tenant, name }, query, toSubscriptionPolicy);
  }

  @Get('application-policies')
  applicationPolicies(
    @Caller() caller: User,
    @TenantHeader() tenant: string,
    @Page(ALL) query: PageQuery,
    @Search('policyName') name?: string,
  ) {
    return this.ofLevel('application', caller, { tenant, name }, query, toApplicationPolicy);
  }

  @Get('api-policies')
  apiPolicies(@Caller() caller: User, @TenantHeader() tenant: string, @Page(ALL) query: PageQuery, @Search('policyName') name?: string) {
    return this.ofLevel('advanced', caller, { tenant, name }, query, toApiPolicy);
  }

  @Get('global-policies')
  async globalPolicies(
    @Caller() caller: User,
    @TenantHeader() tenant: string,
    @Page(ALL) query: PageQuery,
    @Search('policyName') name?: string,
  ) {
    const { rows, total } = await this.rows.rules({ organization: await this.tenants.allOr(caller, tenant), name }, query);
    return page(rows.map(toGlobalPolicy), total, query);
  }

  private async ofLevel<T>(
    level: PolicyLevel,
    caller: User,
    { tenant, name }: { readonly tenant: string; readonly name: string | undefined },
    query: PageQuery,
    toBody: (policy: PolicyRow) => T,
  ) {
    const { rows, total } = await this.rows.policies(level, { organization: await this.tenants.allOr(caller, tenant), name }, query);
    return page(rows.map(toBody), total, query);
  }
}
