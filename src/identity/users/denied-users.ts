import { Injectable } from '@nestjs/common';
import type { DenyRuleDocument } from '../../domain/deny-rules.js';
import type { Tx } from '../../platform/database/transactions.js';
import { Feed } from '../../platform/feed/feed.js';
import type { UserEntity } from './user.entity.js';

const DENIED_NAME_LOCK = 1_245_796_103;

interface KnownRule {
  readonly key: string;
  readonly body: DenyRuleDocument & { readonly type: 'USER' };
}

/** Deny rules name users, who may come after them, while tokens call users by their ids: gateways are told both. */
@Injectable()
export class DeniedUsers {
  constructor(private readonly feed: Feed) {}

  /** Held while the rule about a name changes, or its user comes. */
  async hold(tx: Tx, organization: string, name: string): Promise<void> {
    await tx.em.query(`SELECT pg_advisory_xact_lock($1, hashtext(lower($2) || '@' || $3))`, [DENIED_NAME_LOCK, name, organization]);
  }

  /** The id of the user of this name, whatever its case; null while there is none. */
  async idOf(tx: Tx, organization: string, name: string): Promise<string | null> {
    const query = 'SELECT id FROM users WHERE organization = $1 AND lower(name) = lower($2)';
    const [user]: readonly { id: string }[] = await tx.em.query(query, [organization, name]);
    return user?.id ?? null;
  }

  /** Tells the gateways of a new user, in the transaction that makes it, where the name is denied already. */
  async meet(tx: Tx, { id, organization, name }: UserEntity): Promise<void> {
    await this.hold(tx, organization, name);
    const rules: readonly KnownRule[] = await tx.em.query(
      `SELECT key, body FROM gateway_document
       WHERE organization = $1 AND kind = 'deny-rule' AND NOT deleted AND body->>'type' = 'USER' AND lower(body->>'name') = lower($2)`,
      [organization, name],
    );
    for (const { key, body } of rules) await this.feed.put(tx, organization, 'deny-rule', key, { ...body, id });
  }
}
