import { Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { BadRequest } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { IfMatch, type Precondition } from '../../platform/http/if-match.js';
import { Scopes } from '../../platform/http/scopes.js';
import type { PublishedApi } from './external-store.js';
import { APIExternalStoreListDto, ExternalStoreDto } from './external-stores.dto.js';
import { toAPIExternalStoreListDto, toExternalStoreDto } from './external-stores.mapper.js';
import { ExternalStores } from './external-stores.service.js';

@PublisherController('', 'External Stores')
export class ExternalStoresPublisherController {
  constructor(private readonly stores: ExternalStores) {}

  /** A bare list, although the contract has one store. */
  @Get('external-stores')
  @Scopes('apim:api_view', 'apim:api_manage')
  @ApiOperation({ operationId: 'getAllExternalStores' })
  @ApiOkResponse({ type: ExternalStoreDto })
  async getAllExternalStores(@Caller() caller: User): Promise<ExternalStoreDto[]> {
    return (await this.stores.list(caller)).map(toExternalStoreDto);
  }

  @Get('apis/:apiId/external-stores')
  @Scopes('apim:api_view', 'apim:api_manage')
  @ApiOperation({ operationId: 'getAllPublishedExternalStoresByAPI' })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getAllPublishedExternalStoresByAPI(@Param('apiId') apiId: string, @Caller() caller: User): Promise<APIExternalStoreListDto> {
    return toAPIExternalStoreListDto(await this.stores.of(caller, apiId));
  }

  @Post('apis/:apiId/publish-to-external-stores')
  @Scopes('apim:api_publish', 'apim:api_manage')
  @ApiOperation({ operationId: 'publishAPIToExternalStores' })
  @ApiQuery({ name: 'externalStoreIds', required: false, type: String })
  @ApiHeader({ name: 'If-Match', required: false })
  @ApiOkResponse({ type: APIExternalStoreListDto })
  @HttpCode(200)
  async publishAPIToExternalStores(
    @Param('apiId') apiId: string,
    @Query('externalStoreIds') ids: unknown,
    @IfMatch() precondition: Precondition,
    @Caller() caller: User,
  ): Promise<APIExternalStoreListDto> {
    const unchanged = (before: readonly PublishedApi[]) => precondition(toAPIExternalStoreListDto(before));
    return toAPIExternalStoreListDto(await this.stores.publish(caller, apiId, listed(ids), unchanged));
  }
}

/** Ids with commas between them; none when nothing is said. */
const listed = (ids: unknown): readonly string[] => {
  if (ids === undefined) return [];
  if (typeof ids !== 'string') throw BadRequest('The parameter externalStoreIds may be given once only.');
  return ids
    .split(',')
    .map((id) => id.trim())
    .filter((id) => id !== '');
};
