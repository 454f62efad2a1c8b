import { Body, Delete, Get, HttpCode, Param, Post, Query, UploadedFiles } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiProduces, ApiQuery } from '@nestjs/swagger';
import { apiRef } from '../../domain/api.js';
import type { User } from '../../domain/user.js';
import { Caller } from '../../platform/http/caller.js';
import { PublisherController } from '../../platform/http/controllers.js';
import type { Reply } from '../../platform/http/reply.js';
import { Scopes } from '../../platform/http/scopes.js';
import { type UploadedFields, UploadUpTo } from '../../platform/http/upload.js';
import { publishedFlag, THEME_BYTES_MAX, themeReply, uploadedTheme } from '../../themes/theme-archive.js';
import { ContentPublishStatusDto, type ContentPublishStatusResponseDto, ThemeForm } from '../../themes/themes.dto.js';
import { ApiThemesService } from './api-themes.service.js';

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
    const themes = await this.themes.list(caller, apiRef(apiId), publishedFlag(publish));
    return themes.map(({ id, published }) => ({ id, published }));
  }

  @Post()
  @Scopes(...SCOPES)
  @ApiOperation({ operationId: 'importApiTheme' })
  @HttpCode(200)
  @UploadUpTo(THEME_BYTES_MAX, 'file')
  @ApiBody({ type: ThemeForm })
  async importApiTheme(
    @Param('apiId') apiId: string,
    @UploadedFiles() files: UploadedFields | undefined,
    @Caller() caller: User,
  ): Promise<void> {
    await this.themes.importDraft(caller, apiRef(apiId), uploadedTheme(files));
  }

  @Get(':id/content')
  @Scopes(...SCOPES)
  @ApiOperation({ operationId: 'getApiThemeContent' })
  @ApiProduces('application/zip')
  async getApiThemeContent(@Param('apiId') apiId: string, @Param('id') id: string, @Caller() caller: User): Promise<Reply<never>> {
    return themeReply(await this.themes.content(caller, apiRef(apiId), id), 'api-theme.zip');
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
