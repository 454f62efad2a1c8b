import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource, type EntityManager, In } from 'typeorm';
import { found } from '../../domain/problem.js';
import { ExpiringCache } from '../../platform/cache/expiring-cache.js';
import { ApimOauthConfig, OauthConfig } from '../../platform/config/sections/oauth.config.js';
import { Passwords } from '../../platform/crypto/passwords.js';
import { Secrets } from '../../platform/crypto/secrets.js';
import type { Tx } from '../../platform/database/transactions.js';
import { audited } from './client-audit.js';
import { formsOf, hashOf, isOneOf, isSlowHash, newClientSecret } from './client-secret.js';
import { OAuthClientEntity, OAuthClientSecretEntity } from './oauth-client.entity.js';
import type { ClientSecret, NewClientSecret } from './oauth-client.js';
import {
  ClientNotFound,
  ClientSecretNotFound,
  NewestSecretStays,
  SeveralSecretsOff,
  SeveralSecretsOn,
  TooManySecrets,
} from './oauth-clients.problems.js';
import type { SecretForm } from './secret-mask.js';

/** A secret to store: its text and its hash. */
export interface SecretValue {
  readonly plain: string;
  readonly hash: string;
}

export interface SecretOptions {
  readonly description?: string;
  /** Seconds; 0 or absent never expires. */
  readonly expiresIn?: number;
  /** In place of `expiresIn`; null never expires. */
  readonly expiresAt?: Date | null;
  /** A random one unless given. */
  readonly value?: SecretValue;
}

/** Where the configuration sets no limit: every token request compares with all of them. */
const SECRETS_MAX = 100;
/** How long a secret that somebody thought of stays verified without its slow hash. */
const REMEMBERED_MS = 15 * 60_000;
const REMEMBERED_MAX = 10_000;

export const randomSecret = (): SecretValue => {
  const plain = newClientSecret();
  return { plain, hash: hashOf(plain) };
};

/**
 * The secrets of OAuth clients: random ones of ours under a fast hash, those that callers chose under the slow hash of passwords, and beside it, unless
 * `apim.oauth_config.enable_token_hashing` forbids it, the encrypted text that exports need.
 */
@Injectable()
export class ClientSecrets implements OnApplicationBootstrap {
  /** Answers of the slow hash, by a keyed hash of what was compared. */
  private readonly compared = new ExpiringCache<boolean>(REMEMBERED_MS, REMEMBERED_MAX);
  private readonly compareKey = randomBytes(32);

  constructor(
    private readonly database: DataSource,
    private readonly atRest: Secrets,
    private readonly passwords: Passwords,
    private readonly config: OauthConfig,
    private readonly apimConfig: ApimOauthConfig,
  ) {}

  /** The encrypted texts of secrets that were made before hashing was switched on go at the first start with it; the secrets themselves go on working. */
  async onApplicationBootstrap(): Promise<void> {
    if (this.hashesOnly) await this.database.query('UPDATE oauth_client_secrets SET secret = NULL WHERE secret IS NOT NULL');
  }

  /** Whether secrets are kept as hashes alone. */
  get hashesOnly(): boolean {
    return this.apimConfig.enableTokenHashing;
  }

  private get several(): boolean {
    return this.config.multipleClientSecrets.enable;
  }

  /** How secrets are written in answers that did not make them: plain only where a client has a single one. */
  get readForm(): SecretForm {
    return this.several ? 'masked' : 'plain';
  }

  /** @throws SeveralSecretsOff (400) */
  assertSeveral(): void {
    if (!this.several) throw SeveralSecretsOff();
  }

  /** @throws SeveralSecretsOn (400) */
  assertSingle(): void {
    if (this.several) throw SeveralSecretsOn();
  }

  /** A secret that a caller chose. Its slow hash takes some 30 ms: to be made before a transaction begins. */
  async chosen(plain: string): Promise<SecretValue> {
    return { plain, hash: await this.passwords.hash(plain) };
  }

  /** Whether the secret is one of those with these hashes. */
  async isOneOf(secret: string, hashes: readonly string[]): Promise<boolean> {
    const fast = hashes.filter((hash) => !isSlowHash(hash));
    if (isOneOf(secret, fast)) return true;
    for (const hash of hashes)
      if (isSlowHash(hash)) for (const form of formsOf(secret)) if (await this.matchesSlowly(form, hash)) return true;
    return false;
  }

