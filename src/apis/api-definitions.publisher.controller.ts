import { Body, Get, HttpCode, Param, Post, Put, Query, UploadedFiles } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiHeader, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { found, Problem } from '../domain/problem.js';
import type { User } from '../domain/user.js';
import { Caller } from '../platform/http/caller.js';
import { PublisherController } from '../platform/http/controllers.js';
import { IfMatch, type Precondition } from '../platform/http/if-match.js';
import { Page, Paged, type PageQuery, page } from '../platform/http/page.js';
import { created, type Reply, textReply } from '../platform/http/reply.js';
import { Scopes } from '../platform/http/scopes.js';
import { Upload, type UploadedFields } from '../platform/http/upload.js';
import { ApiImports } from './api-imports.service.js';
import { toApiDto } from './apis.mapper.js';
import { ApisService } from './apis.service.js';
import { hasDefinition } from './definitions/definition-texts.service.js';
import { toValidationResponse } from './definitions/definitions.mapper.js';
import { DefinitionMissing, DefinitionNotFound } from './definitions/definitions.problems.js';
import { Definitions } from './definitions/definitions.service.js';
import { ResourcePathListDto } from './definitions/resource-paths.dto.js';
import { APIDto } from './dto/api.dto.js';
import {
  ImportOpenAPIDefinitionForm,
  OpenAPIDefinitionValidationResponseDto,
  UpdateAPISwaggerForm,
  ValidateOpenAPIDefinitionForm,
} from './dto/openapi.dto.js';

const JSON_TYPE = 'application/json';

@PublisherController('apis')
export class ApiDefinitionsPublisherController {
  constructor(
    private readonly apis: ApisService,
    private readonly imports: ApiImports,
    private readonly definitions: Definitions,
  ) {}

  @Post('import-openapi')
  @Scopes('apim:api_create', 'apim:api_manage')
  @ApiOperation({ operationId: 'importOpenAPIDefinition' })
  @ApiCreatedResponse({ type: APIDto })
  @ApiTags('APIs')
  @Upload('file')
  @ApiBody({ type: ImportOpenAPIDefinitionForm })
  async importOpenAPIDefinition(
    @Caller() caller: User,
    @UploadedFiles() files: UploadedFields | undefined,
    @Body() form: ImportOpenAPIDefinitionForm,
  ): Promise<Reply<APIDto>> {
    const sources = { file: fileOf(files), url: form.url, inline: form.inlineAPIDefinition };
    const api = await this.imports.fromOpenApi(caller, sources, form.additionalProperties);
    return created(`/apis/${api.id}`, toApiDto(api));
  }

  @Post('validate-openapi')
  @Scopes('apim:api_create', 'apim:api_manage')
  @ApiOperation({ operationId: 'validateOpenAPIDefinition' })
  @ApiTags('Validation')
  @ApiQuery({ name: 'returnContent', required: false, schema: { type: 'boolean', default: false } })
  @Upload('file')
  @ApiBody({ type: ValidateOpenAPIDefinitionForm })
  @HttpCode(200)
  async validateOpenAPIDefinition(
    @Query('returnContent') returnContent: string | undefined,
    @UploadedFiles() files: UploadedFields | undefined,
    @Body() form: ValidateOpenAPIDefinitionForm,
  ): Promise<OpenAPIDefinitionValidationResponseDto> {
    const sources = { file: fileOf(files), url: form.url, inline: form.inlineAPIDefinition };
    if (!hasDefinition(sources)) throw DefinitionMissing();
    try {
      const text = await this.definitions.textOf(sources);
      return toValidationResponse(await this.definitions.read(text), returnContent === 'true' ? text : null);
    } catch (err) {
      // A definition that cannot be had is a finding like any other.
      if (err instanceof Problem) {
        return toValidationResponse(
          { valid: false, findings: [{ code: err.code, message: err.title, description: err.description }] },
          null,
        );
      }
      throw err;
    }
  }

  @Get(':apiId/resource-paths')
  @Scopes('apim:api_view', 'apim:api_manage')
  @ApiOperation({ operationId: 'getAPIResourcePaths' })
  @ApiTags('APIs')
  @Paged()
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getAPIResourcePaths(
    @Param('apiId') apiId: string,
    @Page() window: PageQuery,
    @Caller() caller: User,
  ): Promise<ResourcePathListDto> {
    const { operations } = (await this.apis.get(caller, apiId)).details;
    const shown = operations.slice(window.offset, window.offset + window.limit);
    const paths = shown.map(({ target, verb }, index) => ({ id: window.offset + index + 1, resourcePath: target, httpVerb: verb }));
    return page(paths, operations.length, window);
  }

  @Get(':apiId/swagger')
  @Scopes('apim:api_view', 'apim:api_manage', 'apim:api_definition_view')
  @ApiOperation({ operationId: 'getAPISwagger' })
  @ApiTags('APIs')
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getAPISwagger(@Param('apiId') apiId: string, @Caller() caller: User): Promise<Reply<string>> {
    return textReply(JSON_TYPE, found(await this.apis.definition(caller, apiId), DefinitionNotFound, apiId));
  }

  @Put(':apiId/swagger')
  @Scopes('apim:api_create', 'apim:api_manage')
  @ApiOperation({ operationId: 'updateAPISwagger' })
  @ApiTags('APIs')
  @ApiHeader({ name: 'If-Match', required: false })
  @Upload('file')
  @ApiBody({ type: UpdateAPISwaggerForm })
  async updateAPISwagger(
    @Param('apiId') apiId: string,
    @Caller() caller: User,
    @IfMatch() unchanged: Precondition,
    @UploadedFiles() files: UploadedFields | undefined,
    @Body() form: UpdateAPISwaggerForm,
  ): Promise<Reply<string>> {
    await this.apis.get(caller, apiId);
    const text = await this.definitions.textOf({ file: fileOf(files), url: form.url, inline: form.apiDefinition });
    const definition = await this.definitions.readValid(text);
    return textReply(JSON_TYPE, await this.apis.updateDefinition(caller, apiId, definition, unchanged));
  }
}

const fileOf = (files: UploadedFields | undefined): Buffer | undefined => files?.['file']?.[0]?.buffer;
