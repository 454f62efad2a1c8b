import { Delete } from '@nestjs/common';
import type { User } from '../domain/user.js';
import { Caller } from '../platform/http/caller.js';
import { GatehouseController } from '../platform/http/controllers.js';
import { Scopes } from '../platform/http/scopes.js';
import { TenantThemesService } from './tenant-themes.service.js';

/** What the product's contract lacks: a way back to the portal's own look. */
@GatehouseController('tenant-theme', 'Tenant theme')
export class TenantThemeGatehouseController {
  constructor(private readonly themes: TenantThemesService) {}

  @Delete()
  @Scopes('apim:admin', 'apim:tenant_theme_manage')
  async removeTenantTheme(@Caller() { organization }: User): Promise<void> {
    await this.themes.remove(organization);
  }
}
