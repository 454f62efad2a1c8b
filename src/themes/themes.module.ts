import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { OrgThemeEntity } from './org-theme.entity.js';
import { OrgThemesAdminController } from './org-themes.admin.controller.js';
import { OrgThemesService } from './org-themes.service.js';
import { TenantThemeAdminController } from './tenant-theme.admin.controller.js';
import { TenantThemeEntity } from './tenant-theme.entity.js';
import { TenantThemeGatehouseController } from './tenant-theme.gatehouse.controller.js';
import { TenantThemesService } from './tenant-themes.service.js';

/** The looks that tenants give to the developer portal. */
@Module({
  imports: [TypeOrmModule.forFeature([TenantThemeEntity, OrgThemeEntity])],
  controllers: [TenantThemeAdminController, TenantThemeGatehouseController, OrgThemesAdminController],
  providers: [TenantThemesService, OrgThemesService],
})
export class ThemesModule {}
