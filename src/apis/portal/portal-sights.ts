import { Injectable } from '@nestjs/common';
import type { ApiStatus } from '../../domain/api.js';
import type { Membership } from '../../identity/consumer-organizations/membership.js';
import { Memberships } from '../../identity/consumer-organizations/memberships.js';
import { Guests } from '../../identity/tenant-config/guests.js';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import type { Sight } from '../search/sight.js';
import { portalSight, type Viewer } from './portal-sight.js';

/** The states whose APIs can be subscribed to. */
export const OFFERED: readonly ApiStatus[] = ['PUBLISHED', 'PROTOTYPED'];

/** Tells what lists and searches show to whom: the one way in for all of them. */
@Injectable()
export class PortalSights {
  constructor(
    private readonly config: ApimConfig,
    private readonly memberships: Memberships,
    private readonly guests: Guests,
  ) {}

  /** @throws Unauthenticated (401) for guests where the portal admits none. */
  admit({ organization, caller }: Viewer): Promise<void> {
    return this.guests.admit(organization, caller);
  }

  /** One statement, and one for guests. `membership` says which plans an API offers to the viewer. As {@link admit}. */
  async of(viewer: Viewer, statuses = this.listed): Promise<{ readonly sight: Sight; readonly membership: Membership }> {
    await this.admit(viewer);
    const membership = await this.memberships.of(viewer.organization, viewer.caller);
    return { sight: portalSight(viewer, membership, statuses), membership };
  }

  private get listed(): readonly ApiStatus[] {
    return this.config.devportal.displayDeprecatedApis ? [...OFFERED, 'DEPRECATED'] : OFFERED;
  }
}
