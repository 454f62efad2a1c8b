import { Injectable } from '@nestjs/common';
import { TenantConfigs } from '../../identity/tenant-config/tenant-configs.js';
import { Installation } from '../../platform/config/installation.js';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';

/** Where people find the developer portal. */
@Injectable()
export class DevportalUrls {
  constructor(
    private readonly config: ApimConfig,
    private readonly installation: Installation,
    private readonly tenants: TenantConfigs,
  ) {}

  /** The tenant's own address, else the configured one, else this server's. */
  async of(organization: string): Promise<string> {
    const { CustomUrls } = await this.tenants.of(organization);
    return CustomUrls?.DevPortal ?? (this.config.devportal.url || `${this.installation.managementUrl}/devportal`);
  }
}
