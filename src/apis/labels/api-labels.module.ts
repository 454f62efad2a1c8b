import { Module } from '@nestjs/common';
import { LabelsModule } from '../../labels/labels.module.js';
import { RevisionsModule } from '../revisions/revisions.module.js';
import { ApiLabelsPublisherController } from './api-labels.publisher.controller.js';
import { ApiLabelsService } from './api-labels.service.js';

/** The labels that APIs carry. */
@Module({
  imports: [LabelsModule, RevisionsModule],
  controllers: [ApiLabelsPublisherController],
  providers: [ApiLabelsService],
})
export class ApiLabelsModule {}
