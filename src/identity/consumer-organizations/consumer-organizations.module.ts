import { Module } from '@nestjs/common';
import { ConsumerOrganizationServicesModule } from './consumer-organization-services.module.js';
import { ConsumerOrganizationsAdminController } from './consumer-organizations.admin.controller.js';
import { ConsumerOrganizationsPublisherController } from './consumer-organizations.publisher.controller.js';

/** The organizations inside tenants, and who belongs to them. */
@Module({
  imports: [ConsumerOrganizationServicesModule],
  controllers: [ConsumerOrganizationsAdminController, ConsumerOrganizationsPublisherController],
  exports: [ConsumerOrganizationServicesModule],
})
export class ConsumerOrganizationsModule {}
