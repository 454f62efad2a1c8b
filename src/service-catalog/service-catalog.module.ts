import { Module } from '@nestjs/common';
import { ServiceCatalogSettingsController } from './service-catalog-settings.controller.js';

@Module({ controllers: [ServiceCatalogSettingsController] })
export class ServiceCatalogModule {}
