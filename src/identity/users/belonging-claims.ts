import { Injectable } from '@nestjs/common';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import { CUSTOM_CLAIM } from '../scim/user-attributes.js';
import { claimName } from './local-claims.js';
import type { Claims } from './user.entity.js';

/**
 * The claims that decide what is shared with a user, as far as anything is: the groups of shared applications, and the consumer organization. Nobody says them of
 * oneself, or anybody could join any group.
 */
@Injectable()
export class BelongingClaims {
  private readonly names: readonly string[];

  constructor({ devportal, organizationBasedAccessControl }: ApimConfig) {
    this.names = [
      ...(devportal.enableApplicationSharing ? [devportal.applicationSharingClaim] : []),
      ...(organizationBasedAccessControl.enable ? [organizationBasedAccessControl.organizationIdLocalClaim] : []),
    ].map(claimName);
  }

  has(claim: string): boolean {
    return this.names.includes(claim);
  }

  /** The values of one user, to tell whether any has changed. */
  of(claims: Claims): string {
    return JSON.stringify(this.names.flatMap((name) => [claims[name] ?? '', claims[`${CUSTOM_CLAIM}${name}`] ?? '']));
  }
}
