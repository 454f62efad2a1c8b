import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { groupsOf, NO_STANDING, type Standing } from '../domain/application-sharing.js';
import type { UserName } from '../domain/organization.js';
import { LocalClaims } from '../identity/users/local-claims.js';
import { ApimConfig } from '../platform/config/sections/apim.config.js';

/** Tells what of users opens the applications of others: their groups, and their consumer organization, as far as either is switched on. */
@Injectable()
export class ApplicationSharing {
  constructor(
    private readonly claims: LocalClaims,
    private readonly config: ApimConfig,
  ) {}

  /** Whether owners share with groups at all. */
  get hasGroups(): boolean {
    return this.config.devportal.enableApplicationSharing;
  }

  /** Whether those with whom an application is shared may change it too. */
  get isEditable(): boolean {
    return this.config.devportal.orgWideAppUpdateEnabled;
  }

  /** One statement, or none where nothing can be shared. Within a transaction, give its entity manager. */
  async standingOf({ organization, name }: UserName, em?: EntityManager): Promise<Standing> {
    return (await this.standingsOf(organization, [name], em)).get(name) ?? NO_STANDING;
  }

  /** By the names as given; a user who is gone is left out. As {@link standingOf}, whatever the number. */
  async standingsOf(organization: string, names: readonly string[], em?: EntityManager): Promise<ReadonlyMap<string, Standing>> {
    const { enable: hasOrganizations, organizationIdLocalClaim } = this.config.organizationBasedAccessControl;
    if (!this.hasGroups && !hasOrganizations) return new Map();
    const { applicationSharingClaim } = this.config.devportal;
    const claims = await this.claims.ofUsers(organization, names, [applicationSharingClaim, organizationIdLocalClaim], em);
    return new Map(
      Array.from(claims, ([name, [groups = '', consumerOrganization = '']]) => [
        name,
        {
          groups: this.hasGroups ? groupsOf(groups) : [],
          consumerOrganization: hasOrganizations ? consumerOrganization : '',
        },
      ]),
    );
  }
}
