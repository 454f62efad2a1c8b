import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { Accounts } from '../../platform/auth/accounts.js';
import { inBatches } from '../../platform/database/batches.js';
import { Log } from '../../platform/logging/log.js';
import { epochSeconds } from '../tokens/lifetimes.js';
import type { RemoteUser } from '../trusted-issuers/trusted-issuer.js';
import { TrustedIssuers } from '../trusted-issuers/trusted-issuers.service.js';
import { FederatedAccountEntity } from './federated-account.entity.js';
import type { TokenSubject } from './token-subject.js';

const PURGE_EVERY_MS = 10 * 60_000;
const PURGED_AT_ONCE = 500;
/** How long an account is kept after its last token has ended, and what one that was merely seen is given. */
const KEPT_SECONDS = 30 * 86_400;
/** The end of the tokens is noted a day ahead, so that hardly any token causes a write. */
const NOTED_AHEAD_SECONDS = 86_400;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export interface FederatedAccount extends TokenSubject {
  readonly subject: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** The same for the same user of the same issuer at any time: an account that was forgotten owns, when its user comes back, what it owned before. */
const idOf = (organization: string, issuer: string, subject: string): string => {
  const hex = createHash('sha256')
    .update(JSON.stringify([organization, issuer, subject]))
    .digest('hex');
  // A UUID of version 8 (RFC 9562 §5.8).
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

/**
 * Users of outside identity providers, known here by what their provider says. They are nobody's local account, whatever they are called:
 * their names begin with `FEDERATED/`, which no user of the store can have.
 */
@Injectable()
export class FederatedAccounts implements OnModuleInit, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    @InjectRepository(FederatedAccountEntity) private readonly rows: Repository<FederatedAccountEntity>,
    private readonly issuers: TrustedIssuers,
    private readonly accounts: Accounts,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.timer = setInterval(
      () => this.purge().catch((err: unknown) => this.log.warn({ err }, 'accounts of outside users stay for now')),
      PURGE_EVERY_MS,
    );
    this.timer.unref();
  }

  onModuleDestroy(): void {
    this.stopped = true;
    clearInterval(this.timer);
  }

  /** The account of the issuer's user, made on first sight, with the roles and claims as they are now. */
  async present(organization: string, issuer: string, { subject, roles, claims }: RemoteUser): Promise<FederatedAccount> {
    const key = { organization, issuer, subject };
    const known = await this.rows.findOneBy(key);
    if (known && isDeepStrictEqual([known.roles, known.claims], [roles, claims])) return accountOf(known);
    const row = { ...key, id: known?.id ?? idOf(organization, issuer, subject), roles: [...roles], claims, modifiedAt: new Date() };
    // Of two first sights at once the database keeps one id.
    const [{ id } = row]: readonly { id: string }[] = await this.rows.query(
      `INSERT INTO federated_accounts (id, organization, issuer, subject, roles, claims, modified_at, needed_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (organization, issuer, subject)
       DO UPDATE SET roles = excluded.roles, claims = excluded.claims, modified_at = excluded.modified_at RETURNING id`,
      [row.id, organization, issuer, subject, row.roles, JSON.stringify(claims), row.modifiedAt, epochSeconds()],
    );
    return accountOf({ ...row, id });
  }

  /** Keeps the account until its token has ended; `end` in epoch seconds. */
  async neededUntil(id: string, end: number): Promise<void> {
    await this.rows.query('UPDATE federated_accounts SET needed_until = $2 WHERE id = $1 AND needed_until < $3', [
      id,
      end + NOTED_AHEAD_SECONDS,
      end,
    ]);
  }

  /** Forgets accounts whose last token ended long ago. */
  async purge(): Promise<void> {
    const batch = async () => {
      const [, gone]: [unknown, number] = await this.rows.query(
        `DELETE FROM federated_accounts WHERE id IN
           (SELECT id FROM federated_accounts WHERE needed_until < $1 ORDER BY needed_until LIMIT $2 FOR UPDATE SKIP LOCKED)`,
        [epochSeconds() - KEPT_SECONDS, PURGED_AT_ONCE],
      );
      return gone;
    };
    await inBatches(PURGED_AT_ONCE, batch, () => this.stopped);
  }

  /** The account of this id, while its tenant is active and its issuer is still trusted there. */
  async byId(id: string): Promise<FederatedAccount | undefined> {
    const row = UUID.test(id) ? await this.rows.findOneBy({ id }) : null;
    if (!row || !(await this.accounts.isActive(row.organization))) return undefined;
    return (await this.issuers.find(row.organization, row.issuer)) && accountOf(row);
  }
}

const accountOf = ({ id, organization, subject, roles, claims }: Omit<FederatedAccountEntity, 'neededUntil'>): FederatedAccount => ({
  id,
  organization,
  name: `FEDERATED/${id}`,
  subject,
  roles,
  claims,
});
