import { Body, Delete, Get, HttpCode, Param, Post, Query, StreamableFile, UploadedFiles } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiProduces, ApiQuery } from '@nestjs/swagger';
import { apiRef } from '../../domain/api.js';
import { BadRequest } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import { Reply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import { type UploadedFields, UploadUpTo } from '../../platform/http/upload.js';
import { ContentPublishStatusDto, type ContentPublishStatusResponseDto, ImportApiThemeForm } from './api-themes.dto.js';
import { ApiThemesService } from './api-themes.service.js';

const BYTES_MAX = 5 * 1_048_576;
const SCOPES = ['apim:api_view', 'apim:api_manage'] as const;

@PublisherController('apis/:apiId/api-themes')
export class ApiThemesPublisherController {
  constructor(private readonly themes: ApiThemesService) {}

  @Get()
  @Scopes(...SCOPES)
  @ApiOperation({ operationId: 'getApiThemes' })
  @ApiQuery({ name: 'publish', required: false, type: Boolean })
  async getApiThemes(
    @Param('apiId') apiId: string,
    @Query('publish') publish: unknown,
    @Caller() caller: User,
  ): Promise<ContentPublishStatusResponseDto[]> {
    const themes = await this.themes.list(caller, apiRef(apiId), flagOf(publish));
    return themes.map(({ id, published }) => ({ id, published }));
  }

  @Post()
  @Scopes(...SCOPES)
  @ApiOperation({ operationId: 'importApiTheme' })
  @HttpCode(200)
  @UploadUpTo(BYTES_MAX, 'file')
  @ApiBody({ type: ImportApiThemeForm })
  async importApiTheme(
    @Param('apiId') apiId: string,
    @UploadedFiles() files: UploadedFields | undefined,
    @Caller() caller: User,
  ): Promise<void> {
    const file = files?.['file']?.[0];
    if (!file) throw BadRequest('Validation Error').withFindings([{ code: '400_file', message: 'file: must not be null' }]);
    await this.themes.importDraft(caller, apiRef(apiId), file.buffer);
  }

  @Get(':id/content')
  @Scopes(...SCOPES)
  @ApiOperation({ operationId: 'getApiThemeContent' })
  @ApiProduces('application/zip')
  async getApiThemeContent(@Param('apiId') apiId: string, @Param('id') id: string, @Caller() caller: User): Promise<Reply<never>> {
    const content = await this.themes.content(caller, apiRef(apiId), id);
    const disposition = 'attachment; filename="api-theme.zip"';
    return new Reply<never>(200, new StreamableFile(content, { type: 'application/zip', length: content.length, disposition }));
  }

  @Post(':id/status')
  @Scopes(...SCOPES)
  @ApiOperation({ operationId: 'updateApiThemeStatus' })
  @HttpCode(200)
  async updateApiThemeStatus(
    @Param('apiId') apiId: string,
    @Param('id') id: string,
    @Body() { action }: ContentPublishStatusDto,
    @Caller() caller: User,
  ): Promise<void> {
    await this.themes.act(caller, apiRef(apiId), id, action);
  }

  @Delete(':id')
  @Scopes(...SCOPES)
  @ApiOperation({ operationId: 'deleteApiTheme' })
  async deleteApiTheme(@Param('apiId') apiId: string, @Param('id') id: string, @Caller() caller: User): Promise<void> {
    await this.themes.remove(caller, apiRef(apiId), id);
  }
}

/** Undefined when it is not asked for. @throws BadRequest (400) for what is neither true nor false. */
const flagOf = (text: unknown): boolean | undefined => {
  if (text === undefined || text === '') return undefined;
  if (text !== 'true' && text !== 'false') throw BadRequest('Invalid value for the query parameter publish');
  return text === 'true';
};
