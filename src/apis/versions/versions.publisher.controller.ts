import { Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOperation, ApiQuery } from '@nestjs/swagger';
import { apiRef } from '../../domain/api.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { created, type Reply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import { validateAs } from '../../platform/http/validation.pipe.js';
import { toApiDto } from '../apis.mapper.js';
import { APIDto } from '../dto/api.dto.js';
import { VersionRequest } from './version-request.js';
import { ServiceVersionNotFound } from './versions.problems.js';
import { VersionsService } from './versions.service.js';

@PublisherController('apis', 'APIs')
export class VersionsPublisherController {
  constructor(private readonly versions: VersionsService) {}

  @Post('copy-api')
  @Scopes('apim:api_create', 'apim:api_manage')
  @ApiOperation({ operationId: 'createNewAPIVersion' })
  @ApiCreatedResponse({ type: APIDto })
  @ApiQuery({ name: 'newVersion', required: true, schema: { type: 'string', maxLength: 30 } })
  @ApiQuery({ name: 'defaultVersion', required: false, schema: { type: 'boolean', default: false } })
  @ApiQuery({ name: 'serviceVersion', required: false, type: String })
  @ApiQuery({ name: 'apiId', required: true, type: String })
  async createNewAPIVersion(
    @Caller() caller: User,
    @Query('apiId') apiId: unknown,
    @Query('newVersion') newVersion: unknown,
    @Query('defaultVersion') defaultVersion: unknown,
    @Query('serviceVersion') serviceVersion: unknown,
  ): Promise<Reply<APIDto>> {
    const request = await validateAs(VersionRequest, { apiId, newVersion, defaultVersion, serviceVersion });
    // No API comes from a service: there is no catalog.
    if (request.serviceVersion) throw ServiceVersionNotFound();
    const isDefaultVersion = request.defaultVersion === 'true';
    const api = await this.versions.copy(caller, apiRef(request.apiId), { version: request.newVersion, isDefaultVersion });
    return created(`/apis/${api.id}`, toApiDto(api));
  }
}
