import { Module } from '@nestjs/common';
import { IdentityModule } from '../../identity/identity.module.js';
import { AuditServices } from './audit-services.js';

/** Knows which audit service is whose, and no API. */
@Module({ imports: [IdentityModule], providers: [AuditServices], exports: [AuditServices] })
export class AuditServicesModule {}
