import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApisModule } from '../apis.module.js';
import { DevportalUrls } from '../portal/devportal-urls.js';
import { RevisionsModule } from '../revisions/revisions.module.js';
import { ApiStoreEntity } from './api-store.entity.js';
import { ConfiguredStoresModule } from './configured-stores.module.js';
import { ExternalStoresPublisherController } from './external-stores.publisher.controller.js';
import { ExternalStores } from './external-stores.service.js';
import { StoreClient } from './store-client.js';

@Module({
  imports: [TypeOrmModule.forFeature([ApiStoreEntity]), ApisModule, RevisionsModule, ConfiguredStoresModule],
  controllers: [ExternalStoresPublisherController],
  providers: [ExternalStores, StoreClient, DevportalUrls],
})
export class ExternalStoresModule {}
