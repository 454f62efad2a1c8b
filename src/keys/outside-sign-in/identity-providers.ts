import { Injectable } from '@nestjs/common';
import { StartError } from '../../platform/config/config-error.js';
import { type IdentityProviderConfig, OutsideSignInConfig } from '../../platform/config/sections/outside-sign-in.config.js';
import { Log } from '../../platform/logging/log.js';
import type { OAuthClient } from '../clients/oauth-client.js';

/** The identity providers of the configuration, and which of them a client's login page offers. */
@Injectable()
export class IdentityProviders {
  constructor(
    private readonly config: OutsideSignInConfig,
    log: Log,
  ) {
    const names = config.identityProvider.map(({ name }) => name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    for (const { type, issuer, name } of config.identityProvider) {
      if (type !== 'oidc') continue;
      if (!URL.canParse(issuer)) throw new StartError(`outside_sign_in.identity_provider: the issuer of ${name} is no URL`);
      if (issuer.startsWith('http:')) log.warn({ provider: name }, 'the identity provider is asked without TLS');
    }
    if (twice !== undefined) throw new StartError(`outside_sign_in.identity_provider: the name ${twice} is given twice`);
  }

  /** Those of the client's own tenant, and, for a client that serves all tenants, those that are offered to all. */
  offeredBy({ organization, saas }: Pick<OAuthClient, 'organization' | 'saas'>): readonly IdentityProviderConfig[] {
    return this.config.identityProvider.filter(({ tenant, offeredToAll }) => tenant === organization || (saas && offeredToAll));
  }

  byName(client: Pick<OAuthClient, 'organization' | 'saas'>, name: string): IdentityProviderConfig | undefined {
    return this.offeredBy(client).find((provider) => provider.name === name);
  }
}
