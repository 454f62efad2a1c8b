import { Injectable } from '@nestjs/common';
import type { User } from '../../domain/user.js';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import { isOpenTo, type OpenableApi } from './portal-api.js';

/** Whether people of one tenant may use the APIs of another (`reference/devportal.md` §8). */
@Injectable()
export class CrossTenant {
  constructor(private readonly config: ApimConfig) {}

  /** Whose APIs and key managers a caller means: those of the tenant the request names, where tenants may use each other's, else the caller's own. */
  providerOf(caller: Pick<User, 'organization'>, named: string): string {
    return this.isAllowed ? named : caller.organization;
  }

  /** Whether people of the tenant may subscribe to the API. */
  isOpen(organization: string, api: OpenableApi & { readonly organization: string }): boolean {
    return organization === api.organization || (this.isAllowed && isOpenTo(organization, api));
  }

  private get isAllowed(): boolean {
    return this.config.devportal.enableCrossTenantSubscriptions;
  }
}
