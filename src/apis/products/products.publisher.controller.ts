import { Body, Delete, Get, Param, Post, Put, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { productRef } from '../../domain/api.js';
import { found } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { IfMatch, type Precondition } from '../../platform/http/if-match.js';
import { Page, Paged, type PageQuery, page } from '../../platform/http/page.js';
import { created, Reply, textReply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import { validateAs } from '../../platform/http/validation.pipe.js';
import { ApisQueries } from '../apis.queries.js';
import { DefinitionNotFound } from '../definitions/definitions.problems.js';
import { VersionsService } from '../versions/versions.service.js';
import { ProductVersionRequest } from './product-version-request.js';
import { APIProductDto, APIProductListDto, APIProductOutdatedStatusDto } from './products.dto.js';
import { toApiProductDto, toApiProductInfoDto } from './products.mapper.js';
import { ProductsService } from './products.service.js';

const READ = ['apim:api_view', 'apim:api_publish', 'apim:api_manage'] as const;
const CHANGE = ['apim:api_publish', 'apim:api_manage'] as const;
const IMPORT_EXPORT = 'apim:api_product_import_export';

@PublisherController('api-products', 'API Products')
export class ProductsPublisherController {
  constructor(
    private readonly products: ProductsService,
    private readonly queries: ApisQueries,
    private readonly versions: VersionsService,
  ) {}

  @Get()
  @Scopes('apim:api_view', 'apim:api_manage')
  @ApiOperation({ operationId: 'getAllAPIProducts' })
  @Paged()
  @ApiQuery({ name: 'query', required: false, type: String })
  @ApiHeader({ name: 'Accept', required: false })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getAllAPIProducts(@Caller() caller: User, @Page() window: PageQuery, @Query('query') query: unknown): Promise<APIProductListDto> {
    // A repeated parameter arrives as a list; the first counts.
    const [text]: readonly unknown[] = [query].flat();
    const asked = { query: typeof text === 'string' ? text : '', sortBy: undefined, sortOrder: undefined, ...window };
    const { items, total } = await this.queries.list(caller, { kind: 'product', ...asked });
    return page(items.map(toApiProductInfoDto), total, window);
  }

  @Post()
  @Scopes(...CHANGE)
  @ApiOperation({ operationId: 'createAPIProduct' })
  @ApiCreatedResponse({ type: APIProductDto })
  async createAPIProduct(@Body() body: APIProductDto, @Caller() caller: User): Promise<Reply<APIProductDto>> {
    const product = await this.products.create(caller, body);
    return created(`/api-products/${product.id}`, toApiProductDto(product));
  }

  @Post('copy-api-products')
  @Scopes(...CHANGE)
  @ApiOperation({ operationId: 'createNewAPIProductVersion' })
  @ApiCreatedResponse({ type: APIProductDto })
  @ApiQuery({ name: 'newVersion', required: true, schema: { type: 'string', maxLength: 30 } })
  @ApiQuery({ name: 'defaultVersion', required: false, schema: { type: 'boolean', default: false } })
  @ApiQuery({ name: 'apiProductId', required: true, type: String })
  async createNewAPIProductVersion(
    @Query('apiProductId') apiProductId: unknown,
    @Query('newVersion') newVersion: unknown,
    @Query('defaultVersion') defaultVersion: unknown,
    @Caller() caller: User,
  ): Promise<Reply<APIProductDto>> {
    const request = await validateAs(ProductVersionRequest, { apiProductId, newVersion, defaultVersion });
    const version = { version: request.newVersion, isDefaultVersion: request.defaultVersion === 'true' };
    const product = await this.versions.copy(caller, productRef(request.apiProductId), version);
    return created(`/api-products/${product.id}`, toApiProductDto(product));
  }

  @Get(':apiProductId')
  @Scopes(...READ, IMPORT_EXPORT)
  @ApiOperation({ operationId: 'getAPIProduct' })
  @ApiHeader({ name: 'Accept', required: false })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getAPIProduct(@Param('apiProductId') id: string, @Caller() caller: User): Promise<APIProductDto> {
    return toApiProductDto(await this.products.get(caller, id));
  }

  @Put(':apiProductId')
  @Scopes(...CHANGE)
  @ApiOperation({ operationId: 'updateAPIProduct' })
  @ApiHeader({ name: 'If-Match', required: false })
  async updateAPIProduct(
    @Param('apiProductId') id: string,
    @IfMatch() unchanged: Precondition,
    @Body() body: APIProductDto,
    @Caller() caller: User,
  ): Promise<APIProductDto> {
    return toApiProductDto(await this.products.update(caller, id, body, (current) => unchanged(toApiProductDto(current))));
  }

  @Delete(':apiProductId')
  @Scopes(...CHANGE, IMPORT_EXPORT)
  @ApiOperation({ operationId: 'deleteAPIProduct' })
  @ApiHeader({ name: 'If-Match', required: false })
  async deleteAPIProduct(@Param('apiProductId') id: string, @IfMatch() unchanged: Precondition, @Caller() caller: User): Promise<void> {
    await this.products.remove(caller, id, (current) => unchanged(toApiProductDto(current)));
  }

  @Get(':apiProductId/swagger')
  @Scopes(...READ)
  @ApiOperation({ operationId: 'getAPIProductSwagger' })
  @ApiHeader({ name: 'Accept', required: false })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getAPIProductSwagger(@Param('apiProductId') id: string, @Caller() caller: User): Promise<Reply<string>> {
    return textReply('application/json', found(await this.products.definition(caller, id), DefinitionNotFound, id));
  }

  /** A product follows its members at once, so it never is; the reference has the answer without a body. */
  @Get(':apiProductId/is-outdated')
  @Scopes(...READ)
  @ApiOperation({ operationId: 'getIsAPIProductOutdated' })
  @ApiOkResponse({ type: APIProductOutdatedStatusDto })
  @ApiHeader({ name: 'Accept', required: false })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getIsAPIProductOutdated(@Param('apiProductId') id: string, @Caller() caller: User): Promise<Reply<never>> {
    await this.products.get(caller, id);
    return new Reply<never>(204);
  }
}
