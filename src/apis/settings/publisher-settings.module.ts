import { Module } from '@nestjs/common';
import { EnvironmentsModule } from '../../environments/environments.module.js';
import { IdentityModule } from '../../identity/identity.module.js';
import { ThrottlingModule } from '../../throttling/throttling.module.js';
import { PublisherMeController } from './publisher-me.controller.js';
import { PublisherRolesController } from './publisher-roles.controller.js';
import { PublisherSettingsController } from './publisher-settings.controller.js';
import { PublisherSettings } from './publisher-settings.service.js';

@Module({
  imports: [IdentityModule, EnvironmentsModule, ThrottlingModule],
  controllers: [PublisherSettingsController, PublisherRolesController, PublisherMeController],
  providers: [PublisherSettings],
})
export class PublisherSettingsModule {}
