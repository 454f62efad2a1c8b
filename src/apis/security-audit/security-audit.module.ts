import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { ApisModule } from '../apis.module.js';
import { RevisionsModule } from '../revisions/revisions.module.js';
import { AuditClient } from './audit-client.js';
import { AuditServicesModule } from './audit-services.module.js';
import { SecurityAuditEntity } from './security-audit.entity.js';
import { SecurityAuditPublisherController } from './security-audit.publisher.controller.js';
import { SecurityAudits } from './security-audit.service.js';

@Module({
  imports: [TypeOrmModule.forFeature([SecurityAuditEntity]), ApisModule, RevisionsModule, AuditServicesModule],
  controllers: [SecurityAuditPublisherController],
  providers: [AuditClient, SecurityAudits],
})
export class SecurityAuditModule {}
