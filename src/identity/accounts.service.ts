import { createHmac, randomBytes } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { parseUserName } from '../domain/organization.js';
import { EVERYONE_ROLE } from '../domain/user.js';
import { type Account, Accounts } from '../platform/auth/accounts.js';
import { ExpiringCache } from '../platform/cache/expiring-cache.js';
import { Passwords } from '../platform/crypto/passwords.js';
import { Events } from '../platform/events/events.js';
import { ScopeRoles } from './roles/scope-roles.js';
import { TenantsService } from './tenants/tenants.service.js';
import { isStorable } from './users/user-rules.js';

/** How long another process's change may stay unseen; changes of this process are seen at once. */
const REMEMBERED_MS = 15_000;
const REMEMBERED_MAX = 50_000;
/** How long a checked password is remembered, under a keyed hash: a check costs some 30 ms of a core. */
const VERIFIED_MS = 15 * 60_000;
const VERIFIED_MAX = 10_000;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface StoredAccount extends Account {
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
  readonly roles: readonly string[];
}

/** One statement for an account that may act: unlocked, in an active tenant. */
const selectAccount = (condition: string) => `
  SELECT u.id, u.organization, u.name, u.password_hash, coalesce(array_agg(r.name) FILTER (WHERE r.name IS NOT NULL), '{}') AS roles
  FROM users u
  JOIN tenants t ON t.organization = u.organization AND t.active
  LEFT JOIN user_roles ur ON ur.organization = u.organization AND ur.user_id = u.id
  LEFT JOIN roles r ON r.organization = ur.organization AND r.id = ur.role_id
  WHERE NOT u.locked AND NOT u.disabled AND ${condition}
  GROUP BY u.id`;

/** The accounts of the user store, with what authentication asks again and again kept in memory. */
@Injectable()
export class StoredAccounts extends Accounts implements OnModuleInit {
  private readonly accounts = new ExpiringCache<StoredAccount | 'none'>(REMEMBERED_MS, REMEMBERED_MAX);
  private readonly verified = new ExpiringCache<Verified>(VERIFIED_MS, VERIFIED_MAX);
  private readonly key = randomBytes(32);

  constructor(
    private readonly database: DataSource,
    private readonly passwords: Passwords,
    private readonly tenants: TenantsService,
    private readonly scopes: ScopeRoles,
    private readonly events: Events,
  ) {
    super();
  }

  onModuleInit(): void {
    for (const name of ['user.changed', 'role.changed', 'organization.activation-changed'] as const) {
      this.events.on(name, () => this.accounts.clear());
    }
  }

  async byId(id: string): Promise<Account | undefined> {
    const account = await this.storedById(id);
    return account && accountOf(account);
  }

  async authenticate(userName: string, password: string): Promise<Account | undefined> {
    const { name, organization } = parseUserName(userName);
    const digest = createHmac('sha256', this.key)
      .update(JSON.stringify([organization, name.toLowerCase(), password]))
      .digest('base64url');
    const remembered = this.verified.peek(digest);
    if (remembered) {
      const account = await this.storedById(remembered.id);
      if (account?.passwordHash === remembered.passwordHash) return accountOf(account);
    }
    const isPossible = isStorable(name) && isStorable(organization);
    const account = isPossible ? await this.load('u.organization = $1 AND lower(u.name) = lower($2)', [organization, name]) : undefined;
    const hash = account?.passwordHash ?? undefined;
    // Checked even when there is no such account, so that the time tells nothing.
    const matches = await this.passwords.matches(password, hash);
    if (!matches || !account || hash === undefined) return undefined;
    this.verified.set(digest, { id: account.id, passwordHash: hash });
    return accountOf(account);
  }

  isActive(organization: string): Promise<boolean> {
    return this.tenants.isActive(organization);
  }

  scopesOf(organization: string, roles: readonly string[]): Promise<ReadonlySet<string>> {
    return this.scopes.scopesOf(organization, roles);
  }

  isMapped(organization: string, scope: string): Promise<boolean> {
    return this.scopes.isMapped(organization, scope);
  }

  private async storedById(id: string): Promise<StoredAccount | undefined> {
    if (!UUID.test(id)) return undefined;
    // The id is a UUID from a token of ours: unique over all tenants, and the row brings its organization.
    const held = await this.accounts.get(id, async () => (await this.load('u.id = $1', [id])) ?? 'none');
    return held === 'none' ? undefined : held;
  }

  private async load(condition: string, parameters: readonly string[]): Promise<StoredAccount | undefined> {
    const [row]: readonly AccountRow[] = await this.database.query(selectAccount(condition), [...parameters]);
    if (!row) return undefined;
    const { id, organization, name, password_hash: passwordHash, roles } = row;
    return { id, organization, name, passwordHash, roles: [...roles, EVERYONE_ROLE] };
  }
}

const accountOf = ({ passwordHash: _, ...account }: StoredAccount): Account => account;
