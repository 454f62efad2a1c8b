import { Injectable } from '@nestjs/common';
import { parseUserName } from '../../domain/organization.js';
import { found } from '../../domain/problem.js';
import { RolesService } from '../roles/roles.service.js';
import { ScopeRoles } from '../roles/scope-roles.js';
import { UsersService } from '../users/users.service.js';
import { ScopeNotOfUser, ScopeUnknown, UserUnknown } from './system-scopes.problems.js';

/** What the tenants' maps of scopes and roles come to for one scope. */
@Injectable()
export class SystemScopes {
  constructor(
    private readonly scopeRoles: ScopeRoles,
    private readonly users: UsersService,
    private readonly roles: RolesService,
  ) {}

  /** Passes when the tenant maps the scope to a role. @throws ScopeUnknown (404). */
  async expect(organization: string, scope: string): Promise<void> {
    if (!(await this.scopeRoles.isMapped(organization, scope))) throw ScopeUnknown();
  }

  /**
   * Passes when the roles of this user of the tenant open the scope. A name without `@` is one of this tenant.
   * @throws ScopeUnknown, UserUnknown, ScopeNotOfUser (404).
   */
  async expectOf(organization: string, userName: string, scope: string): Promise<void> {
    await this.expect(organization, scope);
    const named = parseUserName(userName.includes('@') ? userName : `${userName}@${organization}`);
    const user = found(named.organization === organization ? await this.users.byName(organization, named.name) : undefined, UserUnknown);
    const opened = await this.scopeRoles.scopesOf(organization, await this.roles.namesOf(organization, user.id));
    if (!opened.has(scope)) throw ScopeNotOfUser();
  }
}
