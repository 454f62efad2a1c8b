import { Get, Param } from '@nestjs/common';
import { found } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { ALL, Page, type PageQuery, page } from '../../platform/http/page.js';
import { AddressedTenants, everythingOf } from '../addressed-tenants.js';
import { InternalDataController } from '../administrators.guard.js';
import type { Listed } from '../listed.js';
import { RuntimeRows } from '../runtime-rows.js';
import { ApiGone } from './internal-data.problems.js';
import { KeyMappingRows } from './key-mapping-rows.js';
import { Search, SearchNumber, TenantHeader } from './requested.js';
import { toAPI, toApplication, toSubscription } from './subscription-data.mapper.js';

/** What gateways check subscriptions by. */
@InternalDataController()
export class SubscriptionDataController {
  constructor(
    private readonly rows: RuntimeRows,
    private readonly mappings: KeyMappingRows,
    private readonly tenants: AddressedTenants,
  ) {}

  @Get('apis')
  async apis(
    @Caller() caller: User,
    @TenantHeader() tenant: string,
    @Page(ALL) query: PageQuery,
    @Search('apiId') id?: string,
    @Search('context') context?: string,
    @Search('version') version?: string,
    @Search('gatewayLabel') label?: string,
    @Search('expand') expand?: string,
  ) {
    const organization = await this.tenants.allOr(caller, tenant);
    const filter = { organization, id, context, version, label, hasOperations: expand !== 'false' };
    return shown(await this.rows.apis(filter, query), query, toAPI);
  }

  /** An API by itself, as the list has it. */
  @Get('apis/:apiId')
  async api(@Caller() caller: User, @Param('apiId') id: string) {
    const { rows } = await this.rows.apis({ organization: everythingOf(caller), id, hasOperations: true });
    found(rows[0], ApiGone, id);
    return { count: rows.length, list: rows.map(toAPI) };
  }

  @Get('applications')
  async applications(
    @Caller() caller: User,
    @TenantHeader() tenant: string,
    @Page(ALL) query: PageQuery,
    @SearchNumber('appId') number?: number,
  ) {
    const organization = await this.tenants.allOr(caller, tenant);
    return shown(await this.rows.applications({ organization, withSubscribers: true, number }, query), query, toApplication);
  }

  @Get('subscriptions')
  async subscriptions(
    @Caller() caller: User,
    @TenantHeader() tenant: string,
    @Page(ALL) query: PageQuery,
    @SearchNumber('apiId') apiNumber?: number,
    @SearchNumber('appId') applicationNumber?: number,
    @Search('apiUUID') apiId?: string,
    @Search('applicationUUID') applicationId?: string,
  ) {
    const organization = await this.tenants.allOr(caller, tenant);
    const filter = { organization, apiNumber, applicationNumber, apiId, applicationId };
    return shown(await this.rows.subscriptions(filter, query), query, toSubscription);
  }

  @Get('application-key-mappings')
  async keyMappings(
    @Caller() caller: User,
    @TenantHeader() tenant: string,
    @Page(ALL) query: PageQuery,
    @Search('consumerKey') consumerKey?: string,
    @Search('keymanager') keyManager?: string,
  ) {
    const organization = await this.tenants.allOr(caller, tenant);
    return shown(await this.mappings.find({ organization, consumerKey, keyManager }, query), query, (row) => row);
  }

  @Get('scopes')
  async scopes(@Caller() caller: User, @TenantHeader() tenant: string, @Page(ALL) query: PageQuery, @Search('scopeKey') name?: string) {
    const organization = await this.tenants.allOr(caller, tenant);
    return shown(await this.mappings.scopes({ organization, name }, query), query, (row) => row);
  }
}

const shown = <R, T>({ rows, total }: Listed<R>, query: PageQuery, toBody: (row: R) => T) => page(rows.map(toBody), total, query);
