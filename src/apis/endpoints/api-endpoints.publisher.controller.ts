import { Body, Delete, Get, Param, Post, Put } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation } from '@nestjs/swagger';
import { apiRef } from '../../domain/api.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { IfMatch, type Precondition } from '../../platform/http/if-match.js';
import { Page, Paged, type PageQuery, page } from '../../platform/http/page.js';
import { created, type Reply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import { APIEndpointDto, APIEndpointListDto } from './api-endpoints.dto.js';
import { toApiEndpointDto } from './api-endpoints.mapper.js';
import { ApiEndpointsService } from './api-endpoints.service.js';
import { EndpointViews } from './endpoint-views.js';

const WRITE = ['apim:api_create', 'apim:api_manage', 'apim:api_publish', 'apim:api_import_export'] as const;
const READ = ['apim:api_view', ...WRITE] as const;

@PublisherController('apis/:apiId/endpoints', 'API Endpoints')
export class ApiEndpointsPublisherController {
  constructor(
    private readonly endpoints: ApiEndpointsService,
    private readonly views: EndpointViews,
  ) {}

  @Get()
  @Scopes(...READ)
  @ApiOperation({ operationId: 'getApiEndpoints' })
  @Paged()
  async getApiEndpoints(@Param('apiId') apiId: string, @Page() window: PageQuery, @Caller() caller: User): Promise<APIEndpointListDto> {
    const { items, total } = await this.endpoints.list(caller, apiRef(apiId), window);
    return page(items.map(toApiEndpointDto(await this.views.of(caller))), total, window);
  }

  @Post()
  @Scopes(...WRITE)
  @ApiOperation({ operationId: 'addApiEndpoint' })
  @ApiCreatedResponse({ type: APIEndpointDto })
  async addApiEndpoint(
    @Param('apiId') apiId: string,
    @Body() body: APIEndpointDto,
    @Caller() caller: User,
  ): Promise<Reply<APIEndpointDto>> {
    const endpoint = await this.endpoints.create(caller, apiRef(apiId), body);
    return created(`/apis/${apiId}/endpoints/${endpoint.id}`, toApiEndpointDto(await this.views.of(caller))(endpoint));
  }

  @Get(':endpointId')
  @Scopes(...READ)
  @ApiOperation({ operationId: 'getApiEndpoint' })
  async getApiEndpoint(
    @Param('apiId') apiId: string,
    @Param('endpointId') endpointId: string,
    @Caller() caller: User,
  ): Promise<APIEndpointDto> {
    const shown = toApiEndpointDto(await this.views.of(caller));
    return shown(await this.endpoints.get(caller, apiRef(apiId), endpointId));
  }

  @Put(':endpointId')
  @Scopes(...WRITE)
  @ApiOperation({ operationId: 'updateApiEndpoint' })
  async updateApiEndpoint(
    @Param('apiId') apiId: string,
    @Param('endpointId') endpointId: string,
    @IfMatch() unchanged: Precondition,
    @Body() body: APIEndpointDto,
    @Caller() caller: User,
  ): Promise<APIEndpointDto> {
    const shown = toApiEndpointDto(await this.views.of(caller));
    return shown(await this.endpoints.update(caller, apiRef(apiId), endpointId, body, (current) => unchanged(shown(current))));
  }

  @Delete(':endpointId')
  @Scopes(...WRITE)
  @ApiOperation({ operationId: 'deleteApiEndpoint' })
  async deleteApiEndpoint(
    @Param('apiId') apiId: string,
    @Param('endpointId') endpointId: string,
    @IfMatch() unchanged: Precondition,
    @Caller() caller: User,
  ): Promise<void> {
    const shown = toApiEndpointDto(await this.views.of(caller));
    await this.endpoints.remove(caller, apiRef(apiId), endpointId, (current) => unchanged(shown(current)));
  }
}
