import { Injectable } from '@nestjs/common';
import type { EndpointConfig } from '../../domain/api.js';
import type { User } from '../../domain/user.js';
import { TenantConfigs } from '../../identity/tenant-config/tenant-configs.js';
import { Secrets } from '../../platform/crypto/secrets.js';
import { hideSecrets, showPasswords } from '../endpoint-secrets.js';

/** How much the publishers of a tenant see of its endpoints. */
@Injectable()
export class EndpointViews {
  constructor(
    private readonly tenantConfigs: TenantConfigs,
    private readonly secrets: Secrets,
  ) {}

  /** Endpoint configurations as the caller's tenant shows them: without secrets, or with passwords in clear where `ExposeEndpointPassword` is set. */
  async of({ organization }: Pick<User, 'organization'>): Promise<(config: EndpointConfig) => EndpointConfig> {
    const { ExposeEndpointPassword: exposed } = await this.tenantConfigs.of(organization);
    return exposed === true ? (config) => showPasswords(config, (sealed) => this.secrets.decrypt(sealed)) : hideSecrets;
  }
}
