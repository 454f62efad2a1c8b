import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { DataSource, type EntityManager, type Repository } from 'typeorm';
import { found } from '../../domain/problem.js';
import { ExpiringCache } from '../../platform/cache/expiring-cache.js';
import { Secrets } from '../../platform/crypto/secrets.js';
import { onConflict, type Tx } from '../../platform/database/transactions.js';
import { Events } from '../../platform/events/events.js';
import { Revocations } from '../revocations/revocations.service.js';
import { hashOf, isOneOf, newClientId, newClientSecret } from './client-secret.js';
import { OAuthClientEntity, OAuthClientSecretEntity } from './oauth-client.entity.js';
import { type ClientCredentials, type ClientRegistration, type ClientSecret, type OAuthClient, SERVER_LIFETIMES } from './oauth-client.js';
import { ClientNameTaken, ClientNotFound, ClientSecretNotFound, NewestSecretStays } from './oauth-clients.problems.js';

/** How long a change by another server on the same database may stay unseen; our own are seen at once. */
const REMEMBERED_MS = 15_000;
const CLIENTS_MAX = 20_000;

interface Held {
  readonly client: OAuthClient;
  readonly secrets: readonly { readonly hash: string; readonly expiresAt: number | null }[];
}

/** The OAuth clients of all tenants, and their secrets. */
@Injectable()
export class OAuthClientsService implements OnModuleInit {
  private readonly held = new ExpiringCache<Held | 'none'>(REMEMBERED_MS, CLIENTS_MAX);

  constructor(
    private readonly database: DataSource,
    @InjectRepository(OAuthClientEntity) private readonly rows: Repository<OAuthClientEntity>,
    @InjectRepository(OAuthClientSecretEntity) private readonly secretRows: Repository<OAuthClientSecretEntity>,
    private readonly secretsAtRest: Secrets,
    private readonly revocations: Revocations,
    private readonly events: Events,
  ) {}

  onModuleInit(): void {
    // The whole memory: a read that began before the change must not be stored after it.
    this.events.on('oauth-client.changed', () => this.held.clear());
  }

