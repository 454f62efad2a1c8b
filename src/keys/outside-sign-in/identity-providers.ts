import { Injectable } from '@nestjs/common';
import { StartError } from '../../platform/config/config-error.js';
import { type IdentityProviderConfig, OutsideSignInConfig } from '../../platform/config/sections/outside-sign-in.config.js';
import { Log } from '../../platform/logging/log.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import { certificateKeys } from '../trusted-issuers/certificate-keys.js';

/** The identity providers of the configuration, and which of them a client's login page offers. */
@Injectable()
export class IdentityProviders {
  constructor(
    private readonly config: OutsideSignInConfig,
    log: Log,
  ) {
    const names = new Set<string>();
    for (const provider of config.identityProvider) {
      const { name, type, issuer } = provider;
      const complaint = complaintAbout(provider) ?? (names.has(name) ? `the name ${name} is given twice` : undefined);
      if (complaint !== undefined) throw new StartError(`outside_sign_in.identity_provider: ${complaint}`);
      if (type === 'oidc' && issuer.startsWith('http:')) log.warn({ provider: name }, 'the identity provider is asked without TLS');
      names.add(name);
    }
  }

  /** Those of the client's own tenant, and, for a client that serves all tenants, those that are offered to all. */
  offeredBy({ organization, saas }: Pick<OAuthClient, 'organization' | 'saas'>): readonly IdentityProviderConfig[] {
    return this.config.identityProvider.filter(({ tenant, offeredToAll }) => tenant === organization || (saas && offeredToAll));
  }

  byName(client: Pick<OAuthClient, 'organization' | 'saas'>, name: string): IdentityProviderConfig | undefined {
    return this.offeredBy(client).find((provider) => provider.name === name);
  }
}

/** What makes the settings of a provider useless. */
const complaintAbout = ({ name, type, issuer, clientId, ssoUrl, certificate, roleMapping }: IdentityProviderConfig): string | undefined => {
  if (!/^[\w-]{1,64}$/.test(name)) return `${JSON.stringify(name)} is no name of letters, digits, _ and -`;
  if (roleMapping.some(({ remote, local }) => remote === '' || local === '')) return `a role_mapping of ${name} is incomplete`;
  if (type === 'oidc') {
    if (!isAddress(issuer)) return `the issuer of ${name} is no http(s) address`;
    return clientId === '' ? `the client_id of ${name} is missing` : undefined;
  }
  if (issuer === '') return `the issuer of ${name} is missing`;
  if (!isAddress(ssoUrl)) return `the sso_url of ${name} is no http(s) address`;
  return certificateKeys(certificate).length === 0 ? `the certificate of ${name} is none` : undefined;
};

const isAddress = (text: string): boolean => /^https?:\/\//.test(text) && URL.canParse(text);
