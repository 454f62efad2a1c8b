import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { OauthConfig } from '../../platform/config/sections/oauth.config.js';
import type { Tx } from '../../platform/database/transactions.js';
import { Feed } from '../../platform/feed/feed.js';
import { TenantSeeds } from '../../platform/tenancy/tenant-seeds.js';
import { servedGrants } from '../engine/served-grants.js';
import { KeyManagerUrls } from '../key-manager-urls.js';
import { SigningKeys } from '../signing/signing-keys.js';
import { KeyManagerEntity } from './key-manager.entity.js';
import { type KeyManager, RESIDENT, RESIDENT_SETTINGS, RESIDENT_TYPE } from './key-manager.js';

/** The key managers of the tenants; each tenant has the resident one, which is this server. */
@Injectable()
export class KeyManagersService implements OnModuleInit {
  constructor(
    @InjectRepository(KeyManagerEntity) private readonly rows: Repository<KeyManagerEntity>,
    private readonly seeds: TenantSeeds,
    private readonly keys: SigningKeys,
    private readonly feed: Feed,
    private readonly urls: KeyManagerUrls,
    private readonly config: OauthConfig,
  ) {}

  onModuleInit(): void {
    this.seeds.register(1, (tx, organization) => this.seed(tx, organization));
  }

  /** By name, the resident one among them. */
  async list(organization: string): Promise<readonly KeyManager[]> {
    const rows = await this.rows.find({ where: { organization }, order: { name: 'ASC' } });
    return rows.map((row) => this.toKeyManager(row));
  }

  /** The portals send either; a name wins over an id. */
  async byNameOrId(organization: string, text: string): Promise<KeyManager | undefined> {
    const all = await this.list(organization);
    return all.find(({ name }) => name === text) ?? all.find(({ id }) => id === text);
  }

  /**
   * Gives a tenant its signing key and its resident key manager, and tells the gateways. Also runs at every start: the issuer is made of the host
   * name and the port, so the gateways are told again when these have changed.
   */
  private async seed(tx: Tx, organization: string): Promise<void> {
    await this.keys.seed(tx, organization);
    const issuer = this.urls.issuer(organization);
    const known = await tx.em.findOneBy(KeyManagerEntity, { organization, name: RESIDENT });
    if (known?.issuer === issuer) return;
    if (known) await tx.em.update(KeyManagerEntity, { organization, id: known.id }, { issuer });
    else await tx.em.insert(KeyManagerEntity, residentOf(organization, issuer));
    await this.feed.put(tx, organization, 'key-manager', RESIDENT, {
      name: RESIDENT,
      issuer,
      enabled: known?.enabled ?? true,
      jwks: await this.keys.publicKeysOf(organization, tx),
      consumerKeyClaim: RESIDENT_SETTINGS.consumerKeyClaim,
      scopesClaim: RESIDENT_SETTINGS.scopesClaim,
    });
  }

  private toKeyManager({ settings, ...row }: KeyManagerEntity): KeyManager {
    return {
      ...row,
      ...settings,
      tokenEndpoint: this.urls.token,
      revokeEndpoint: this.urls.revoke,
      userInfoEndpoint: `${this.urls.base}/oauth2/userinfo`,
      availableGrantTypes: [...servedGrants(this.config)],
    };
  }
}

const residentOf = (organization: string, issuer: string) => ({
  id: randomUUID(),
  organization,
  name: RESIDENT,
  displayName: RESIDENT,
  type: RESIDENT_TYPE,
  description: 'This is Resident Key Manager',
  enabled: true,
  issuer,
  settings: RESIDENT_SETTINGS,
});
