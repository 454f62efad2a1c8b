import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { KeyManagerDocument } from '../../domain/gateway-documents.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { Feed } from '../../platform/feed/feed.js';
import { Log } from '../../platform/logging/log.js';
import { SigningKeys } from './signing-keys.js';

const CLEAN_EVERY_MS = 10 * 60_000;
/** Tokens are checked by other clocks than ours, too. */
const LEEWAY_SECONDS = 3_600;
/** Every tenant's own key manager has this type. */
const RESIDENT_TYPE = 'default';

/**
 * Changes the keys that sign. A new key is first made known, in the JWKS documents and to the gateways, and signs when its time has come: the clock decides,
 * so that there is no second step that could be missed. The key before it verifies until its last token has ended.
 */
@Injectable()
export class KeyRotation implements OnModuleInit, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly keys: SigningKeys,
    private readonly transactions: Transactions,
    private readonly feed: Feed,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.timer = setInterval(
      () => this.clean().catch((err: unknown) => this.log.warn({ err }, 'old signing keys stay for now')),
      CLEAN_EVERY_MS,
    );
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Gives the tenant a key that signs from then on; its id. */
  rotate(organization: string, signsFrom: Date): Promise<string> {
    return this.transactions.run(async (tx) => {
      const kid = await this.keys.add(tx, organization, signsFrom);
      await this.announce(tx, organization);
      return kid;
    });
  }

  /** Removes keys that nobody needs any more. */
  async clean(): Promise<void> {
    await this.transactions.run(async (tx) => {
      const before = Math.floor(Date.now() / 1_000) - LEEWAY_SECONDS;
      for (const organization of await this.keys.removeSpent(tx, before)) await this.announce(tx, organization);
    });
  }

  /** Puts the keys there are now into what the gateways know of the tenant's own key manager. */
  private async announce(tx: Tx, organization: string): Promise<void> {
    const documents: readonly { key: string; body: KeyManagerDocument }[] = await tx.em.query(
      `SELECT key, body FROM gateway_document WHERE organization = $1 AND kind = 'key-manager' AND NOT deleted AND body ->> 'type' = $2`,
      [organization, RESIDENT_TYPE],
    );
    const jwks = await this.keys.publicKeysOf(organization, tx);
    for (const { key, body } of documents) await this.feed.put(tx, organization, 'key-manager', key, { ...body, jwks });
  }
}
