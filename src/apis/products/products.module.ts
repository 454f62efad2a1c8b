import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { SubscriptionRowsModule } from '../../subscriptions/subscription-rows.module.js';
import { ThrottlingModule } from '../../throttling/throttling.module.js';
import { ApiEntity } from '../api.entity.js';
import { ApisModule } from '../apis.module.js';
import { ProductArchivesPublisherController } from '../archives/product-archives.publisher.controller.js';
import { ProductImports } from '../archives/product-imports.service.js';
import { DocumentsModule } from '../documents/documents.module.js';
import { LifecycleModule } from '../lifecycle/lifecycle.module.js';
import { RevisionsModule } from '../revisions/revisions.module.js';
import { ThumbnailsModule } from '../thumbnails/thumbnails.module.js';
import { ApiCopiesModule } from '../versions/api-copies.module.js';
import { ProductDocumentsPublisherController } from './product-documents.publisher.controller.js';
import { ProductLifecyclePublisherController } from './product-lifecycle.publisher.controller.js';
import { ProductRevisionsPublisherController } from './product-revisions.publisher.controller.js';
import { ProductThumbnailsPublisherController } from './product-thumbnails.publisher.controller.js';
import { ProductsPublisherController } from './products.publisher.controller.js';
import { ProductsService } from './products.service.js';

/** API products: APIs made of the resources of other APIs. */
@Module({
  imports: [
    TypeOrmModule.forFeature([ApiEntity]),
    ApisModule,
    RevisionsModule,
    LifecycleModule,
    DocumentsModule,
    ThumbnailsModule,
    ApiCopiesModule,
    SubscriptionRowsModule,
    ThrottlingModule,
  ],
  // The archives first: their literal paths would be taken for ids.
  controllers: [
    ProductArchivesPublisherController,
    ProductsPublisherController,
    ProductLifecyclePublisherController,
    ProductRevisionsPublisherController,
    ProductDocumentsPublisherController,
    ProductThumbnailsPublisherController,
  ],
  providers: [ProductsService, ProductImports],
  exports: [ProductsService],
})
export class ProductsModule {}
