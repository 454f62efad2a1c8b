import { Body, Delete, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiQuery } from '@nestjs/swagger';
import type { Application } from '../domain/application.js';
import type { User } from '../domain/user.js';
import { Caller } from '../platform/http/caller.js';
import { DevportalController } from '../platform/http/controllers.js';
import { IfMatch, type Precondition } from '../platform/http/if-match.js';
import { Page, Paged, type PageQuery, page } from '../platform/http/page.js';
import { queryText } from '../platform/http/query-text.js';
import { created, Reply } from '../platform/http/reply.js';
import { Scopes } from '../platform/http/scopes.js';
import { SubscriptionReads } from '../subscriptions/subscription-reads.js';
import { waits } from '../workflows/workflow-response.dto.js';
import { ApplicationDetails } from './application-details.js';
import { ApplicationDto, ApplicationListDto, ApplicationThrottleResetDto } from './applications.dto.js';
import { fromApplicationDto, toApplicationDto, toApplicationInfoDto } from './applications.mapper.js';
import { sortingOf } from './applications.queries.js';
import { ApplicationsService } from './applications.service.js';
import { QuotaResetsService } from './quota-resets.service.js';

@DevportalController('applications', 'Applications')
export class ApplicationsDevportalController {
  constructor(
    private readonly applications: ApplicationsService,
    private readonly details: ApplicationDetails,
    private readonly subscriptions: SubscriptionReads,
    private readonly quotaResets: QuotaResetsService,
  ) {}

  @Get()
  @Scopes('apim:subscribe', 'apim:app_manage', 'apim:app_import_export')
  @Paged()
  @ApiQuery({ name: 'groupId', required: false, type: String })
  @ApiQuery({ name: 'query', required: false, type: String })
  @ApiQuery({ name: 'sortBy', required: false, schema: { type: 'string', enum: ['name', 'throttlingPolicy', 'status'] } })
  @ApiQuery({ name: 'sortOrder', required: false, schema: { type: 'string', enum: ['asc', 'desc'] } })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async list(
    @Caller() caller: User,
    @Page() query: PageQuery,
    @Query('query') text: unknown,
    @Query('groupId') group: unknown,
    @Query('sortBy') sortBy: string | undefined,
    @Query('sortOrder') sortOrder: string | undefined,
  ): Promise<ApplicationListDto> {
    const { limit, offset } = query;
    const [name = '', groupId = ''] = [queryText(text), queryText(group)];
    const { items, total } = await this.applications.list(caller, { limit, offset, name, groupId, ...sortingOf(sortBy, sortOrder) });
    const ids = items.map(({ id }) => id);
    const counts = await this.subscriptions.countByApplications(caller.organization, ids);
    const list = items.map((application) => toApplicationInfoDto(application, counts.get(application.id) ?? 0));
    return { ...page(list, total, query), list };
  }

  @Post()
  @Scopes('apim:subscribe', 'apim:app_manage')
  @ApiCreatedResponse({ type: ApplicationDto })
  async create(@Caller() caller: User, @Body() body: ApplicationDto): Promise<Reply<ApplicationDto>> {
    const application = await this.applications.create(caller, fromApplicationDto(body));
    return created(`/applications/${application.id}`, await this.whole(application));
  }

  @Get(':applicationId')
  @Scopes('apim:subscribe', 'apim:app_manage')
  @ApiHeader({ name: 'If-None-Match', required: false })
  @ApiHeader({ name: 'X-WSO2-Tenant', required: false })
  async get(@Param('applicationId') id: string, @Caller() caller: User): Promise<ApplicationDto> {
    return this.whole(await this.applications.get(caller, id));
  }

  @Put(':applicationId')
  @Scopes('apim:subscribe', 'apim:app_manage')
  @ApiHeader({ name: 'If-Match', required: false })
  async update(
    @Param('applicationId') id: string,
    @Caller() caller: User,
    @Body() body: ApplicationDto,
    @IfMatch() precondition: Precondition,
  ): Promise<ApplicationDto> {
    const details = await this.details.of(await this.applications.get(caller, id, 'edit'));
    const expects = (current: Application) => precondition(toApplicationDto(current, details));
    return toApplicationDto(await this.applications.update(caller, id, fromApplicationDto(body), expects), details);
  }

  @Delete(':applicationId')
  @Scopes('apim:subscribe', 'apim:app_manage', 'apim:app_import_export')
  @ApiHeader({ name: 'If-Match', required: false })
  async remove(@Param('applicationId') id: string, @Caller() caller: User, @IfMatch() precondition: Precondition): Promise<Reply> {
    const details = await this.details.of(await this.applications.get(caller, id, 'own'));
    const answer = await this.applications.remove(caller, id, (current) => precondition(toApplicationDto(current, details)));
    return answer === 'now' ? new Reply(200) : created(`/applications/${id}`, waits(await this.applications.redirection(id)));
  }

  @Post(':applicationId/reset-throttle-policy')
  @HttpCode(200)
  @Scopes('apim:app_manage', 'apim:subscribe')
  async resetThrottlePolicy(
    @Param('applicationId') id: string,
    @Caller() caller: User,
    @Body() body: ApplicationThrottleResetDto,
  ): Promise<void> {
    await this.quotaResets.reset(caller, id, body.userName ?? '');
  }

  private async whole(application: Application): Promise<ApplicationDto> {
    return toApplicationDto(application, await this.details.of(application));
  }
}
