import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { EnvironmentsModule } from '../../environments/environments.module.js';
import { RevisionsModule } from '../revisions/revisions.module.js';
import { EnvironmentKeysEntity } from './environment-keys.entity.js';
import { EnvironmentKeysPublisherController } from './environment-keys.publisher.controller.js';
import { EnvironmentKeysService } from './environment-keys.service.js';

/** Properties of APIs that differ between gateway environments. */
@Module({
  imports: [TypeOrmModule.forFeature([EnvironmentKeysEntity]), RevisionsModule, EnvironmentsModule],
  controllers: [EnvironmentKeysPublisherController],
  providers: [EnvironmentKeysService],
})
export class EnvironmentKeysModule {}
