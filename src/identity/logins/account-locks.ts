import { Injectable } from '@nestjs/common';
import { fullName, type UserName } from '../../domain/organization.js';
import { IdentityMgtConfig } from '../../platform/config/sections/identity-mgt.config.js';
import { Audit } from '../../platform/logging/audit.js';
import { AccountRows } from './account-rows.js';
import type { LoginFailures } from './lock-rules.js';

/** A longer lock ends in no one’s time; without a bound the growing ratio leaves the calendar. */
const LOCK_MS_MAX = 365 * 86_400_000;
const MINUTE_MS = 60_000;
/** Members are never locked out (`reference/identity.md` §1). */
const NEVER_LOCKED = 'internal/system';

export interface LockableAccount extends UserName, LoginFailures {
  readonly id: string;
  readonly roles: readonly string[];
}

/** Locks accounts after failed logins in a row, and opens them on a success (`reference/identity.md` §6). Every change is one statement on the row. */
@Injectable()
export class AccountLocks {
  constructor(
    private readonly rows: AccountRows,
    private readonly config: IdentityMgtConfig,
    private readonly audit: Audit,
  ) {}

  /** Counts a wrong password. */
  async failed(account: LockableAccount): Promise<void> {
    const { enableAccountLocking, allowedFailedAttempts, autoUnlockAfter, autoUnlockTimeIncrementRatio } = this.config.accountLocking;
    if (!enableAccountLocking || account.roles.some((role) => role.toLowerCase() === NEVER_LOCKED)) return;
    // Of two servers that count at once the second sees what the first wrote: the row is locked by the statement.
    const row = await this.rows.lock(
      account.organization,
      `UPDATE users SET
         failed_logins = CASE WHEN failed_logins + 1 >= $2 THEN 0 ELSE failed_logins + 1 END,
         lockouts = CASE WHEN failed_logins + 1 >= $2 THEN lockouts + 1 ELSE lockouts END,
         unlock_at = CASE WHEN failed_logins + 1 >= $2
           THEN now() + least($5::float8, $3::float8 * power($4::float8, least(lockouts, 64))) * interval '1 millisecond' END
       WHERE id = $1 AND NOT locked AND (unlock_at IS NULL OR unlock_at <= now())
       RETURNING unlock_at`,
      [account.id, allowedFailedAttempts, autoUnlockAfter * MINUTE_MS, autoUnlockTimeIncrementRatio, LOCK_MS_MAX],
    );
    const locked = row?.unlock_at;
    if (locked) this.record(account, 'locked', { lockedReason: 'MAX_ATTEMPTS_EXCEEDED', unlockTime: locked.toISOString() });
  }

  /** Forgets earlier failures; false when the account was locked meanwhile, by another server: the login is refused then. */
  async succeeded(account: LockableAccount): Promise<boolean> {
    const rows = await this.rows.update(
      `UPDATE users SET failed_logins = 0, lockouts = 0, unlock_at = NULL
       WHERE id = $1 AND NOT locked AND (unlock_at IS NULL OR unlock_at <= now()) RETURNING id`,
      [account.id],
    );
    if (rows.length > 0 && account.unlockAt !== null) this.record(account, 'unlocked', { reason: 'the lock had expired' });
    return rows.length > 0;
  }

  private record(account: LockableAccount, action: string, info: object): void {
    const user = fullName(account);
    this.audit.record({ organization: account.organization, type: 'User', action, performedBy: 'system', info: { user, ...info } });
  }
}
