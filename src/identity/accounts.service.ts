import { Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Account, Accounts } from '../platform/auth/accounts.js';
import { Passwords } from '../platform/crypto/passwords.js';
import { Events } from '../platform/events/events.js';
import { Log } from '../platform/logging/log.js';
import { UserLogins } from './logins/user-logins.js';
import { ScopeRoles } from './roles/scope-roles.js';
import { TenantsService } from './tenants/tenants.service.js';

/** The accounts of the user store. */
@Injectable()
export class StoredAccounts extends Accounts implements OnModuleInit, OnApplicationBootstrap {
  constructor(
    private readonly database: DataSource,
    private readonly passwords: Passwords,
    private readonly tenants: TenantsService,
    private readonly scopes: ScopeRoles,
    private readonly events: Events,
    private readonly logins: UserLogins,
    private readonly log: Log,
  ) {
    super();
  }

  /** Says at the start who cannot sign in: users whose passwords are hashed in a way that FIPS does not allow to compute. */
  async onApplicationBootstrap(): Promise<void> {
    const [{ users }]: [{ users: number }] = await this.database.query(
      `SELECT count(*)::int AS users FROM users WHERE split_part(password_hash, '$', 2) <> ALL ($1)`,
      [this.passwords.kinds],
    );
    if (users > 0)
      this.log.warn(
        { users },
        'users cannot sign in before they are given a new password: the hash of theirs is of a kind that is not allowed here',
      );
  }

  onModuleInit(): void {
    for (const name of ['user.changed', 'role.changed', 'accounts.changed', 'organization.activation-changed'] as const) {
      this.events.on(name, () => this.logins.forget());
    }
  }

  byId(id: string): Promise<Account | undefined> {
    return this.logins.byId(id);
  }

  authenticate(userName: string, password: string): Promise<Account | undefined> {
    return this.logins.authenticate(userName, password);
  }

  isActive(organization: string): Promise<boolean> {
    return this.tenants.isActive(organization);
  }

  scopesOf(organization: string, roles: readonly string[]): Promise<ReadonlySet<string>> {
    return this.scopes.scopesOf(organization, roles);
  }

  async permissionsOf(organization: string, roles: readonly string[]): Promise<readonly string[]> {
    const names = roles.map((role) => role.toLowerCase());
    const rows: readonly { readonly permission: string }[] = await this.database.query(
      'SELECT DISTINCT unnest(permissions) AS permission FROM roles WHERE organization = $1 AND lower(name) = ANY ($2)',
      [organization, names],
    );
    return rows.map(({ permission }) => permission);
  }

  isMapped(organization: string, scope: string): Promise<boolean> {
    return this.scopes.isMapped(organization, scope);
  }
}
