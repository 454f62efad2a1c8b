import { Module } from '@nestjs/common';
import { IdentityModule } from '../../identity/identity.module.js';
import { SubscriptionRowsModule } from '../../subscriptions/subscription-rows.module.js';
import { ApplicationsModule } from '../applications.module.js';
import { AdministeredApplications } from './administered-applications.queries.js';
import { ApplicationAdministration } from './application-administration.service.js';
import { ApplicationsAdminController } from './applications.admin.controller.js';

/** Applications in the admin API. */
@Module({
  imports: [ApplicationsModule, IdentityModule, SubscriptionRowsModule],
  controllers: [ApplicationsAdminController],
  providers: [ApplicationAdministration, AdministeredApplications],
})
export class ApplicationAdministrationModule {}
