import { Get, Headers, Param, Put, UploadedFiles } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { apiRef } from '../../domain/api.js';
import { BadRequest } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { IfMatch, type Precondition } from '../../platform/http/if-match.js';
import { created, type Reply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import { type UploadedFields, UploadUpTo } from '../../platform/http/upload.js';
import { PICTURE_BYTES_MAX } from './picture.js';
import { fingerprint, thumbnailReply } from './thumbnail-reply.js';
import { FileInfoDto, UpdateAPIThumbnailForm } from './thumbnails.dto.js';
import { ThumbnailTooLarge } from './thumbnails.problems.js';
import { ThumbnailsService } from './thumbnails.service.js';

@PublisherController('apis', 'APIs')
export class ThumbnailsPublisherController {
  constructor(private readonly thumbnails: ThumbnailsService) {}

  @Get(':apiId/thumbnail')
  @Scopes('apim:api_view', 'apim:api_manage')
  @ApiOperation({ operationId: 'getAPIThumbnail' })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getAPIThumbnail(
    @Param('apiId') apiId: string,
    @Caller() caller: User,
    @Headers('if-none-match') known: string | undefined,
  ): Promise<Reply<never>> {
    return thumbnailReply(await this.thumbnails.get(caller, apiRef(apiId)), known);
  }

  @Put(':apiId/thumbnail')
  @Scopes('apim:api_create', 'apim:api_manage', 'apim:api_publish')
  @ApiOperation({ operationId: 'updateAPIThumbnail' })
  @ApiOkResponse({ type: FileInfoDto })
  @ApiHeader({ name: 'If-Match', required: false })
  @UploadUpTo(PICTURE_BYTES_MAX, 'file', ThumbnailTooLarge)
  @ApiBody({ type: UpdateAPIThumbnailForm })
  async updateAPIThumbnail(
    @Param('apiId') apiId: string,
    @Caller() caller: User,
    @IfMatch() unchanged: Precondition,
    @UploadedFiles() files: UploadedFields | undefined,
  ): Promise<Reply<FileInfoDto>> {
    const file = files?.['file']?.[0];
    if (!file) throw BadRequest('Validation Error').withFindings([{ code: '400_file', message: 'file: must not be null' }]);
    const picture = { name: file.originalname, content: file.buffer };
    const { mediaType } = await this.thumbnails.replace(caller, apiRef(apiId), picture, (current) => unchanged(fingerprint(current)));
    const relativePath = `/apis/${apiId}/thumbnail`;
    return created(relativePath, { relativePath, mediaType });
  }
}
