import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { ClientMetadata, default as Provider } from 'oidc-provider';
import { ExpiringCache } from '../../platform/cache/expiring-cache.js';
import { OauthConfig } from '../../platform/config/sections/oauth.config.js';
import { ServerConfig } from '../../platform/config/sections/server.config.js';
import { Events } from '../../platform/events/events.js';
import { Log } from '../../platform/logging/log.js';
import { isCallbackAllowed } from '../clients/callback-rule.js';
import { OAuthClientsService } from '../clients/oauth-clients.service.js';
import { KeyManagerUrls } from '../key-manager-urls.js';
import { InvalidClient } from '../oauth-error.js';
import { browserStateOf, sessionState } from '../sessions/session-state.js';
import { type SigningKey, SigningKeys } from '../signing/signing-keys.js';
import { lifetimesOf } from '../tokens/lifetimes.js';
import { authorizationRequestOf } from './authorization-request.js';
import { engineConfiguration } from './engine-configuration.js';
import { EngineRecords } from './engine-records.js';
import { engineStore, toClientMetadata } from './engine-store.js';
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
    private readonly records: EngineRecords,
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

  /** The grant of this name; undefined when it is switched off. */
  grant(name: string): Grant | undefined {
    return servedGrants(this.config).has(name) ? this.grants.find((grant) => grant.name === name) : undefined;
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
    const served = servedGrants(this.config);
    const provider = new Provider(
      this.urls.issuer(organization),
      engineConfiguration({
        organization,
        key,
        served,
        adapter: engineStore(organization, (id) => this.clientMetadata(id), this.records),
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
    for (const grant of this.grants) this.addGrant(provider, grant);
    rewordErrors(provider, this.server.hostname);
    provider.on('server_error', (_, err) => this.log.error({ err }, 'the OAuth engine failed'));
    return { organization, provider, key, handle: provider.callback() };
  }

  private async clientMetadata(clientId: string): Promise<ClientMetadata | undefined> {
    const client = await this.clients.byClientId(clientId);
    return client && toClientMetadata(client, servedGrants(this.config), lifetimesOf(client, this.config));
  }

  private addGrant(provider: Provider, grant: Grant): void {
    if (!servedGrants(this.config).has(grant.name)) return;
    provider.registerGrantType<GrantParameters>(
      grant.name,
      async (ctx) => {
        const client = await this.clients.byClientId(ctx.oidc.client.clientId);
        if (!client) throw InvalidClient(); // removed since the engine authenticated it
        ctx.body = await grant.answer(client, ctx.oidc.params);
      },
      grant.parameters,
    );
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
