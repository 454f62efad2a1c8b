import { Injectable } from '@nestjs/common';
import { TenantConfigs } from '../../identity/tenant-config/tenant-configs.js';
import { Secrets } from '../../platform/crypto/secrets.js';
import type { ExternalStore } from './external-store.js';

/** The external stores that tenants have configured. */
@Injectable()
export class ConfiguredStores {
  constructor(
    private readonly tenants: TenantConfigs,
    private readonly secrets: Secrets,
  ) {}

  async of(organization: string): Promise<readonly ExternalStore[]> {
    const { ExternalStores = [] } = await this.tenants.of(organization);
    return ExternalStores.map((store) => ({ ...store, password: this.secrets.decrypt(store.password) }));
  }
}
