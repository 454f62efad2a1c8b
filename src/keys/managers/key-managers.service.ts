import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { In, type Repository } from 'typeorm';
import { GLOBAL_ORGANIZATION } from '../../domain/organization.js';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import { OauthConfig } from '../../platform/config/sections/oauth.config.js';
import { Secrets } from '../../platform/crypto/secrets.js';
import type { Tx } from '../../platform/database/transactions.js';
import { Feed } from '../../platform/feed/feed.js';
import { TenantSeeds } from '../../platform/tenancy/tenant-seeds.js';
import type { ConnectedKeyManager } from '../connectors/connector.js';
import { servedGrants } from '../engine/served-grants.js';
import { KeyManagerUrls } from '../key-manager-urls.js';
import { type KeyPair, SigningKeys } from '../signing/signing-keys.js';
import { connectedKeyManager } from './connected-key-manager.js';
import { KeyManagerEntity } from './key-manager.entity.js';
import { type KeyManager, RESIDENT, RESIDENT_SETTINGS, RESIDENT_TYPE } from './key-manager.js';
import { keyManagerDocument } from './key-manager-document.js';

/** The key managers of the tenants: the resident one, which is this server, and those outside; the global ones are every tenant's. */
@Injectable()
export class KeyManagersService implements OnModuleInit {
  constructor(
    @InjectRepository(KeyManagerEntity) private readonly rows: Repository<KeyManagerEntity>,
    private readonly seeds: TenantSeeds,
    private readonly keys: SigningKeys,
    private readonly feed: Feed,
    private readonly urls: KeyManagerUrls,
    private readonly secrets: Secrets,
    private readonly oauth: OauthConfig,
    private readonly apim: ApimConfig,
  ) {}

  onModuleInit(): void {
    this.seeds.register(
      1,
      (tx, organization) => this.seed(tx, organization),
      async (tenant) => {
        const pair = await this.keys.make(tenant);
        return (tx, organization) => this.seed(tx, organization, pair);
      },
    );
  }

  /** The tenant's own and the global ones, by name, enabled or not. */
  async list(organization: string): Promise<readonly KeyManager[]> {
    const rows = await this.rows.find({ where: { organization: In([organization, GLOBAL_ORGANIZATION]) }, order: { name: 'ASC' } });
    return rows.map((row) => this.toKeyManager(row));
  }

  /** Those of every tenant, and the global ones. */
  async ofAllTenants(): Promise<readonly KeyManager[]> {
    const rows = await this.rows.find({ order: { organization: 'ASC', name: 'ASC' } });
    return rows.map((row) => this.toKeyManager(row));
  }

  /** The portals send either; a name wins over an id. */
  async byNameOrId(organization: string, text: string): Promise<KeyManager | undefined> {
    const all = await this.list(organization);
    return all.find(({ name }) => name === text) ?? all.find(({ id }) => id === text);
  }

  /** Keeps these of the tenant's own and the global ones from being deleted until the transaction ends; gives the names of those that are not there. */
  async hold(tx: Tx, organization: string, names: readonly string[]): Promise<readonly string[]> {
    if (names.length === 0) return [];
    const rows: readonly { name: string }[] = await tx.em.query(
      'SELECT name FROM key_managers WHERE organization = ANY($1) AND name = ANY($2) ORDER BY name FOR KEY SHARE',
      [[organization, GLOBAL_ORGANIZATION], [...names]],
    );
    const held = new Set(rows.map(({ name }) => name));
    return names.filter((name) => !held.has(name));
  }

  /** The key manager as its connector needs it, with its secrets. Undefined when it is gone. */
  async connected({ organization, id }: Pick<KeyManager, 'organization' | 'id'>): Promise<ConnectedKeyManager | undefined> {
    const row = await this.rows.findOneBy({ organization, id });
    return row ? this.toConnected(row) : undefined;
  }

  toConnected(row: KeyManagerEntity): ConnectedKeyManager {
    return connectedKeyManager(row, (sealed) => this.secrets.decrypt(sealed));
  }

  toKeyManager({ settings, ...row }: KeyManagerEntity): KeyManager {
    const { id, organization, name, displayName, type, description, enabled, issuer } = row;
    const known = { ...settings, id, organization, name, displayName, type, description, enabled, issuer };
    const secretNames = Object.keys(row.secrets);
    return type === RESIDENT_TYPE ? { ...known, ...this.ownEndpoints(organization, settings), secretNames } : { ...known, secretNames };
  }

  /** Tells the gateways of a key manager as it is now. */
  async publish(tx: Tx, row: KeyManagerEntity): Promise<void> {
    await this.feed.put(tx, row.organization, 'key-manager', row.name, await this.documentOf(tx, row));
  }

  private async documentOf(tx: Tx, row: KeyManagerEntity) {
    const keys = row.type === RESIDENT_TYPE ? await this.keys.publicKeysOf(row.organization, tx) : row.keys;
    return keyManagerDocument(this.toKeyManager(row), keys);
  }

  /**
   * Gives a tenant its signing key and its resident key manager, and tells the gateways. Also runs at every start: the issuer is made of the host
   * name and the port, so the gateways are told again when these have changed.
   */
  private async seed(tx: Tx, organization: string, pair?: KeyPair): Promise<void> {
    await this.keys.seed(tx, organization, pair);
    const issuer = this.urls.issuer(organization);
    const known = await tx.em.findOneBy(KeyManagerEntity, { organization, type: RESIDENT_TYPE });
    if (!known && this.apim.keyManager.skipCreateResidentKeyManager) return;
    const row = known ?? residentOf(organization);
    if (!known) await tx.em.insert(KeyManagerEntity, { ...row, issuer });
    else if (known.issuer !== issuer) await tx.em.update(KeyManagerEntity, { organization, id: known.id }, { issuer });
    await this.feed.putIfChanged(tx, organization, 'key-manager', row.name, await this.documentOf(tx, { ...row, issuer }));
  }

  private ownEndpoints(organization: string, { availableGrantTypes }: KeyManagerEntity['settings']) {
    return {
      wellKnownEndpoint: this.urls.tenant(organization, '/oauth2/token/.well-known/openid-configuration'),
      introspectionEndpoint: `${this.urls.base}/oauth2/introspect`,
      clientRegistrationEndpoint: `${this.urls.base}/client-registration/v0.17/register`,
      tokenEndpoint: this.urls.token,
      revokeEndpoint: this.urls.revoke,
      userInfoEndpoint: `${this.urls.base}/oauth2/userinfo`,
      authorizeEndpoint: `${this.urls.base}/oauth2/authorize`,
      certificates: { type: 'JWKS', value: this.urls.tenant(organization, '/oauth2/jwks') },
      availableGrantTypes: availableGrantTypes.length > 0 ? availableGrantTypes : [...servedGrants(this.oauth)],
    } as const;
  }
}

const residentOf = (organization: string): KeyManagerEntity => ({
  id: randomUUID(),
  organization,
  name: RESIDENT,
  displayName: RESIDENT,
  type: RESIDENT_TYPE,
  description: 'This is Resident Key Manager',
  enabled: true,
  issuer: '',
  settings: RESIDENT_SETTINGS,
  secrets: {},
  keys: [],
  keysFetchedAt: null,
  keysError: '',
});
