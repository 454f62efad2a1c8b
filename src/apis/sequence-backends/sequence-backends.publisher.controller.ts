import { Body, Delete, Get, Param, Put, UploadedFiles } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiProduces } from '@nestjs/swagger';
import { apiRef } from '../../domain/api.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { IfMatch, type Precondition } from '../../platform/http/if-match.js';
import { type Reply, textReply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import { type UploadedFields, UploadUpTo } from '../../platform/http/upload.js';
import { toApiDto } from '../apis.mapper.js';
import type { APIDto } from '../dto/api.dto.js';
import { EndpointViews } from '../endpoints/endpoint-views.js';
import { SEQUENCE_BYTES_MAX } from './sequence.js';
import type { SequenceBackendEntity } from './sequence-backend.entity.js';
import { type SequenceBackendDto, SequenceBackendListDto, UpdateSequenceBackendForm } from './sequence-backends.dto.js';
import { SequenceBackendsService } from './sequence-backends.service.js';

const READ = ['apim:api_view', 'apim:api_manage', 'apim:api_import_export', 'apim:api_product_import_export'] as const;

@PublisherController('apis/:apiId/sequence-backend', 'APIs')
export class SequenceBackendsPublisherController {
  constructor(
    private readonly sequences: SequenceBackendsService,
    private readonly views: EndpointViews,
  ) {}

  @Get()
  @Scopes(...READ)
  @ApiOperation({ operationId: 'getSequenceBackendData' })
  async getSequenceBackendData(@Param('apiId') apiId: string, @Caller() caller: User): Promise<SequenceBackendListDto> {
    const list = (await this.sequences.list(caller, apiRef(apiId))).map(toSequenceBackendDto);
    return { count: list.length, list };
  }

  @Put()
  @Scopes('apim:api_create', 'apim:api_manage', 'apim:api_publish')
  @ApiOperation({ operationId: 'sequenceBackendUpdate' })
  @UploadUpTo(SEQUENCE_BYTES_MAX, 'sequence')
  @ApiBody({ type: UpdateSequenceBackendForm, required: false })
  async sequenceBackendUpdate(
    @Param('apiId') apiId: string,
    @IfMatch() unchanged: Precondition,
    @UploadedFiles() files: UploadedFields | undefined,
    @Body() form: UpdateSequenceBackendForm,
    @Caller() caller: User,
  ): Promise<APIDto> {
    const shown = await this.views.of(caller);
    const sent = { type: form.type, file: files?.['sequence']?.[0] };
    return toApiDto(await this.sequences.put(caller, apiRef(apiId), sent, (current) => unchanged(toApiDto(current, shown))), shown);
  }

  @Delete(':type')
  @Scopes('apim:api_delete', 'apim:api_manage', 'apim:api_import_export')
  @ApiOperation({ operationId: 'sequenceBackendDelete' })
  @ApiParam({ name: 'type', schema: { type: 'string', maxLength: 15 } })
  async sequenceBackendDelete(@Param('apiId') apiId: string, @Param('type') type: string, @Caller() caller: User): Promise<void> {
    await this.sequences.remove(caller, apiRef(apiId), type);
  }

  @Get(':type/content')
  @Scopes(...READ)
  @ApiOperation({ operationId: 'getSequenceBackendContent' })
  @ApiParam({ name: 'type', schema: { type: 'string', maxLength: 15 } })
  @ApiProduces('application/xml')
  async getSequenceBackendContent(
    @Param('apiId') apiId: string,
    @Param('type') type: string,
    @Caller() caller: User,
  ): Promise<Reply<string>> {
    return textReply('application/xml', (await this.sequences.get(caller, apiRef(apiId), type)).content);
  }
}

const toSequenceBackendDto = ({ apiId, type, content }: SequenceBackendEntity): SequenceBackendDto => ({
  sequenceId: `${apiId}-${type}`,
  sequenceName: `${apiId}-${type}`,
  sequenceType: type,
  sequence: content,
});