  /** Makes a client with one secret. @throws ClientNameTaken */
  async register(tx: Tx, organization: string, registration: ClientRegistration): Promise<ClientCredentials> {
    const clientId = newClientId();
    const row = { clientId, organization, ...rowOf({ ...BLANK, displayName: registration.name, ...registration }) };
    await tx.em.insert(OAuthClientEntity, row).catch(onConflict('oauth_clients_name', () => ClientNameTaken(registration.name)));
    const { secret } = await this.insertSecret(tx, organization, clientId, { description: '', expiresIn: 0 });
    audited(tx, organization, clientId, 'created');
    return { clientId, clientSecret: secret };
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

  async find(organization: string, clientId: string): Promise<OAuthClient | undefined> {
    const client = await this.byClientId(clientId);
    return client?.organization === organization ? client : undefined;
  }

  /** The client of this id in whatever tenant: token requests do not name one. */
  async byClientId(clientId: string): Promise<OAuthClient | undefined> {
    return (await this.hold(clientId))?.client;
  }

  async byName(organization: string, name: string): Promise<OAuthClient | undefined> {
    const row = await this.rows.findOneBy({ organization, name });
    return row ? clientOf(row) : undefined;
  }

  /** Whether the secret is one of the client's that has not expired. */
  async secretMatches(clientId: string, secret: string): Promise<boolean> {
    const held = await this.hold(clientId);
    const live = held?.secrets.filter(({ expiresAt }) => expiresAt === null || expiresAt > Date.now()) ?? [];
    return isOneOf(
      secret,
      live.map(({ hash }) => hash),
    );
  }

  /** Removes the client; every token it was given dies. */
  async remove(tx: Tx, organization: string, clientId: string): Promise<void> {
    const { affected } = await tx.em.delete(OAuthClientEntity, { organization, clientId });
    if (!affected) return;
    await this.revocations.consumerKey(tx, organization, clientId);
    audited(tx, organization, clientId, 'deleted');
    tx.raise('oauth-client.changed', { organization, clientId });
  }

  /** Adds a secret; `expiresIn` is in seconds, 0 or absent never expires. @throws ClientNotFound */
  async addSecret(
    tx: Tx,
    organization: string,
    clientId: string,
    options: { readonly description?: string; readonly expiresIn?: number },
  ): Promise<ClientSecret> {
    await this.lock(tx, organization, clientId);
    const secret = await this.insertSecret(tx, organization, clientId, {
      description: options.description ?? '',
      expiresIn: options.expiresIn ?? 0,
    });
    audited(tx, organization, clientId, 'secret added');
    tx.raise('oauth-client.changed', { organization, clientId });
    return secret;
  }

  /** The client's secrets, oldest first; inside a transaction also those it has just added. */
  async secrets(organization: string, clientId: string, em: EntityManager = this.database.manager): Promise<readonly ClientSecret[]> {
    const rows = await em.find(OAuthClientSecretEntity, { where: { organization, clientId }, order: { ordinal: 'ASC' } });
    return rows.map(({ id, description, secret, expiresAt }) => ({
      id,
      description,
      secret: this.secretsAtRest.decrypt(secret),
      expiresAt,
    }));
  }

  /** Removes one secret, which stops working at once. @throws ClientNotFound, ClientSecretNotFound, NewestSecretStays */
  async removeSecret(tx: Tx, organization: string, clientId: string, secretId: string): Promise<void> {
    await this.lock(tx, organization, clientId);
    const secrets = await this.secrets(organization, clientId, tx.em);
    found(
      secrets.find(({ id }) => id === secretId),
      ClientSecretNotFound,
      secretId,
    );
    if (secrets.at(-1)?.id === secretId) throw NewestSecretStays();
    await tx.em.delete(OAuthClientSecretEntity, { organization, clientId, id: secretId });
    audited(tx, organization, clientId, 'secret removed');
    tx.raise('oauth-client.changed', { organization, clientId });
  }

  /** Replaces all secrets by a new one, for servers that keep a single secret for each client. @throws ClientNotFound */
  async replaceSecrets(tx: Tx, organization: string, clientId: string): Promise<ClientSecret> {
    await this.lock(tx, organization, clientId);
    await tx.em.delete(OAuthClientSecretEntity, { organization, clientId });
    audited(tx, organization, clientId, 'secrets replaced');
    tx.raise('oauth-client.changed', { organization, clientId });
    return this.insertSecret(tx, organization, clientId, { description: '', expiresIn: 0 });
  }

  private async lock(tx: Tx, organization: string, clientId: string): Promise<OAuthClientEntity> {
    const row = await tx.em.findOne(OAuthClientEntity, { where: { organization, clientId }, lock: { mode: 'pessimistic_write' } });
    return found(row, ClientNotFound, clientId);
  }

  private async insertSecret(
    tx: Tx,
    organization: string,
    clientId: string,
    { description, expiresIn }: { readonly description: string; readonly expiresIn: number },
  ): Promise<ClientSecret> {
    const [id, plain] = [randomUUID(), newClientSecret()];
    const expiresAt = expiresIn > 0 ? new Date(Date.now() + expiresIn * 1000) : null;
    const secret = this.secretsAtRest.encrypt(plain);
    await tx.em.insert(OAuthClientSecretEntity, { id, organization, clientId, secret, hash: hashOf(plain), description, expiresAt });
    return { id, description, secret: plain, expiresAt };
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

const audited = (tx: Tx, organization: string, clientId: string, action: string): void =>
  tx.raise('audited', { organization, type: 'OAuthClient', action, info: { clientId } });

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
  const { lifetimes, pkceMandatory, pkceSupportPlain, bypassClientCredentials, skipConsent, scopes, audiences = [] } = client;
  const settings = { lifetimes, pkceMandatory, pkceSupportPlain, bypassClientCredentials, skipConsent, scopes, audiences };
  return { name, displayName, owner, grantTypes: [...grantTypes], callbackUrl, saas, tokenType, settings };
};

const clientOf = ({ settings, ...row }: OAuthClientEntity): OAuthClient => ({ ...row, ...settings });
