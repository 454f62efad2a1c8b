import { Body, Delete, Get, HttpCode, Param, Post, Put, Query, Req } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { BadRequest } from '../domain/problem.js';
import type { User } from '../domain/user.js';
import { Caller } from '../platform/http/caller.js';
import { PublisherController } from '../platform/http/controllers.js';
import { IfMatch, type Precondition } from '../platform/http/if-match.js';
import { Page, Paged, type PageQuery, page } from '../platform/http/page.js';
import { queryText } from '../platform/http/query-text.js';
import { created, gzipReply, type Reply } from '../platform/http/reply.js';
import { Scopes } from '../platform/http/scopes.js';
import { toApiDto, toApiInfoDto } from './apis.mapper.js';
import { ApiNotFound } from './apis.problems.js';
import { ApisQueries } from './apis.queries.js';
import { ApisService } from './apis.service.js';
import { APIDto } from './dto/api.dto.js';
import { APIListDto } from './dto/api-list.dto.js';
import { EndpointViews } from './endpoints/endpoint-views.js';

@PublisherController('apis')
export class ApisPublisherController {
  constructor(
    private readonly apis: ApisService,
    private readonly queries: ApisQueries,
    private readonly views: EndpointViews,
  ) {}

  @Get()
  @Scopes('apim:api_view', 'apim:api_manage', 'apim:api_import_export', 'apim:api_list_view')
  @ApiOperation({ operationId: 'getAllAPIs' })
  @ApiOkResponse({ type: APIListDto })
  @ApiTags('APIs')
  @Paged()
  @ApiQuery({ name: 'query', required: false, type: String })
  @ApiHeader({ name: 'X-WSO2-Tenant', required: false })
  @ApiHeader({ name: 'If-None-Match', required: false })
  @ApiHeader({ name: 'Accept', required: false })
  async getAllAPIs(
    @Caller() caller: User,
    @Page() window: PageQuery,
    @Query('query') query: string | undefined,
    @Req() request: Request,
  ): Promise<APIListDto | Reply<APIListDto>> {
    const { items, total } = await this.queries.list(caller, {
      query: queryText(query) ?? '',
      // Honoured although the contract does not name them (`reference/publisher.md` §21), hence not declared as parameters.
      sortBy: queryText(request.query['sortBy']),
      sortOrder: queryText(request.query['sortOrder']),
      ...window,
    });
    const list = page(items.map(toApiInfoDto), total, window) as APIListDto; // the page's list is readonly
    return request.headers.accept === 'application/gzip' ? gzipReply(list) : list;
  }

  @Post()
  @Scopes('apim:api_create', 'apim:api_manage')
  @ApiOperation({ operationId: 'createAPI' })
  @ApiCreatedResponse({ type: APIDto })
  @ApiTags('APIs')
  @ApiQuery({ name: 'openAPIVersion', required: false, schema: { type: 'string', enum: ['v2', 'v3'], default: 'v3' } })
  async createAPI(
    @Caller() caller: User,
    @Query('openAPIVersion') openAPIVersion: string | undefined,
    @Body() body: APIDto,
  ): Promise<Reply<APIDto>> {
    const api = await this.apis.create(caller, body, { openApiVersion: openAPIVersion?.toLowerCase() === 'v2' ? 'v2' : 'v3' });
    return created(`/apis/${api.id}`, toApiDto(api, await this.views.of(caller)));
  }

  @Post('validate')
  @Scopes('apim:api_create', 'apim:api_manage')
  @ApiOperation({ operationId: 'validateAPI' })
  @ApiTags('Validation')
  @ApiQuery({ name: 'query', required: true, type: String })
  @ApiHeader({ name: 'If-None-Match', required: false })
  @HttpCode(200)
  async validateAPI(@Caller() caller: User, @Query('query') query: string): Promise<void> {
    const text = queryText(query)?.trim();
    if (!text) throw BadRequest('The query must not be empty.');
    const [, field = 'name', value = ''] = /^(?:([^:]*):)?(.*)$/s.exec(text) ?? [];
    // Contexts and versions are not looked up: they are always free. The web clients of the product build on that.
    if (field.toLowerCase() !== 'name' || !(await this.queries.isNameTaken(caller.organization, value.trim()))) throw ApiNotFound(text);
  }

  @Get(':apiId')
  @Scopes('apim:api_view', 'apim:api_manage', 'apim:api_import_export', 'apim:api_product_import_export')
  @ApiOperation({ operationId: 'getAPI' })
  @ApiTags('APIs')
  @ApiHeader({ name: 'X-WSO2-Tenant', required: false })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getAPI(@Param('apiId') apiId: string, @Caller() caller: User): Promise<APIDto> {
    return toApiDto(await this.apis.get(caller, apiId), await this.views.of(caller));
  }

  @Put(':apiId')
  @Scopes('apim:api_create', 'apim:api_manage', 'apim:api_publish')
  @ApiOperation({ operationId: 'updateAPI' })
  @ApiTags('APIs')
  @ApiHeader({ name: 'If-Match', required: false })
  async updateAPI(
    @Param('apiId') apiId: string,
    @Caller() caller: User,
    @IfMatch() unchanged: Precondition,
    @Body() body: APIDto,
  ): Promise<APIDto> {
    const shown = await this.views.of(caller);
    return toApiDto(await this.apis.update(caller, apiId, body, (current) => unchanged(() => toApiDto(current, shown))), shown);
  }

  @Delete(':apiId')
  @Scopes('apim:api_delete', 'apim:api_manage', 'apim:api_import_export')
  @ApiOperation({ operationId: 'deleteAPI' })
  @ApiTags('APIs')
  @ApiHeader({ name: 'If-Match', required: false })
  async deleteAPI(@Param('apiId') apiId: string, @Caller() caller: User, @IfMatch() unchanged: Precondition): Promise<void> {
    const shown = await this.views.of(caller);
    await this.apis.remove(caller, apiId, (current) => unchanged(() => toApiDto(current, shown)));
  }
}
