import { Get, Headers, Param, Put, UploadedFiles } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { productRef } from '../../domain/api.js';
import { BadRequest } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { IfMatch, type Precondition } from '../../platform/http/if-match.js';
import { created, type Reply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import { Upload, type UploadedFields } from '../../platform/http/upload.js';
import { fingerprint, thumbnailReply } from '../thumbnails/thumbnail-reply.js';
import { FileInfoDto, UpdateAPIThumbnailForm } from '../thumbnails/thumbnails.dto.js';
import { ThumbnailsService } from '../thumbnails/thumbnails.service.js';

@PublisherController('api-products/:apiProductId/thumbnail', 'API Products')
export class ProductThumbnailsPublisherController {
  constructor(private readonly thumbnails: ThumbnailsService) {}

  @Get()
  @Scopes('apim:api_view', 'apim:api_publish', 'apim:api_manage')
  @ApiOperation({ operationId: 'getAPIProductThumbnail' })
  @ApiHeader({ name: 'Accept', required: false })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async getAPIProductThumbnail(
    @Param('apiProductId') id: string,
    @Caller() caller: User,
    @Headers('if-none-match') known: string | undefined,
  ): Promise<Reply<never>> {
    return thumbnailReply(await this.thumbnails.get(caller, productRef(id)), known);
  }

  @Put()
  @Scopes('apim:api_publish', 'apim:api_manage')
  @ApiOperation({ operationId: 'updateAPIProductThumbnail' })
  @ApiOkResponse({ type: FileInfoDto })
  @ApiHeader({ name: 'If-Match', required: false })
  @Upload('file')
  @ApiBody({ type: UpdateAPIThumbnailForm })
  async updateAPIProductThumbnail(
    @Param('apiProductId') id: string,
    @Caller() caller: User,
    @IfMatch() unchanged: Precondition,
    @UploadedFiles() files: UploadedFields | undefined,
  ): Promise<Reply<FileInfoDto>> {
    const file = files?.['file']?.[0];
    if (!file) throw BadRequest('Validation Error').withFindings([{ code: '400_file', message: 'file: must not be null' }]);
    const picture = { name: file.originalname, content: file.buffer };
    const { mediaType } = await this.thumbnails.replace(caller, productRef(id), picture, (current) => unchanged(fingerprint(current)));
    const relativePath = `/api-products/${id}/thumbnail`;
    return created(relativePath, { relativePath, mediaType });
  }
}
