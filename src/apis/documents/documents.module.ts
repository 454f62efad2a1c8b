import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApiArchivePartsModule } from '../archives/api-archive-parts.module.js';
import { PortalApisModule } from '../portal/portal-apis.module.js';
import { RevisionsModule } from '../revisions/revisions.module.js';
import { ApiCopiesModule } from '../versions/api-copies.module.js';
import { DocumentEntity } from './document.entity.js';
import { DocumentContentEntity } from './document-content.entity.js';
import { DocumentReads } from './document-reads.js';
import { DocumentsDevportalController } from './documents.devportal.controller.js';
import { DocumentsPublisherController } from './documents.publisher.controller.js';
import { DocumentsService } from './documents.service.js';
import { DocumentsArchive } from './documents-archive.js';

/** Documents of APIs, in the publisher and the developer portal. */
@Module({
  imports: [
    TypeOrmModule.forFeature([DocumentEntity, DocumentContentEntity]),
    RevisionsModule,
    PortalApisModule,
    ApiCopiesModule,
    ApiArchivePartsModule,
  ],
  controllers: [DocumentsPublisherController, DocumentsDevportalController],
  providers: [DocumentReads, DocumentsArchive, DocumentsService],
  exports: [DocumentsService],
})
export class DocumentsModule {}
