import { Inject, Injectable } from '@nestjs/common';
import { Unauthenticated } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import { TenantConfigs } from './tenant-configs.js';

/** Who may look into a tenant's developer portal without signing in: as the tenant says (`EnableAnonymous`), else as the server does. */
@Injectable()
export class Guests {
  constructor(
    private readonly config: ApimConfig,
    @Inject(TenantConfigs) private readonly tenants: Pick<TenantConfigs, 'of'>,
  ) {}

  /** One statement. */
  async areAdmitted(organization: string): Promise<boolean> {
    return (await this.tenants.of(organization)).EnableAnonymous ?? this.config.devportal.enableAnonymousMode;
  }

  /** No statement for a caller. @throws Unauthenticated (401) for guests where the portal admits none. */
  async admit(organization: string, caller: User | undefined): Promise<void> {
    if (caller === undefined && !(await this.areAdmitted(organization))) throw Unauthenticated();
  }
}
