import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LabelEntity } from './label.entity.js';
import { LabelUses } from './label-uses.js';
import { LabelsAdminController } from './labels.admin.controller.js';
import { LabelsPublisherController } from './labels.publisher.controller.js';
import { LabelsService } from './labels.service.js';

/** Labels; those whose things carry them register with {@link LabelUses}. */
@Module({
  imports: [TypeOrmModule.forFeature([LabelEntity])],
  controllers: [LabelsAdminController, LabelsPublisherController],
  providers: [LabelsService, LabelUses],
  exports: [LabelsService, LabelUses],
})
export class LabelsModule {}
