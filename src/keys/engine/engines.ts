import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ClientMetadata, default as Provider } from 'oidc-provider';
import { ExpiringCache } from '../../platform/cache/expiring-cache.js';
import { OauthConfig } from '../../platform/config/sections/oauth.config.js';
import { Events } from '../../platform/events/events.js';
import { Log } from '../../platform/logging/log.js';
import { UserClaims } from '../claims/user-claims.service.js';
import { isCallbackAllowed } from '../clients/callback-rule.js';
import { OAuthClientsService } from '../clients/oauth-clients.service.js';
import { KeyManagerUrls } from '../key-manager-urls.js';
import { browserStateOf, sessionState } from '../sessions/session-state.js';
import { type SigningKey, SigningKeys } from '../signing/signing-keys.js';
import { lifetimesOf } from '../tokens/lifetimes.js';
import { authorizationRequestOf } from './authorization-request.js';
import { engineConfiguration } from './engine-configuration.js';
import { EngineRecords } from './engine-records.js';
import { engineStore, toClientMetadata } from './engine-store.js';
import { servedGrants } from './served-grants.js';

/** The engine of one tenant: its issuer, and its signing key. */
export interface Engine {
  readonly organization: string;
  readonly provider: Provider;
  readonly key: SigningKey;
  readonly handle: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}

/** Unused tenants leave no engine behind. */
const KEPT_MS = 10 * 60_000;
const ENGINES_MAX = 200;

/** One oidc-provider for each tenant, made when it is first needed, for a code or an ID token. The library itself is loaded then too. */
@Injectable()
export class Engines implements OnModuleInit {
  private readonly engines = new ExpiringCache<{ readonly kid: string; readonly engine: Promise<Engine> }>(KEPT_MS, ENGINES_MAX);

  constructor(
    private readonly config: OauthConfig,
    private readonly keys: SigningKeys,
    private readonly clients: OAuthClientsService,
    private readonly records: EngineRecords,
    private readonly urls: KeyManagerUrls,
    private readonly claims: UserClaims,
    private readonly events: Events,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.events.on('signing-key.changed', () => this.engines.clear());
  }

  /** The tenant's engine with the key that signs now; `signsUntil` is the end (epoch seconds) of what it is to sign. */
  async of(organization: string, signsUntil = 0): Promise<Engine> {
    const key = await this.keys.signerOf(organization, signsUntil);
    const held = this.engines.peek(organization);
    if (held?.kid === key.kid) return held.engine;
    const engine = this.make(organization, key);
    this.engines.set(organization, { kid: key.kid, engine });
    engine.catch(() => this.engines.clear()); // the next request tries again
    return engine;
  }

  private async make(organization: string, key: SigningKey): Promise<Engine> {
    const { Provider } = await import('oidc-provider');
    const served = servedGrants(this.config);
    const provider = new Provider(
      this.urls.issuer(organization),
      engineConfiguration({
        organization,
        key,
        cover: async (until) => void (await this.keys.signerOf(organization, until)),
        audiencesOf: async (id) => (await this.clients.byClientId(id))?.audiences ?? [],
        served,
        adapter: engineStore(organization, (id) => this.clientMetadata(id), this.records),
        claimsOf: (id, scopes) => this.claims.ofId(id, scopes),
        codeSeconds: this.config.tokenValidation.authorizationCodeValidity,
      }),
    );
    const { clients } = this;
    const { enforceLiteralCharacters } = this.config.callback;
    provider.Client.prototype.compareClientSecret = function compare(this: { readonly clientId: string }, secret: string) {
      return clients.secretMatches(this.clientId, secret);
    };
    provider.Client.prototype.redirectUriAllowed = function allow(this: { readonly callback_url?: unknown }, uri: string) {
      return isCallbackAllowed(String(this.callback_url ?? ''), uri, enforceLiteralCharacters);
    };
    provider.Client.prototype.includeSid = () => true;
    describeSuccess(provider);
    provider.on('server_error', (_, err) => this.log.error({ err }, 'the OAuth engine failed'));
    return { organization, provider, key, handle: provider.callback() };
  }

  private async clientMetadata(clientId: string): Promise<ClientMetadata | undefined> {
    const client = await this.clients.byClientId(clientId);
    if (!client) return undefined;
    const { requiredForPublicClients } = this.config.pkce;
    const pkceMandatory = client.pkceMandatory || (client.bypassClientCredentials && requiredForPublicClients);
    return toClientMetadata({ ...client, pkceMandatory }, servedGrants(this.config), lifetimesOf(client, this.config));
  }
}

/** Adds what the product's answers carry beyond the standard, and takes from them what was not asked for. */
const describeSuccess = (provider: Provider): void => {
  provider.on('authorization.success', (ctx, out) => {
    const { session, client, params } = ctx.oidc;
    if (!out || !session || !client) return;
    if (authorizationRequestOf(ctx.req)?.dropsIdToken) {
      delete out['id_token'];
      out['iss'] = provider.issuer;
    }
    out['session_state'] = sessionState(client.clientId, String(params?.['redirect_uri']), browserStateOf(session.uid));
  });
};
