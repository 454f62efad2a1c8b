import { Get, Param, Req } from '@nestjs/common';
import type { Request } from 'express';
import { withoutNul } from '../../apis/apis.queries.js';
import { found, NotFound } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { queryText } from '../../platform/http/query-text.js';
import { AddressedTenants } from '../addressed-tenants.js';
import { GatewayRestController } from '../administrators.guard.js';
import { RuntimeRows } from '../runtime-rows.js';
import { ParametersMissing, SubscriptionUnknown } from './gateway-rest.problems.js';
import {
  type APIInfoBody,
  type APIMetaDataBody,
  type ApplicationInfoBody,
  type SubscriptionBody,
  toAPIInfo,
  toAPIMetaData,
  toApplicationInfo,
  toSubscription,
} from './runtime.mapper.js';

/** What the gateways know: the APIs that were deployed to them, and who may call these. */
@GatewayRestController()
export class RuntimeController {
  constructor(
    private readonly rows: RuntimeRows,
    private readonly tenants: AddressedTenants,
  ) {}

  @Get('apis')
  async apis(
    @Caller() caller: User,
    @Req() request: Request,
  ): Promise<{ readonly count: number; readonly list: readonly APIMetaDataBody[] }> {
    const organization = await this.tenantIn(caller, request);
    const filter = { context: textIn(request, 'context'), version: textIn(request, 'version'), isDeployed: true, hasOperations: false };
    const { rows } = await this.rows.apis({ organization, ...filter });
    return { count: rows.length, list: rows.map(toAPIMetaData) };
  }

  @Get('apis/:apiId')
  async api(@Caller() caller: User, @Param('apiId') id: string, @Req() request: Request): Promise<APIInfoBody> {
    const organization = await this.tenantIn(caller, request);
    const { rows: apis } = await this.rows.apis({ organization, id, isDeployed: true, hasOperations: true });
    const api = found(apis[0], NotFound('API'), id);
    const { rows: subscriptions } = await this.rows.subscriptions({ organization, apiId: api.id });
    const ids = subscriptions.map(({ applicationId }) => applicationId);
    const { rows: applications } = await this.rows.applications({ organization, withSubscribers: true, ids });
    return toAPIInfo(api, subscriptions, applications);
  }

  @Get('applications')
  async applications(
    @Caller() caller: User,
    @Req() request: Request,
  ): Promise<{ readonly count: number; readonly list: readonly ApplicationInfoBody[] }> {
    const [name, uuid] = [textIn(request, 'name'), textIn(request, 'uuid')];
    if (name === undefined && uuid === undefined) throw ParametersMissing('name or uuid');
    const organization = await this.tenantIn(caller, request);
    const { rows } = await this.rows.applications({
      organization,
      withSubscribers: true,
      name,
      ids: uuid === undefined ? undefined : [uuid],
    });
    if (rows.length === 0) throw NotFound('Application')(uuid ?? name ?? '');
    return { count: rows.length, list: rows.map(toApplicationInfo) };
  }

  @Get('subscriptions')
  async subscription(@Caller() caller: User, @Req() request: Request): Promise<SubscriptionBody> {
    const [apiId, applicationId] = [textIn(request, 'apiUUID'), textIn(request, 'appUUID')];
    if (apiId === undefined || applicationId === undefined) {
      throw ParametersMissing(...(apiId === undefined ? ['apiUUID'] : []), ...(applicationId === undefined ? ['appUUID'] : []));
    }
    const organization = await this.tenantIn(caller, request);
    const { rows } = await this.rows.subscriptions({ organization, apiId, applicationId });
    return toSubscription(found(rows[0], SubscriptionUnknown));
  }

  private tenantIn(caller: User, request: Request): Promise<string> {
    return this.tenants.of(caller, textIn(request, 'tenantDomain'));
  }
}

/** A query parameter that says something. */
const textIn = ({ query }: Request, name: string): string | undefined => {
  const text = queryText(query[name]);
  return text ? withoutNul(text) : undefined;
};
