import { Injectable } from '@nestjs/common';
import { TenantConfigs } from '../../identity/tenant-config/tenant-configs.js';
import { SecurityAuditConfig } from '../../platform/config/sections/security-audit.config.js';
import { type AuditService, ownAuditService, serversAuditService } from './audit-service.js';

/** Which audit service is whose (`reference/publisher.md` §19). */
@Injectable()
export class AuditServices {
  constructor(
    private readonly config: SecurityAuditConfig,
    private readonly tenants: TenantConfigs,
  ) {}

  /** The tenant's own, or else the server's; undefined when there is none for this tenant. */
  async of(organization: string): Promise<AuditService | undefined> {
    const { SecurityAuditConfig: configured } = await this.tenants.of(organization);
    return ownAuditService(configured) ?? serversAuditService(this.config, organization);
  }
}
