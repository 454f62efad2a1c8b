import { Module } from '@nestjs/common';
import { KeysModule } from '../../keys/keys.module.js';
import { RevisionsModule } from '../revisions/revisions.module.js';
import { InternalKeysPublisherController } from './internal-keys.publisher.controller.js';
import { InternalKeysService } from './internal-keys.service.js';

/** Test keys of the publisher. */
@Module({
  imports: [KeysModule, RevisionsModule],
  controllers: [InternalKeysPublisherController],
  providers: [InternalKeysService],
  exports: [InternalKeysService],
})
export class InternalKeysModule {}
