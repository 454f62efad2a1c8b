import { Module } from '@nestjs/common';
import { EnvironmentsModule } from '../../environments/environments.module.js';
import { ThrottlingModule } from '../../throttling/throttling.module.js';
import { PublisherSettingsController } from './publisher-settings.controller.js';
import { PublisherSettings } from './publisher-settings.service.js';

@Module({
  imports: [EnvironmentsModule, ThrottlingModule],
  controllers: [PublisherSettingsController],
  providers: [PublisherSettings],
})
export class PublisherSettingsModule {}
