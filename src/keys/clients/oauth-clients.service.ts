import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { found } from '../../domain/problem.js';
import { ExpiringCache } from '../../platform/cache/expiring-cache.js';
import { onConflict, type Tx } from '../../platform/database/transactions.js';
import { Events } from '../../platform/events/events.js';
import { Revocations } from '../revocations/revocations.service.js';
import { audited } from './client-audit.js';
import { newClientId } from './client-secret.js';
import { ClientSecrets, type SecretOptions } from './client-secrets.js';
import { OAuthClientEntity, OAuthClientSecretEntity } from './oauth-client.entity.js';
import { type ClientCredentials, type ClientRegistration, type OAuthClient, SERVER_LIFETIMES } from './oauth-client.js';
import { ClientIdTaken, ClientNameTaken, ClientNotFound } from './oauth-clients.problems.js';

/** How long a change by another server on the same database may stay unseen; our own are seen at once. */
const REMEMBERED_MS = 15_000;
const CLIENTS_MAX = 20_000;

interface Held {
  readonly client: OAuthClient;
  readonly secrets: readonly { readonly hash: string; readonly expiresAt: number | null }[];
}

/** What a client is registered with beside what it is: by default both are random. */
export interface WantedCredentials extends SecretOptions {
  readonly clientId?: string;
}

/** The OAuth clients of all tenants. */
@Injectable()
export class OAuthClientsService implements OnModuleInit {
  private readonly held = new ExpiringCache<Held | 'none'>(REMEMBERED_MS, CLIENTS_MAX);

  constructor(
    @InjectRepository(OAuthClientEntity) private readonly rows: Repository<OAuthClientEntity>,
    @InjectRepository(OAuthClientSecretEntity) private readonly secretRows: Repository<OAuthClientSecretEntity>,
    private readonly secrets: ClientSecrets,
    private readonly revocations: Revocations,
    private readonly events: Events,
  ) {}

  onModuleInit(): void {
    // The whole memory: a read that began before the change must not be stored after it.
    this.events.on('oauth-client.changed', () => this.held.clear());
  }

  /** Makes a client with one secret. @throws ClientNameTaken, ClientIdTaken (409) */
  async register(
    tx: Tx,
    organization: string,
    registration: ClientRegistration,
    { clientId: wantedId, ...wantedSecret }: WantedCredentials = {},
  ): Promise<ClientCredentials> {
    const clientId = wantedId ?? newClientId();
    const row = { clientId, organization, ...rowOf({ ...BLANK, displayName: registration.name, ...registration }) };
    await tx.em
      .insert(OAuthClientEntity, row)
      .catch(onConflict('oauth_clients_name', () => ClientNameTaken(registration.name)))
      .catch(onConflict('oauth_clients_pkey', () => ClientIdTaken(clientId)));
    audited(tx, organization, clientId, 'created');
    const secret = await this.secrets.insert(tx, organization, clientId, wantedSecret);
    // Nobody can have asked for a random id before.
    if (wantedId !== undefined) tx.raise('oauth-client.changed', { organization, clientId });
    return { clientId, secret };
  }

  /** Changes what the patch names. @throws ClientNotFound, ClientNameTaken */
  async update(tx: Tx, organization: string, clientId: string, patch: Partial<ClientRegistration>): Promise<OAuthClient> {
    const row = await this.lock(tx, organization, clientId);
    const client = { ...clientOf(row), ...patch };
    const changed = { ...row, ...rowOf(client) };
    await tx.em.save(OAuthClientEntity, changed).catch(onConflict('oauth_clients_name', () => ClientNameTaken(client.name)));
    audited(tx, organization, clientId, 'updated');
    tx.raise('oauth-client.changed', { organization, clientId });
    return clientOf(changed);
  }

  /** A client that may be used. */
  async find(organization: string, clientId: string): Promise<OAuthClient | undefined> {
    const client = await this.byClientId(clientId);
    return client?.organization === organization ? client : undefined;
  }

