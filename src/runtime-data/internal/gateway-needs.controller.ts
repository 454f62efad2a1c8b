import { Body, Get, Post } from '@nestjs/common';
import { CrossTenant } from '../../apis/portal/cross-tenant.js';
import { BadRequest, found, NotFound } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { ALL, Page, type PageQuery, page } from '../../platform/http/page.js';
import { Reply, textReply } from '../../platform/http/reply.js';
import { validateKnown } from '../../platform/http/validation.pipe.js';
import { SubscriptionsService } from '../../subscriptions/subscriptions.service.js';
import { AddressedTenants } from '../addressed-tenants.js';
import { InternalDataController } from '../administrators.guard.js';
import { RuntimeRows } from '../runtime-rows.js';
import { CalledApiDto } from './gateways.dto.js';
import { Search, SearchNumber, TenantHeader } from './requested.js';
import { toSubscription } from './subscription-data.mapper.js';
import { toWebhooksSubscription, WebhookRows } from './webhook-rows.js';

/** What single features of gateways ask for while they run. */
@InternalDataController()
export class GatewayNeedsController {
  constructor(
    private readonly rows: RuntimeRows,
    private readonly webhooks: WebhookRows,
    private readonly subscriptions: SubscriptionsService,
    private readonly crossTenant: CrossTenant,
    private readonly tenants: AddressedTenants,
  ) {}

  /** For an application that calls an API that needs no subscription, so that the gateway may count and limit its calls as those of a subscriber. */
  @Post('subscribe-internal')
  async subscribe(
    @Caller() caller: User,
    @TenantHeader() tenant: string,
    @Body() body: unknown,
    @SearchNumber('appId') number?: number,
    @Search('appUuid') id?: string,
  ) {
    const { uuid, organization: named } = await validateKnown(CalledApiDto, body);
    const organization = await this.tenants.of(caller, tenant);
    if (number === undefined && id === undefined) throw BadRequest('appId or appUuid must be given.');
    const applications = await this.rows.applications({ organization, number, ids: id === undefined ? undefined : [id] });
    const application = found(applications.rows[0], NotFound('Application'), id ?? String(number));
    const apiOrganization = this.crossTenant.providerOf({ organization }, named || organization);
    const wanted = { applicationId: application.id, apiId: uuid };
    await this.subscriptions.createUnneeded(organization, { ...wanted, apiOrganization });
    const { rows } = await this.rows.subscriptions({ organization, ...wanted });
    return new Reply(201, toSubscription(found(rows[0], NotFound('Subscription'), uuid)));
  }

  @Get('webhooks-subscriptions')
  async webhooksSubscriptions(@Caller() caller: User, @TenantHeader() tenant: string, @Page(ALL) query: PageQuery) {
    const { rows, total } = await this.webhooks.find(await this.tenants.allOr(caller, tenant), query);
    // Without a count, unlike all other lists.
    const { list, pagination } = page(rows.map(toWebhooksSubscription), total, query);
    return { list, pagination };
  }

  /** Calls are reported to Google Analytics for no tenant: what the product's gateways are told where it is off. */
  @Get('ga-config')
  async googleAnalytics(@Caller() caller: User, @TenantHeader() tenant: string): Promise<Reply<string>> {
    await this.tenants.of(caller, tenant);
    return textReply('application/xml', NO_GOOGLE_ANALYTICS);
  }
}

const NO_GOOGLE_ANALYTICS = '<GoogleAnalyticsTracking><Enabled>false</Enabled><TrackingID/></GoogleAnalyticsTracking>';
