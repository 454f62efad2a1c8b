import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApiArchivePartsModule } from '../archives/api-archive-parts.module.js';
import { ApiEndpointsModule } from '../endpoints/api-endpoints.module.js';
import { AttachedPoliciesModule } from '../policies/attached-policies.module.js';
import { RevisionsModule } from '../revisions/revisions.module.js';
import { SequenceBackendEntity } from './sequence-backend.entity.js';
import { SequenceBackendsArchive } from './sequence-backends.archive.js';
import { SequenceBackendsPublisherController } from './sequence-backends.publisher.controller.js';
import { SequenceBackendsService } from './sequence-backends.service.js';

/** Sequences that answer calls of an API in place of its backends. */
@Module({
  imports: [
    TypeOrmModule.forFeature([SequenceBackendEntity]),
    RevisionsModule,
    AttachedPoliciesModule,
    ApiEndpointsModule,
    ApiArchivePartsModule,
  ],
  controllers: [SequenceBackendsPublisherController],
  providers: [SequenceBackendsService, SequenceBackendsArchive],
})
export class SequenceBackendsModule {}
