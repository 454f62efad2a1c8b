import { Module } from '@nestjs/common';
import { ConsumerOrganizationsModule } from '../identity/consumer-organizations/consumer-organizations.module.js';
import { IdentityModule } from '../identity/identity.module.js';
import { SystemScopesAdminController } from '../identity/system-scopes/system-scopes.admin.controller.js';
import { SystemScopes } from '../identity/system-scopes/system-scopes.service.js';
import { TenantConfigAdminController } from '../identity/tenant-config/tenant-config.admin.controller.js';
import { CustomUrls } from '../identity/tenants/custom-urls.js';
import { AdminMeController } from './admin-me.controller.js';
import { AdminRolesController } from './admin-roles.controller.js';
import { AdminSettingsController } from './admin-settings.controller.js';

@Module({
  imports: [IdentityModule, ConsumerOrganizationsModule],
  controllers: [AdminSettingsController, AdminRolesController, AdminMeController, TenantConfigAdminController, SystemScopesAdminController],
  providers: [SystemScopes, CustomUrls],
})
export class AdminSettingsModule {}
