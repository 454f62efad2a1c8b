import { Body, Get, Headers, HttpCode, Param, Post, Put, UploadedFiles } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Problem } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { IfMatch, type Precondition } from '../../platform/http/if-match.js';
import { created, Reply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import { Upload, type UploadedFields } from '../../platform/http/upload.js';
import { toApiDto } from '../apis.mapper.js';
import { APIDto } from '../dto/api.dto.js';
import { WSDLInfoDto } from '../dto/api-parts.dto.js';
import { ImportWSDLDefinitionForm, UpdateWSDLForm, ValidateWSDLDefinitionForm, WSDLValidationResponseDto } from './wsdl.dto.js';
import { toInvalidWsdl, toValidWsdl } from './wsdl.mapper.js';
import { WsdlMissing } from './wsdl.problems.js';
import { WsdlImports } from './wsdl-imports.service.js';
import { WsdlReader, type WsdlSource } from './wsdl-reader.js';
import { fingerprint, wsdlReply } from './wsdl-reply.js';
import { fileNameOf, WsdlsService } from './wsdls.service.js';

@PublisherController('apis')
export class WsdlPublisherController {
  constructor(
    private readonly wsdls: WsdlsService,
    private readonly imports: WsdlImports,
    private readonly reader: WsdlReader,
  ) {}

  @Post('import-wsdl')
  @Scopes('apim:api_create', 'apim:api_manage')
  @ApiOperation({ operationId: 'importWSDLDefinition' })
  @ApiCreatedResponse({ type: APIDto })
  @ApiTags('APIs')
  @Upload('file')
  @ApiBody({ type: ImportWSDLDefinitionForm })
  async importWSDLDefinition(
    @Caller() caller: User,
    @UploadedFiles() files: UploadedFields | undefined,
    @Body() form: ImportWSDLDefinitionForm,
  ): Promise<Reply<APIDto>> {
    const api = await this.imports.fromWsdl(caller, sourceOf(files, form), form.additionalProperties, form.implementationType);
    return created(`/apis/${api.id}`, toApiDto(api));
  }

  @Post('validate-wsdl')
  @Scopes('apim:api_create', 'apim:api_manage')
  @ApiOperation({ operationId: 'validateWSDLDefinition' })
  @ApiTags('Validation')
  @Upload('file')
  @ApiBody({ type: ValidateWSDLDefinitionForm })
  @HttpCode(200)
  async validateWSDLDefinition(
    @UploadedFiles() files: UploadedFields | undefined,
    @Body() form: ValidateWSDLDefinitionForm,
  ): Promise<WSDLValidationResponseDto> {
    const source = sourceOf(files, form);
    if (source.file === undefined && !source.url) throw WsdlMissing();
    try {
      return toValidWsdl((await this.reader.given(source)).info);
    } catch (err) {
      // A WSDL that cannot be had is a finding like any other.
      if (err instanceof Problem) return toInvalidWsdl(err);
      throw err;
    }
  }

  @Get(':apiId/wsdl-info')
  @Scopes('apim:api_view', 'apim:api_manage')
  @ApiOperation({ operationId: 'getWSDLInfoOfAPI' })
  @ApiTags('APIs')
  async getWSDLInfoOfAPI(@Param('apiId') apiId: string, @Caller() caller: User): Promise<WSDLInfoDto> {
    return { type: (await this.wsdls.get(caller, apiId)).wsdl.type };
  }

  @Get(':apiId/wsdl')
  @Scopes('apim:api_view', 'apim:api_manage')
  @ApiOperation({ operationId: 'getWSDLOfAPI' })
  @ApiTags('APIs')
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getWSDLOfAPI(
    @Param('apiId') apiId: string,
    @Caller() caller: User,
    @Headers('if-none-match') known: string | undefined,
  ): Promise<Reply<never>> {
    const { api, wsdl } = await this.wsdls.get(caller, apiId);
    return wsdlReply(wsdl, fileNameOf(api, wsdl.type), known);
  }

  @Put(':apiId/wsdl')
  @Scopes('apim:api_create', 'apim:api_manage')
  @ApiOperation({ operationId: 'updateWSDLOfAPI' })
  @ApiTags('APIs')
  @ApiOkResponse()
  @ApiHeader({ name: 'If-Match', required: false })
  @Upload('file')
  @ApiBody({ type: UpdateWSDLForm })
  async updateWSDLOfAPI(
    @Param('apiId') apiId: string,
    @Caller() caller: User,
    @IfMatch() unchanged: Precondition,
    @UploadedFiles() files: UploadedFields | undefined,
    @Body() form: UpdateWSDLForm,
  ): Promise<Reply<never>> {
    await this.wsdls.checkTaking(caller, apiId);
    const { wsdl } = await this.reader.given(sourceOf(files, form));
    await this.wsdls.replace(caller, apiId, wsdl, (current) => unchanged(() => fingerprint(current)));
    return new Reply<never>(200);
  }
}

const sourceOf = (files: UploadedFields | undefined, { url }: { readonly url?: string }): WsdlSource => {
  const file = files?.['file']?.[0];
  return { file: file && { name: file.originalname, content: file.buffer }, url };
};
