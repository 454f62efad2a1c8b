import { Module } from '@nestjs/common';
import { AuditGatehouseController } from './audit.gatehouse.controller.js';
import { AuditEntries } from './audit-entries.js';
import { AuditRetention } from './audit-retention.js';

/** Shows administrators what was changed. The entries themselves are written by triggers (docs/decisions/0026-audit-rows.md). */
@Module({ controllers: [AuditGatehouseController], providers: [AuditEntries, AuditRetention] })
export class AuditModule {}
