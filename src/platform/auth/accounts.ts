import type { UserName } from '../../domain/organization.js';

/** A user of the store, as authentication needs it. */
export interface Account extends UserName {
  readonly id: string;
  readonly roles: readonly string[];
}

/** What authentication asks of the identity module; the identity module provides it. */
export abstract class Accounts {
  /** The user with this id, unless it is gone, locked or its tenant is not active. */
  abstract byId(id: string): Promise<Account | undefined>;
  /** Checks a name (`name`, `name@tenant`) and password; undefined for a wrong one, a locked user or an inactive tenant alike. */
  abstract authenticate(userName: string, password: string): Promise<Account | undefined>;
  /** Whether the tenant exists and is active. */
  abstract isActive(organization: string): Promise<boolean>;
  /** The REST API scopes the roles open in this tenant. */
  abstract scopesOf(organization: string, roles: readonly string[]): Promise<ReadonlySet<string>>;
  /** The permission paths that the roles have. */
  abstract permissionsOf(organization: string, roles: readonly string[]): Promise<readonly string[]>;
  /** Whether the tenant maps the scope to any role at all; one without a mapping is open to every user on the Basic path. */
  abstract isMapped(organization: string, scope: string): Promise<boolean>;
}
