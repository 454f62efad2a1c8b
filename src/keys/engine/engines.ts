import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Configuration, default as Provider } from 'oidc-provider';
import { ExpiringCache } from '../../platform/cache/expiring-cache.js';
import { OauthConfig } from '../../platform/config/sections/oauth.config.js';
import { ServerConfig } from '../../platform/config/sections/server.config.js';
import { Events } from '../../platform/events/events.js';
import { Log } from '../../platform/logging/log.js';
import { isCallbackAllowed } from '../clients/callback-rule.js';
import { OAuthClientsService } from '../clients/oauth-clients.service.js';
import { KeyManagerUrls } from '../key-manager-urls.js';
import { asOAuthError, InvalidClient } from '../oauth-error.js';
import { type SigningKey, SigningKeys } from '../signing/signing-keys.js';
import { NEVER_SECONDS } from '../tokens/lifetimes.js';
import { accessTokenClaims, pairedJti } from '../tokens/token-claims.js';
import { engineStore } from './engine-store.js';
import type { Grant, GrantParameters } from './grant.js';
import { servedGrants } from './served-grants.js';
import { rewordErrors } from './token-errors.js';

/** The engine of one tenant: its issuer, and its signing key. */
export interface Engine {
  readonly organization: string;
  readonly provider: Provider;
  readonly key: SigningKey;
  readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

/** A rotation by another server is seen after this time, and unused tenants leave no engine behind. */
const KEPT_MS = 10 * 60_000;
const ENGINES_MAX = 200;

/** One oidc-provider for each tenant, made when the tenant's first token is asked for. The library itself is loaded then too. */
@Injectable()
export class Engines implements OnModuleInit {
  private readonly engines = new ExpiringCache<Promise<Engine>>(KEPT_MS, ENGINES_MAX);
  private readonly grants: Grant[] = [];

  constructor(
    private readonly config: OauthConfig,
    private readonly server: ServerConfig,
    private readonly keys: SigningKeys,
    private readonly clients: OAuthClientsService,
    private readonly urls: KeyManagerUrls,
    private readonly events: Events,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.events.on('signing-key.changed', () => this.engines.clear());
  }

  /** Adds a grant to every engine made later; to be called while modules start. */
  register(grant: Grant): void {
    this.grants.push(grant);
  }

  of(organization: string): Promise<Engine> {
    const held = this.engines.peek(organization);
    if (held) return held;
    const made = this.make(organization);
    this.engines.set(organization, made);
    made.catch(() => this.engines.clear()); // the next request tries again
    return made;
  }

  private async make(organization: string): Promise<Engine> {
    const [{ Provider }, key] = await Promise.all([import('oidc-provider'), this.keys.activeOf(organization)]);
    const provider = new Provider(this.urls.issuer(organization), this.configuration(organization, key));
    const { clients } = this;
    provider.Client.prototype.compareClientSecret = function compare(this: { readonly clientId: string }, secret: string) {
      return clients.secretMatches(this.clientId, secret);
    };
    provider.Client.prototype.redirectUriAllowed = function allow(this: { readonly callback_url?: unknown }, uri: string) {
      return isCallbackAllowed(String(this.callback_url ?? ''), uri);
    };
    for (const grant of this.grants) this.addGrant(provider, grant);
    rewordErrors(provider, this.server.hostname);
    provider.on('server_error', (_, err) => this.log.error({ err }, 'the OAuth engine failed'));
    return { organization, provider, key, handle: provider.callback() };
  }

  private addGrant(provider: Provider, grant: Grant): void {
    if (!servedGrants(this.config).has(grant.name)) return;
    provider.registerGrantType<GrantParameters>(
      grant.name,
      async (ctx) => {
        const client = await this.clients.byClientId(ctx.oidc.client.clientId);
        if (!client) throw InvalidClient(); // removed since the engine authenticated it
        ctx.body = await grant.answer(client, ctx.oidc.params).catch((err: unknown) => {
          const refusal = asOAuthError(err);
          if (refusal) ctx.set(refusal.headers);
          throw refusal ?? err;
        });
      },
      grant.parameters,
    );
  }

  private configuration(organization: string, key: SigningKey): Configuration {
    const served = servedGrants(this.config);
    return {
      adapter: engineStore(this.clients, served),
      jwks: { keys: [{ ...key.privateKey.export({ format: 'jwk' }), kid: key.kid, alg: 'RS256', use: 'sig' }] },
      routes: { token: '/oauth2/token', jwks: '/oauth2/jwks', authorization: '/oauth2/authorize' },
      extraClientMetadata: { properties: ['callback_url'] },
      scopes: ['openid'],
      claims: { openid: ['sub'] },
      clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
      clientBasedCORS: () => true,
      findAccount: async (_, id) => ({ accountId: id, claims: async () => ({ sub: id }) }),
      features: {
        devInteractions: { enabled: false },
        clientCredentials: { enabled: false }, // ours, see grants/
        userinfo: { enabled: false },
        rpInitiatedLogout: { enabled: false },
        resourceIndicators: { enabled: false },
      },
      ttl: {
        AccessToken: NEVER_SECONDS, // the grants say it for each token
        ClientCredentials: NEVER_SECONDS,
        IdToken: NEVER_SECONDS,
      },
      formats: {
        customizers: {
          jwt: (_, token, parts) => {
            const { payload } = parts;
            const subject = String('accountId' in token && token.accountId ? token.accountId : token.clientId);
            const [issuedAt, end] = [Number(payload['iat']), Number(payload['exp'])];
            parts.header = { ...key.thumbprint };
            parts.payload = accessTokenClaims({
              issuer: String(payload['iss']),
              organization,
              clientId: String(token.clientId),
              subject,
              kind: token.kind === 'ClientCredentials' ? 'APPLICATION' : 'APPLICATION_USER',
              scope: String(payload['scope'] ?? ''),
              jti: 'grantId' in token && token.grantId ? pairedJti(token.grantId) : randomUUID(),
              issuedAt,
              expiresAt: end - issuedAt >= NEVER_SECONDS ? undefined : end,
            });
          },
        },
      },
    };
  }
}