  /** The client's secrets, oldest first; inside a transaction also those it has just added. */
  async of(organization: string, clientId: string, em: EntityManager = this.database.manager): Promise<readonly ClientSecret[]> {
    return (await this.ofAll(organization, [clientId], em)).get(clientId) ?? [];
  }

  /** The secrets of several clients, by client, oldest first. */
  async ofAll(
    organization: string,
    clientIds: readonly string[],
    em: EntityManager = this.database.manager,
  ): Promise<ReadonlyMap<string, readonly ClientSecret[]>> {
    const secrets = new Map<string, ClientSecret[]>();
    if (clientIds.length === 0) return secrets;
    const where = { organization, clientId: In([...clientIds]) };
    for (const row of await em.find(OAuthClientSecretEntity, { where, order: { ordinal: 'ASC' } })) {
      const known = secrets.get(row.clientId) ?? [];
      secrets.set(row.clientId, [...known, this.read(row)]);
    }
    return secrets;
  }

  /** Adds a secret. @throws ClientNotFound (404), TooManySecrets (400) */
  async add(tx: Tx, organization: string, clientId: string, options: SecretOptions): Promise<NewClientSecret> {
    await lock(tx, organization, clientId);
    const max = Math.min(this.config.multipleClientSecrets.secretCount || SECRETS_MAX, SECRETS_MAX);
    // One that has expired opens nothing any more and takes nobody's place.
    await tx.em.query('DELETE FROM oauth_client_secrets WHERE organization = $1 AND client_id = $2 AND expires_at < now()', [
      organization,
      clientId,
    ]);
    if ((await tx.em.countBy(OAuthClientSecretEntity, { organization, clientId })) >= max) throw TooManySecrets(max);
    audited(tx, organization, clientId, 'secret added');
    tx.raise('oauth-client.changed', { organization, clientId });
    return this.insert(tx, organization, clientId, options);
  }

  /** Removes one secret, which stops working at once. @throws ClientNotFound, ClientSecretNotFound (404), NewestSecretStays (400) */
  async remove(tx: Tx, organization: string, clientId: string, secretId: string): Promise<void> {
    await lock(tx, organization, clientId);
    const secrets = await this.of(organization, clientId, tx.em);
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

  /** Replaces all secrets by a new one. @throws ClientNotFound (404) */
  async replace(tx: Tx, organization: string, clientId: string): Promise<NewClientSecret> {
    await lock(tx, organization, clientId);
    await tx.em.delete(OAuthClientSecretEntity, { organization, clientId });
    audited(tx, organization, clientId, 'secrets replaced');
    tx.raise('oauth-client.changed', { organization, clientId });
    return this.insert(tx, organization, clientId, {});
  }

  /** For a client that is being made; {@link add} is for those that exist. */
  async insert(
    tx: Tx,
    organization: string,
    clientId: string,
    { description = '', expiresIn = 0, expiresAt: endsAt, value = randomSecret() }: SecretOptions,
  ): Promise<NewClientSecret> {
    const id = randomUUID();
    const after = expiresIn > 0 ? new Date(Date.now() + expiresIn * 1000) : null;
    const expiresAt = endsAt === undefined ? after : endsAt;
    const secret = this.hashesOnly ? null : this.atRest.encrypt(value.plain);
    await tx.em.insert(OAuthClientSecretEntity, { id, organization, clientId, secret, hash: value.hash, description, expiresAt });
    return { id, description, secret: value.plain, expiresAt };
  }

  private read({ id, description, secret, expiresAt }: OAuthClientSecretEntity): ClientSecret {
    return { id, description, secret: secret === null ? null : this.atRest.decrypt(secret), expiresAt };
  }

  private matchesSlowly(secret: string, hash: string): Promise<boolean> {
    const key = createHmac('sha256', this.compareKey).update(`${hash}\0${secret}`).digest('base64');
    return this.compared.get(key, () => this.passwords.matches(secret, hash));
  }
}

const lock = async (tx: Tx, organization: string, clientId: string): Promise<void> => {
  const where = { organization, clientId };
  found(await tx.em.findOne(OAuthClientEntity, { where, lock: { mode: 'pessimistic_write' } }), ClientNotFound, clientId);
};
