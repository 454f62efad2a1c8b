import { Injectable } from '@nestjs/common';
import { openedToken } from '../../identity/tenant-config/service-tokens.js';
import { TenantConfigs } from '../../identity/tenant-config/tenant-configs.js';
import { SecurityAuditConfig } from '../../platform/config/sections/security-audit.config.js';
import { Secrets } from '../../platform/crypto/secrets.js';
import { type AuditService, ownAuditService, serversAuditService } from './audit-service.js';

/** Which audit service is whose (`reference/publisher.md` §19). */
@Injectable()
export class AuditServices {
  constructor(
    private readonly config: SecurityAuditConfig,
    private readonly tenants: TenantConfigs,
    private readonly secrets: Secrets,
  ) {}

  /** The tenant's own, or else the server's; undefined when there is none for this tenant. */
  async of(organization: string): Promise<AuditService | undefined> {
    const { SecurityAuditConfig: configured } = await this.tenants.of(organization);
    const own = ownAuditService(configured);
    if (own === undefined) return serversAuditService(this.config, organization);
    return { ...own, apiToken: openedToken(own.apiToken, (sealed) => this.secrets.decrypt(sealed)) };
  }
}
