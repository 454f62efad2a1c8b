import { Body, Delete, Get, HttpCode, Param, Post, Query, UploadedFiles } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiProduces, ApiQuery } from '@nestjs/swagger';
import type { User } from '../domain/user.js';
import { Caller } from '../platform/http/caller.js';
import { AdminController } from '../platform/http/controllers.js';
import type { Reply } from '../platform/http/reply.js';
import { Scopes } from '../platform/http/scopes.js';
import { type UploadedFields, UploadUpTo } from '../platform/http/upload.js';
import { OrgThemesService } from './org-themes.service.js';
import { publishedFlag, THEME_BYTES_MAX, themeReply, uploadedTheme } from './theme-archive.js';
import { ContentPublishStatusDto, type ContentPublishStatusResponseDto, ThemeForm } from './themes.dto.js';

@AdminController('org-themes')
@Scopes('apim:admin', 'apim:tenant_theme_manage')
export class OrgThemesAdminController {
  constructor(private readonly themes: OrgThemesService) {}

  @Get()
  @ApiOperation({ operationId: 'getOrgThemes' })
  @ApiQuery({ name: 'publish', required: false, type: Boolean })
  async getOrgThemes(@Caller() { organization }: User, @Query('publish') publish: unknown): Promise<ContentPublishStatusResponseDto[]> {
    const themes = await this.themes.list(organization, publishedFlag(publish));
    return themes.map(({ id, published }) => ({ id, published }));
  }

  @Post()
  @HttpCode(200)
  @ApiOperation({ operationId: 'importOrgTheme' })
  @UploadUpTo(THEME_BYTES_MAX, 'file')
  @ApiBody({ type: ThemeForm })
  async importOrgTheme(@Caller() { organization }: User, @UploadedFiles() files: UploadedFields | undefined): Promise<void> {
    await this.themes.importDraft(organization, uploadedTheme(files));
  }

  @Get(':id/content')
  @ApiOperation({ operationId: 'getOrgThemeContent' })
  @ApiProduces('application/zip')
  async getOrgThemeContent(@Caller() { organization }: User, @Param('id') id: string): Promise<Reply<never>> {
    return themeReply(await this.themes.content(organization, id), 'org-theme.zip');
  }

  @Post(':id/status')
  @HttpCode(200)
  @ApiOperation({ operationId: 'updateOrgThemeStatus' })
  async updateOrgThemeStatus(
    @Caller() { organization }: User,
    @Param('id') id: string,
    @Body() { action }: ContentPublishStatusDto,
  ): Promise<void> {
    await this.themes.act(organization, id, action);
  }

  @Delete(':id')
  @ApiOperation({ operationId: 'deleteOrgTheme' })
  async deleteOrgTheme(@Caller() { organization }: User, @Param('id') id: string): Promise<void> {
    await this.themes.remove(organization, id);
  }
}
