import { Injectable } from '@nestjs/common';
import type { CacheProvider, Profile, SAML } from '@node-saml/node-saml';
import { OauthConfig } from '../../platform/config/sections/oauth.config.js';
import type { IdentityProviderConfig } from '../../platform/config/sections/outside-sign-in.config.js';
import { type OAuthParameters, single } from '../edge/oauth-body.js';
import { KeyManagerUrls } from '../key-manager-urls.js';
import type { Attempt, Authenticator, Expected, OutsideIdentity } from './outside-identity.js';

/** It names another user tomorrow. */
const TRANSIENT = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient';
const BASE64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/;

/**
 * Sign-in by SAML 2.0: a request by redirect, a response by POST, judged by node-saml. The response has to be signed as a whole and to answer the very
 * request of this attempt, so none is taken twice.
 */
@Injectable()
export class SamlAuthenticator implements Authenticator {
  constructor(
    private readonly urls: KeyManagerUrls,
    private readonly config: OauthConfig,
  ) {}

  async begin(provider: IdentityProviderConfig, state: string): Promise<Attempt> {
    const request = { id: '', at: '' };
    const saml = await this.samlOf(provider, {
      saveAsync: async (id, at) => {
        Object.assign(request, { id, at });
        return null;
      },
      getAsync: async () => null,
      removeAsync: async () => null,
    });
    const url = await saml.getAuthorizeUrlAsync(state, undefined, {});
    return { url, expected: request };
  }

  async finish(provider: IdentityProviderConfig, expected: Expected, answer: OAuthParameters): Promise<OutsideIdentity> {
    const response = single(answer, 'SAMLResponse') ?? '';
    if (!BASE64.test(response)) throw new Error('the response is not encoded in base64');
    if (/<!DOCTYPE|<!ENTITY/i.test(Buffer.from(response, 'base64').toString('utf8'))) throw new Error('the response has a document type');
    const saml = await this.samlOf(provider, {
      saveAsync: async () => null,
      getAsync: async (id) => (id === expected['id'] ? (expected['at'] ?? null) : null),
      removeAsync: async () => null,
    });
    const { profile } = await saml.validatePostResponseAsync({ SAMLResponse: response });
    if (!profile) throw new Error('the response names nobody');
    // The library leaves the issuer of assertions to its caller.
    if (profile.issuer !== provider.issuer) throw new Error('the response is of another issuer');
    return identityOf(profile);
  }

  private async samlOf(provider: IdentityProviderConfig, cacheProvider: CacheProvider): Promise<SAML> {
    const { SAML, ValidateInResponseTo } = await import('@node-saml/node-saml');
    const callbackUrl = `${this.urls.base}/commonauth`;
    const entityId = provider.entityId || callbackUrl;
    return new SAML({
      callbackUrl,
      issuer: entityId,
      audience: entityId,
      entryPoint: provider.ssoUrl,
      idpCert: provider.certificate,
      idpIssuer: provider.issuer,
      identifierFormat: null,
      disableRequestedAuthnContext: true,
      signatureAlgorithm: 'sha256',
      wantAuthnResponseSigned: true,
      wantAssertionsSigned: false, // the signature of the response covers them
      validateInResponseTo: ValidateInResponseTo.always,
      acceptedClockSkewMs: this.config.timestampSkew * 1000,
      cacheProvider,
    });
  }
}

const identityOf = ({ nameID, nameIDFormat, attributes }: Profile): OutsideIdentity => {
  if (!nameID || nameIDFormat === TRANSIENT) throw new Error('the response needs a NameID that stays the same');
  return { subject: nameID, name: nameID, claims: { ...(attributes as Readonly<Record<string, unknown>> | undefined) } };
};
