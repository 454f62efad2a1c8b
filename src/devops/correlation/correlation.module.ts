import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { CorrelationService } from './correlation.service.js';
import { CorrelationComponentEntity } from './correlation-component.entity.js';
import { CorrelationWatch } from './correlation-watch.js';

/** For every process of the control plane: each writes its own requests and statements. */
@Module({
  imports: [TypeOrmModule.forFeature([CorrelationComponentEntity])],
  providers: [CorrelationService, CorrelationWatch],
  exports: [CorrelationService],
})
export class CorrelationModule {}
