import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { RE2JS } from 're2js';
import { In, type Repository } from 'typeorm';
import { type Account, Accounts } from '../../platform/auth/accounts.js';
import { ExpiringCache } from '../../platform/cache/expiring-cache.js';
import { StartError } from '../../platform/config/config-error.js';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import { ApimOauthConfig, OauthConfig } from '../../platform/config/sections/oauth.config.js';
import type { Tx } from '../../platform/database/transactions.js';
import { Events } from '../../platform/events/events.js';
import { type OAuthClient, ownerOf } from '../clients/oauth-client.js';
import { ApplicationScopes } from './application-scopes.js';
import { OAuthScopeEntity } from './oauth-scope.entity.js';
import { DEFAULT_SCOPE, grantedScopes } from './scope-grants.js';

const REMEMBERED_MS = 15_000;
const TENANTS_MAX = 10_000;

export interface OAuthScope {
  readonly name: string;
  /** Any one of them opens the scope; none leaves it open to everyone. */
  readonly roles: readonly string[];
}

/** The scopes of APIs as the key manager knows them, and the judgement of requested scopes by role. */
@Injectable()
export class OAuthScopesService implements OnModuleInit {
  private readonly bindings = new ExpiringCache<ReadonlyMap<string, readonly string[]>>(REMEMBERED_MS, TENANTS_MAX);

  /** Scopes that need no role anywhere. */
  private readonly allowed: readonly RE2JS[];

  constructor(
    @InjectRepository(OAuthScopeEntity) private readonly rows: Repository<OAuthScopeEntity>,
    private readonly accounts: Accounts,
    config: ApimOauthConfig,
    private readonly oauth: OauthConfig,
    private readonly events: Events,
    private readonly apim: ApimConfig,
    private readonly applicationScopes: ApplicationScopes,
  ) {
    this.allowed = [...config.allowedScopes, ...oauth.allowedScopes].map(patternOf);
  }

  onModuleInit(): void {
    this.events.on('oauth-scope.changed', () => this.bindings.clear());
  }

  /** Makes the scopes known, or binds known ones to other roles. A role change affects only tokens issued later. */
  async put(tx: Tx, organization: string, scopes: readonly OAuthScope[]): Promise<void> {
    if (scopes.length === 0) return;
    await tx.em.upsert(
      OAuthScopeEntity,
      scopes.map(({ name, roles }) => ({ organization, name, roles: [...roles] })),
      ['organization', 'name'],
    );
    tx.raise('oauth-scope.changed', { organization });
  }

  /** Forgets scopes: from then on they are unknown ones, which are open. */
  async remove(tx: Tx, organization: string, names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    await tx.em.delete(OAuthScopeEntity, { organization, name: In([...names]) });
    tx.raise('oauth-scope.changed', { organization });
  }

  /**
   * What the account gets through this client; an application's own token is judged by the roles of its owner. A client of somebody in another tenant is
   * for calling APIs: through it nobody manages anything, whoever signs in.
   */
  async granted(
    client: OAuthClient,
    requested: readonly string[],
    account: Account | undefined,
    hasIdentity: boolean,
  ): Promise<readonly string[]> {
    if (requested.length === 0) return [DEFAULT_SCOPE];
    const held = account?.roles ?? [];
    const mayManage = account !== undefined && ownerOf(client).organization === client.organization;
    const restScopes = mayManage ? await this.accounts.scopesOf(account.organization, held) : new Set<string>();
    const applicationScopes = this.apim.keyManager.enableApplicationScopesForResidentKm ? await this.applicationScopes.of(client) : [];
    const judged = async (scopes: readonly string[], organization: string) =>
      grantedScopes(scopes, {
        restScopes,
        // A role opens the scopes of its own tenant: one of the same name elsewhere is another role.
        roles: account?.organization === organization ? held : [],
        bindings: await this.bindingsOf(organization),
        applicationScopes,
        isAllowed: (scope) => this.allowed.some((pattern) => pattern.matches(scope)),
        refusesUnknown: this.oauth.restrictUnassignedScopes,
        hasIdentity,
      });
    const granted = await judged(requested, client.organization);
    // Through a client of another tenant a user gets no scope that its own tenant would refuse.
    return account && account.organization !== client.organization ? judged(granted, account.organization) : granted;
  }

  private bindingsOf(organization: string): Promise<ReadonlyMap<string, readonly string[]>> {
    return this.bindings.get(organization, async () => {
      const rows = await this.rows.findBy({ organization });
      return new Map(rows.map(({ name, roles }) => [name, roles]));
    });
  }
}

const patternOf = (text: string): RE2JS => {
  try {
    return RE2JS.compile(text);
  } catch (err) {
    throw new StartError(`allowed_scopes (of apim.oauth_config, or of oauth) holds ${text}, which is no regular expression`, {
      cause: err,
    });
  }
};
