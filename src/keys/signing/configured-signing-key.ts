import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { GatewayDocuments } from '../../domain/gateway-documents.js';
import { SUPER_TENANT } from '../../domain/organization.js';
import { CryptoConfig } from '../../platform/config/sections/crypto.config.js';
import { KeystoreConfig } from '../../platform/config/sections/keystore.config.js';
import type { Tx } from '../../platform/database/transactions.js';
import { Feed } from '../../platform/feed/feed.js';
import { TenantSeeds } from '../../platform/tenancy/tenant-seeds.js';
import { isConfigured, readKeyStore } from '../../platform/tls/key-store.js';
import { KeyManagerUrls } from '../key-manager-urls.js';
import { SigningKeys } from './signing-keys.js';

/** Has the key pair of `keystore.primary` sign the tokens of the super tenant; the one before it goes on verifying. */
@Injectable()
export class ConfiguredSigningKey implements OnModuleInit {
  constructor(
    private readonly config: KeystoreConfig,
    private readonly crypto: CryptoConfig,
    private readonly keys: SigningKeys,
    private readonly seeds: TenantSeeds,
    private readonly urls: KeyManagerUrls,
    private readonly feed: Feed,
  ) {}

  /** @throws StartError for a key store that cannot be used. */
  async onModuleInit(): Promise<void> {
    if (!isConfigured(this.config.primary)) return;
    const pair = await readKeyStore('keystore.primary', this.config.primary, this.crypto);
    this.seeds.register(2, async (tx, organization) => {
      if (organization !== SUPER_TENANT || !(await this.keys.adopt(tx, organization, pair))) return;
      // After what the other seeds leave for the end: the key manager's document among it.
      tx.atEnd(() => this.announce(tx, organization));
    });
  }

  /** Puts the keys there are now into what gateways know of the tenant's own key manager. */
  private async announce(tx: Tx, organization: string): Promise<void> {
    const documents: readonly { key: string; body: GatewayDocuments['key-manager'] }[] = await tx.em.query(
      `SELECT key, body FROM gateway_document WHERE organization = $1 AND kind = 'key-manager' AND NOT deleted AND body ->> 'issuer' = $2`,
      [organization, this.urls.issuer(organization)],
    );
    const jwks = await this.keys.publicKeysOf(organization, tx);
    for (const { key, body } of documents) await this.feed.put(tx, organization, 'key-manager', key, { ...body, jwks });
  }
}
