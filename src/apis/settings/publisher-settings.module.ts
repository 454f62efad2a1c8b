import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { EnvironmentsModule } from '../../environments/environments.module.js';
import { ConsumerOrganizationsModule } from '../../identity/consumer-organizations/consumer-organizations.module.js';
import { IdentityModule } from '../../identity/identity.module.js';
import { ThrottlingModule } from '../../throttling/throttling.module.js';
import { ConfiguredStoresModule } from '../external-stores/configured-stores.module.js';
import { DevportalUrls } from '../portal/devportal-urls.js';
import { AuditServicesModule } from '../security-audit/audit-services.module.js';
import { PortalOnlyMode } from './portal-only.interceptor.js';
import { PublisherMeController } from './publisher-me.controller.js';
import { PublisherRolesController } from './publisher-roles.controller.js';
import { PublisherSettingsController } from './publisher-settings.controller.js';
import { PublisherSettings } from './publisher-settings.service.js';

@Module({
  imports: [IdentityModule, ConsumerOrganizationsModule, EnvironmentsModule, ThrottlingModule, AuditServicesModule, ConfiguredStoresModule],
  controllers: [PublisherSettingsController, PublisherRolesController, PublisherMeController],
  providers: [PublisherSettings, DevportalUrls, { provide: APP_INTERCEPTOR, useClass: PortalOnlyMode }],
})
export class PublisherSettingsModule {}
