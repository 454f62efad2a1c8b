import { Get, Put, UploadedFiles } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiProduces } from '@nestjs/swagger';
import type { User } from '../domain/user.js';
import { Caller } from '../platform/http/caller.js';
import { AdminController } from '../platform/http/controllers.js';
import type { Reply } from '../platform/http/reply.js';
import { Scopes } from '../platform/http/scopes.js';
import { type UploadedFields, UploadUpTo } from '../platform/http/upload.js';
import { TenantThemesService } from './tenant-themes.service.js';
import { THEME_BYTES_MAX, themeReply, uploadedTheme } from './theme-archive.js';
import { ThemeForm } from './themes.dto.js';

@AdminController('tenant-theme', 'Tenant Theme')
@Scopes('apim:admin', 'apim:tenant_theme_manage')
export class TenantThemeAdminController {
  constructor(private readonly themes: TenantThemesService) {}

  @Get()
  @ApiOperation({ operationId: 'exportTenantTheme' })
  @ApiProduces('application/zip')
  async exportTenantTheme(@Caller() { organization }: User): Promise<Reply<never>> {
    return themeReply(await this.themes.content(organization), `${organization}-theme.zip`);
  }

  @Put()
  @ApiOperation({ operationId: 'importTenantTheme' })
  @UploadUpTo(THEME_BYTES_MAX, 'file')
  @ApiBody({ type: ThemeForm })
  async importTenantTheme(@Caller() { organization }: User, @UploadedFiles() files: UploadedFields | undefined): Promise<void> {
    await this.themes.replace(organization, uploadedTheme(files));
  }
}
