import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ConsumerOrganizationEntity } from './consumer-organization.entity.js';
import { ConsumerOrganizationsAdminController } from './consumer-organizations.admin.controller.js';
import { ConsumerOrganizationsPublisherController } from './consumer-organizations.publisher.controller.js';
import { ConsumerOrganizationsService } from './consumer-organizations.service.js';
import { Memberships } from './memberships.js';

/** The organizations inside tenants, and who belongs to them. */
@Module({
  imports: [TypeOrmModule.forFeature([ConsumerOrganizationEntity])],
  controllers: [ConsumerOrganizationsAdminController, ConsumerOrganizationsPublisherController],
  providers: [ConsumerOrganizationsService, Memberships],
  exports: [ConsumerOrganizationsService, Memberships],
})
export class ConsumerOrganizationsModule {}
