import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity/identity.module.js';
import { AdminSettingsController } from './admin-settings.controller.js';

@Module({ imports: [IdentityModule], controllers: [AdminSettingsController] })
export class AdminSettingsModule {}