  /** As {@link find}, for who administers it: a client that was taken out of use is there too. */
  async findAny(organization: string, clientId: string): Promise<OAuthClient | undefined> {
    const client = (await this.hold(clientId))?.client;
    return client?.organization === organization ? client : undefined;
  }

  /** The client of this id in whatever tenant, if it may be used: token requests do not name one. */
  async byClientId(clientId: string): Promise<OAuthClient | undefined> {
    const client = (await this.hold(clientId))?.client;
    return client?.isRevoked ? undefined : client;
  }

  async byName(organization: string, name: string): Promise<OAuthClient | undefined> {
    const row = await this.rows.findOneBy({ organization, name });
    return row ? clientOf(row) : undefined;
  }

  /** Whether the secret is one of the client's that has not expired. */
  async secretMatches(clientId: string, secret: string): Promise<boolean> {
    const held = await this.hold(clientId);
    const live = held?.secrets.filter(({ expiresAt }) => expiresAt === null || expiresAt > Date.now()) ?? [];
    return this.secrets.isOneOf(
      secret,
      live.map(({ hash }) => hash),
    );
  }

  /** Takes a client out of use, which kills its tokens, or puts it back. @throws ClientNotFound (404) */
  async setRevoked(tx: Tx, organization: string, clientId: string, isRevoked: boolean): Promise<void> {
    await this.update(tx, organization, clientId, { isRevoked });
    if (isRevoked) await this.revocations.consumerKey(tx, organization, clientId);
  }

  /** Removes the client; every token it was given dies. */
  async remove(tx: Tx, organization: string, clientId: string): Promise<void> {
    const { affected } = await tx.em.delete(OAuthClientEntity, { organization, clientId });
    if (!affected) return;
    await this.revocations.consumerKey(tx, organization, clientId);
    audited(tx, organization, clientId, 'deleted');
    tx.raise('oauth-client.changed', { organization, clientId });
  }

  private async lock(tx: Tx, organization: string, clientId: string): Promise<OAuthClientEntity> {
    const row = await tx.em.findOne(OAuthClientEntity, { where: { organization, clientId }, lock: { mode: 'pessimistic_write' } });
    return found(row, ClientNotFound, clientId);
  }

  private async hold(clientId: string): Promise<Held | undefined> {
    if (clientId.includes('\0')) return undefined; // no text of the database holds it
    const held = await this.held.get(clientId, async () => {
      const [row, secrets] = await Promise.all([this.rows.findOneBy({ clientId }), this.secretRows.findBy({ clientId })]);
      if (!row) return 'none';
      return { client: clientOf(row), secrets: secrets.map(({ hash, expiresAt }) => ({ hash, expiresAt: expiresAt?.getTime() ?? null })) };
    });
    return held === 'none' ? undefined : held;
  }
}

const BLANK = {
  callbackUrl: '',
  saas: false,
  tokenType: 'JWT',
  lifetimes: SERVER_LIFETIMES,
  pkceMandatory: false,
  pkceSupportPlain: false,
  bypassClientCredentials: false,
  skipConsent: false,
  scopes: [] as readonly string[],
};

const rowOf = (client: Omit<OAuthClient, 'clientId' | 'organization'>) => {
  const { name, displayName, owner, grantTypes, callbackUrl, saas, tokenType } = client;
  const {
    lifetimes,
    pkceMandatory,
    pkceSupportPlain,
    bypassClientCredentials,
    skipConsent,
    scopes,
    audiences = [],
    ownerOrganization,
    isRevoked,
  } = client;
  const settings = {
    lifetimes,
    pkceMandatory,
    pkceSupportPlain,
    bypassClientCredentials,
    skipConsent,
    scopes,
    audiences,
    ...(ownerOrganization && { ownerOrganization }),
    ...(isRevoked && { isRevoked }),
  };
  return { name, displayName, owner, grantTypes: [...grantTypes], callbackUrl, saas, tokenType, settings };
};

const clientOf = ({ settings, ...row }: OAuthClientEntity): OAuthClient => ({ ...row, ...settings });
