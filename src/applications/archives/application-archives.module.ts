import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApisModule } from '../../apis/apis.module.js';
import { ApiArchivePartsModule } from '../../apis/archives/api-archive-parts.module.js';
import { SubscriptionRowsModule } from '../../subscriptions/subscription-rows.module.js';
import { SubscriptionsModule } from '../../subscriptions/subscriptions.module.js';
import { ThrottlingModule } from '../../throttling/throttling.module.js';
import { ApplicationEntity } from '../application.entity.js';
import { ApplicationsModule } from '../applications.module.js';
import { ApplicationArchivesDevportalController } from './application-archives.devportal.controller.js';
import { ApplicationExports } from './application-exports.service.js';
import { ApplicationImports } from './application-imports.service.js';
import { ApplicationSubscriptions } from './application-subscriptions.js';

/** Archives of applications; apart from these, because subscriptions, which depend on them, are part of the archives. */
@Module({
  imports: [
    TypeOrmModule.forFeature([ApplicationEntity]),
    ApisModule,
    ApiArchivePartsModule,
    ApplicationsModule,
    SubscriptionRowsModule,
    SubscriptionsModule,
    ThrottlingModule,
  ],
  controllers: [ApplicationArchivesDevportalController],
  providers: [ApplicationExports, ApplicationImports, ApplicationSubscriptions],
})
export class ApplicationArchivesModule {}
