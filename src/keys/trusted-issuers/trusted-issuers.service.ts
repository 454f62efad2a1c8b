import { Injectable } from '@nestjs/common';
import { GLOBAL_ORGANIZATION } from '../../domain/organization.js';
import { Log } from '../../platform/logging/log.js';
import { type KeyManager, RESIDENT_TYPE, takesExchangedTokens } from '../managers/key-manager.js';
import { KeyManagersService } from '../managers/key-managers.service.js';
import type { TrustedIssuer } from './trusted-issuer.js';

/** Whose tokens a tenant takes in exchange for its own: enabled key managers of type EXCHANGED or BOTH (`reference/key-manager.md` §2.2, §2.3). */
@Injectable()
export class TrustedIssuers {
  constructor(
    private readonly managers: KeyManagersService,
    private readonly log: Log,
  ) {}

  /**
   * The issuer of this name in the tenant. Its `issuer` counts before the name of the key manager, the tenant's own before a global one;
   * none of two that are equally near is trusted.
   */
  async find(organization: string, iss: string): Promise<TrustedIssuer | undefined> {
    if (iss === '') return undefined;
    const trusted = (await this.managers.list(organization)).filter(isTrusted);
    for (const owner of [organization, GLOBAL_ORGANIZATION]) {
      const own = trusted.filter((manager) => manager.organization === owner);
      const byIssuer = own.filter(({ issuer }) => issuer === iss);
      const named = byIssuer.length > 0 ? byIssuer : own.filter(({ name }) => name === iss);
      if (named.length > 1) this.log.warn({ organization, issuer: iss }, 'two key managers have one issuer: neither is trusted');
      if (named.length > 0) return named.length === 1 ? named[0] : undefined;
    }
    return undefined;
  }
}

const isTrusted = (manager: KeyManager): boolean => manager.type !== RESIDENT_TYPE && manager.enabled && takesExchangedTokens(manager);
