import { Injectable } from '@nestjs/common';
import type { ClientAuth, Configuration, CustomFetch, DiscoveryRequestOptions } from 'openid-client';
import { ExpiringCache } from '../../platform/cache/expiring-cache.js';
import type { IdentityProviderConfig } from '../../platform/config/sections/outside-sign-in.config.js';
import { Outbound } from '../../platform/outbound/outbound.js';
import type { OAuthParameters } from '../edge/oauth-body.js';
import { KeyManagerUrls } from '../key-manager-urls.js';
import type { Attempt, Authenticator, Expected, OutsideIdentity } from './outside-identity.js';

/** A provider that changes its endpoints or its keys is read again after this time. */
const REMEMBERED_MS = 15 * 60_000;
const PROVIDERS_MAX = 1_000;
const ANSWER_BYTES_MAX = 512 * 1024;

/** Sign-in by OpenID Connect: authorization code with PKCE, nonce and state, judged by openid-client. */
@Injectable()
export class OidcAuthenticator implements Authenticator {
  private readonly discovered = new ExpiringCache<Configuration>(REMEMBERED_MS, PROVIDERS_MAX);

  constructor(
    private readonly outbound: Outbound,
    private readonly urls: KeyManagerUrls,
  ) {}

  async begin(provider: IdentityProviderConfig, state: string): Promise<Attempt> {
    const library = await import('openid-client');
    const configuration = await this.configurationOf(provider);
    const [verifier, nonce] = [library.randomPKCECodeVerifier(), library.randomNonce()];
    const url = library.buildAuthorizationUrl(configuration, {
      redirect_uri: this.callback,
      scope: provider.scopes,
      state,
      nonce,
      code_challenge: await library.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    return { url: url.href, expected: { state, nonce, verifier } };
  }

  async finish(provider: IdentityProviderConfig, expected: Expected, answer: OAuthParameters): Promise<OutsideIdentity> {
    const library = await import('openid-client');
    const configuration = await this.configurationOf(provider);
    const url = new URL(this.callback);
    for (const [name, value] of Object.entries(answer)) for (const one of [value].flat()) url.searchParams.append(name, one);
    const tokens = await library.authorizationCodeGrant(configuration, url, {
      pkceCodeVerifier: expected['verifier'] ?? '',
      expectedNonce: expected['nonce'] ?? '',
      expectedState: expected['state'] ?? '',
      idTokenExpected: true,
    });
    const identity = tokens.claims();
    if (!identity) throw new Error('the answer holds no ID token');
    // Many providers put no more than the subject into the ID token.
    const hasMore = configuration.serverMetadata().userinfo_endpoint !== undefined;
    const more = hasMore ? await library.fetchUserInfo(configuration, tokens.access_token, identity.sub) : {};
    const claims: Readonly<Record<string, unknown>> = { ...more, ...identity };
    const name = claims['preferred_username'];
    return { subject: identity.sub, name: typeof name === 'string' ? name : undefined, claims };
  }

  private get callback(): string {
    return `${this.urls.base}/commonauth`;
  }

  private configurationOf(provider: IdentityProviderConfig): Promise<Configuration> {
    return this.discovered.get(provider.name, async () => {
      const { allowInsecureRequests, customFetch, discovery } = await import('openid-client');
      const issuer = new URL(provider.issuer);
      const options: DiscoveryRequestOptions = {
        [customFetch]: this.fetch,
        // Whoever configures one without TLS is warned at the start.
        execute: issuer.protocol === 'http:' ? [allowInsecureRequests] : [],
      };
      return discovery(issuer, provider.clientId, undefined, await authenticationOf(provider), options);
    });
  }

  private readonly fetch: CustomFetch = async (address, { method, headers, body }) => {
    if (method !== 'GET' && method !== 'POST') throw new TypeError(`${method} is no request of a sign-in`);
    const form = body instanceof URLSearchParams ? { form: body } : {};
    const answer = await this.outbound.send(address, { method, headers, ...form }, ANSWER_BYTES_MAX);
    return new Response(new Uint8Array(answer.body), { status: answer.status, headers: { 'content-type': answer.mediaType } });
  };
}

/** In the header, which every provider has to take (RFC 6749 §2.3.1), unless it says that it does not. */
const authenticationOf = async ({ clientSecret }: IdentityProviderConfig): Promise<ClientAuth> => {
  const { ClientSecretBasic, ClientSecretPost, None } = await import('openid-client');
  if (clientSecret === '') return None();
  const [basic, post] = [ClientSecretBasic(clientSecret), ClientSecretPost(clientSecret)];
  return (server, client, body, headers) => {
    const takes = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    return (takes.includes('client_secret_basic') ? basic : post)(server, client, body, headers);
  };
};
