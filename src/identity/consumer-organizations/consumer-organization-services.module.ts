import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ConsumerOrganizationEntity } from './consumer-organization.entity.js';
import { ConsumerOrganizationsService } from './consumer-organizations.service.js';
import { Memberships } from './memberships.js';

/** What other modules ask about consumer organizations, without the REST resources: profiles that do not serve these need it too. */
@Module({
  imports: [TypeOrmModule.forFeature([ConsumerOrganizationEntity])],
  providers: [ConsumerOrganizationsService, Memberships],
  exports: [ConsumerOrganizationsService, Memberships],
})
export class ConsumerOrganizationServicesModule {}
