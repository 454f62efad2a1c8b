import { Get, Query } from '@nestjs/common';
import { ApiHeader, ApiQuery } from '@nestjs/swagger';
import { isUUID } from 'class-validator';
import { ApplicationReads } from '../applications/application-reads.js';
import { BadRequest } from '../domain/problem.js';
import type { User } from '../domain/user.js';
import { Caller } from '../platform/http/caller.js';
import { DevportalController } from '../platform/http/controllers.js';
import { ALL, Page, type PageQuery, page } from '../platform/http/page.js';
import { WebhookSubscriptions } from './webhook-subscriptions.js';
import { WebhookSubscriptionListDto } from './webhooks.dto.js';
import { toWebhookSubscriptionDto } from './webhooks.mapper.js';

const ApplicationIdMissing = () => BadRequest('applicationId must be given');

@DevportalController('webhooks/subscriptions', 'Webhooks')
export class WebhooksDevportalController {
  constructor(
    private readonly applications: ApplicationReads,
    private readonly webhooks: WebhookSubscriptions,
  ) {}

  /** Those of an application that the caller may see. The contract knows no page, so all are shown unless a limit is asked for. */
  @Get()
  @ApiQuery({ name: 'applicationId', required: false, type: String })
  @ApiQuery({ name: 'apiId', required: false, type: String })
  @ApiHeader({ name: 'X-WSO2-Tenant', required: false })
  async list(
    @Caller() caller: User,
    @Query('applicationId') applicationId: string | undefined,
    @Query('apiId') apiId: string | undefined,
    @Page(ALL) query: PageQuery,
  ): Promise<WebhookSubscriptionListDto> {
    if (!applicationId) throw ApplicationIdMissing();
    const { id } = await this.applications.get(caller, applicationId);
    const { items, total } = apiId && !isUUID(apiId) ? NOTHING : await this.webhooks.list(id, apiId || undefined, query);
    const list = items.map(toWebhookSubscriptionDto);
    return { ...page(list, total, query), list };
  }
}

/** No API has an id of another form. */
const NOTHING = { items: [], total: 0 };
