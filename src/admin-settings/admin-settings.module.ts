import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity/identity.module.js';
import { AdminMeController } from './admin-me.controller.js';
import { AdminRolesController } from './admin-roles.controller.js';
import { AdminSettingsController } from './admin-settings.controller.js';

@Module({ imports: [IdentityModule], controllers: [AdminSettingsController, AdminRolesController, AdminMeController] })
export class AdminSettingsModule {}
