import { createHmac, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { fullName, parseUserName, type UserName } from '../../domain/organization.js';
import { EVERYONE_ROLE } from '../../domain/user.js';
import type { Account } from '../../platform/auth/accounts.js';
import { ExpiringCache } from '../../platform/cache/expiring-cache.js';
import { IdentityMgtConfig } from '../../platform/config/sections/identity-mgt.config.js';
import { Passwords } from '../../platform/crypto/passwords.js';
import { TooManyRequests } from '../../platform/http/too-many-requests.js';
import { Audit } from '../../platform/logging/audit.js';
import { Log } from '../../platform/logging/log.js';
import { networkOf } from '../../platform/origin/network.js';
import { notesCaller, originNow } from '../../platform/origin/origin.js';
import { isStorable } from '../users/user-rules.js';
import { AccountLocks } from './account-locks.js';
import { AccountRows } from './account-rows.js';
import { AddressThrottle } from './address-throttle.js';
import { isLockedOut, type LoginFailures } from './lock-rules.js';
import { type Hold, LoginTurns } from './login-turns.js';

/** How long another process's change may stay unseen; changes of this process are seen at once. */
const REMEMBERED_MS = 15_000;
const REMEMBERED_MAX = 50_000;
/** How long a checked password is remembered for the network it came from, under a keyed hash: a check costs some 30 ms of a core. */
const VERIFIED_MS = 15 * 60_000;
const VERIFIED_MAX = 10_000;

/** Names of failed logins are whatever was sent. */
const AUDITED_NAME_MAX = 256;

/** The password stays what it was, so the audit has nothing to tell (docs/decisions/0026-audit-rows.md). */
const REHASH = `UPDATE users SET password_hash = $3 WHERE id = $1 AND password_hash = $2 AND set_config('gatehouse.audit', 'off', true) = 'off'`;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface StoredAccount extends Account, LoginFailures {
  readonly passwordHash: string | null;
}

interface Verified {
  readonly id: string;
  /** The stored hash the password was checked against: a changed password makes the entry worthless. */
  readonly passwordHash: string;
}

interface AccountRow {
  readonly id: string;
  readonly organization: string;
  readonly name: string;
  readonly password_hash: string | null;
  readonly failed_logins: number;
  readonly lockouts: number;
  readonly unlock_at: Date | null;
  readonly roles: readonly string[];
}

/** One statement for an account that may act: not locked by an administrator, in an active tenant. */
const selectAccount = (condition: string) => `
  SELECT u.id, u.organization, u.name, u.password_hash, u.failed_logins, u.lockouts, u.unlock_at,
    coalesce(array_agg(r.name) FILTER (WHERE r.name IS NOT NULL), '{}') AS roles
  FROM users u
  JOIN tenants t ON t.organization = u.organization AND t.active
  LEFT JOIN user_roles ur ON ur.organization = u.organization AND ur.user_id = u.id
  LEFT JOIN roles r ON r.organization = ur.organization AND r.id = ur.role_id
  WHERE NOT u.locked AND NOT u.disabled AND ${condition}
  GROUP BY u.id`;

/** Who may log in, by the rows of the accounts; what is asked again and again is kept in memory. */
@Injectable()
export class UserLogins {
  private readonly accounts = new ExpiringCache<StoredAccount | 'none'>(REMEMBERED_MS, REMEMBERED_MAX);
  private readonly verified = new ExpiringCache<Verified>(VERIFIED_MS, VERIFIED_MAX);
  private readonly key = randomBytes(32);
  private readonly turns = new LoginTurns();
  private readonly throttle: AddressThrottle;

  constructor(
    private readonly rows: AccountRows,
    private readonly passwords: Passwords,
    private readonly locks: AccountLocks,
    private readonly audit: Audit,
    private readonly log: Log,
    { loginThrottle }: IdentityMgtConfig,
  ) {
    this.throttle = new AddressThrottle(loginThrottle.failuresMax, loginThrottle.regainedPerMinute);
  }

  /** Accounts, roles or tenants have changed. */
  forget(): void {
    this.accounts.clear();
  }

  async byId(id: string): Promise<Account | undefined> {
    const account = await this.storedById(id);
    return account && accountOf(account);
  }

  async authenticate(userName: string, password: string): Promise<Account | undefined> {
    const user = parseUserName(userName);
    const key = JSON.stringify([user.organization, user.name.toLowerCase()]);
    const address = originNow()?.address ?? '';
    // Of the network as well: what somebody else was let in with is not to be guessed from here, where guesses that memory answers would not count.
    const digest = createHmac('sha256', this.key)
      .update(JSON.stringify([key, password, networkOf(address)]))
      .digest('base64url');
    // A failure that was answered counts, also while it is still being written.
    await this.turns.pending(key);
    const remembered = await this.remembered(digest);
    if (remembered) return remembered;
    const waitSeconds = this.throttle.waitSeconds(address);
    if (waitSeconds > 0) {
      this.recordLogin(user, 'refused', 'too many failed logins from this address');
      throw TooManyRequests(waitSeconds);
    }
    // Who was logged in by the one before finds that remembered.
    return this.turns.run(key, async (hold) => (await this.remembered(digest)) ?? this.login(user, password, digest, hold));
  }

  /** The account whose password was checked before, unless the password, or the account, changed since. */
  private async remembered(digest: string): Promise<Account | undefined> {
    const verified = this.verified.peek(digest);
    const account = verified && (await this.storedById(verified.id));
    if (!account || account.passwordHash !== verified?.passwordHash || isLockedOut(account)) return undefined;
    return hasNoFailures(account) || (await this.opened(account)) ? accountOf(account) : undefined;
  }

  private async login(user: UserName, password: string, digest: string, hold: Hold): Promise<Account | undefined> {
    const { name, organization } = user;
    const isPossible = isStorable(name) && isStorable(organization);
    const account = isPossible ? await this.load('u.organization = $1 AND lower(u.name) = lower($2)', [organization, name]) : undefined;
    const isLocked = account !== undefined && isLockedOut(account);
    const hash = isLocked ? undefined : (account?.passwordHash ?? undefined);
    // Checked even when there is no such account or it is locked, so that the time tells nothing.
    const matches = await this.passwords.matches(password, hash);
    if (!matches || !account || hash === undefined || !(await this.opened(account))) {
      this.throttle.failed(originNow()?.address ?? '');
      this.recordLogin(user, 'failed', isLocked ? 'the account is locked' : 'wrong name or password');
      // Written after the answer, whose time would tell that the account exists; the account's next login waits for it.
      if (account && hash !== undefined && !matches) hold(this.failed(account));
      return undefined;
    }
    this.verified.set(digest, { id: account.id, passwordHash: hash });
    if (this.passwords.isOutdated(hash)) hold(this.rehashed(account.id, password, hash));
    notesCaller(account);
    this.recordLogin(account, 'succeeded');
    return accountOf(account);
  }

  /** Replaces a hash of another kind than new ones are, unless the password was changed meanwhile. */
  private async rehashed(id: string, password: string, before: string): Promise<void> {
    try {
      const after = await this.passwords.hash(password);
      await this.rows.update(REHASH, [id, before, after]);
      this.accounts.forget(id);
    } catch (err) {
      this.log.warn({ err, userId: id }, 'a password hash stays of the older kind for now');
    }
  }

  private async failed(account: StoredAccount): Promise<void> {
    try {
      await this.locks.failed(account);
    } catch (err) {
      this.log.error({ err, userId: account.id }, 'a failed login was not counted');
    } finally {
      this.accounts.forget(account.id);
    }
  }

  /** Forgets the failures before a success; false when the account may not be opened. */
  private async opened(account: StoredAccount): Promise<boolean> {
    if (hasNoFailures(account)) return true;
    const isOpen = await this.locks.succeeded(account);
    this.accounts.forget(account.id);
    return isOpen;
  }

  private recordLogin(user: UserName, action: 'succeeded' | 'failed' | 'refused', reason?: string): void {
    const who = fullName(user).slice(0, AUDITED_NAME_MAX);
    this.audit.record({
      ...{ organization: user.organization.slice(0, AUDITED_NAME_MAX), type: 'Login', action, performedBy: who },
      outcome: action === 'succeeded' ? 'success' : 'failure',
      info: reason === undefined ? {} : { reason },
    });
  }

  private async storedById(id: string): Promise<StoredAccount | undefined> {
    if (!UUID.test(id)) return undefined;
    // The id is a UUID from a token of ours: unique over all tenants, and the row brings its organization.
    const held = await this.accounts.get(id, async () => (await this.load('u.id = $1', [id])) ?? 'none');
    return held === 'none' ? undefined : held;
  }

  private async load(condition: string, parameters: readonly string[]): Promise<StoredAccount | undefined> {
    const [row] = await this.rows.read<AccountRow>(selectAccount(condition), parameters);
    if (!row) return undefined;
    const { id, organization, name, password_hash: passwordHash, roles, failed_logins: failedLogins, lockouts, unlock_at: unlockAt } = row;
    return { id, organization, name, passwordHash, failedLogins, lockouts, unlockAt, roles: [...roles, EVERYONE_ROLE] };
  }
}

const accountOf = ({ id, organization, name, roles }: StoredAccount): Account => ({ id, organization, name, roles });

const hasNoFailures = ({ failedLogins, lockouts, unlockAt }: LoginFailures): boolean =>
  failedLogins === 0 && lockouts === 0 && unlockAt === null;
