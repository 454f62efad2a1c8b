import type { UserName } from './organization.js';

export const ADMIN_ROLE = 'admin';
export const EVERYONE_ROLE = 'Internal/everyone';

/** Who makes a request, as the guards of the REST APIs established it. */
export interface User extends UserName {
  /** UUID, stable under renaming; the subject of the user's tokens. */
  readonly id: string;
  readonly roles: readonly string[];
  /** Scopes of the token, or those of the user's roles when the request used Basic authentication. */
  readonly scopes: ReadonlySet<string>;
}

/** Role names compare without regard to case. */
export const hasRole = (user: Pick<User, 'roles'>, role: string): boolean =>
  user.roles.some((held) => held.toLowerCase() === role.toLowerCase());

export const hasAnyRole = (user: Pick<User, 'roles'>, roles: readonly string[]): boolean => roles.some((role) => hasRole(user, role));

export const isAdmin = (user: Pick<User, 'roles'>): boolean => hasRole(user, ADMIN_ROLE);
