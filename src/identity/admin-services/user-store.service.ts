import { Injectable } from '@nestjs/common';
import { fullName } from '../../domain/organization.js';
import { found } from '../../domain/problem.js';
import { EVERYONE_ROLE } from '../../domain/user.js';
import { Accounts } from '../../platform/auth/accounts.js';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { notesCaller, originNow } from '../../platform/origin/origin.js';
import type { RoleEntity } from '../roles/role.entity.js';
import { isEveryoneRole } from '../roles/role-rules.js';
import { RolesService } from '../roles/roles.service.js';
import { UserDraft } from '../scim/user-draft.js';
import type { UserEntity } from '../users/user.entity.js';
import { checkPassword } from '../users/user-rules.js';
import { PasswordInvalid } from '../users/users.problems.js';
import { UsersService } from '../users/users.service.js';
import { EveryoneUnlisted, PasswordWrong, RoleStays, RoleUnknown, UserUnknown } from './admin-services.problems.js';
import { StoreQueries } from './store.queries.js';
import { roleDomain, roleNameIn, roleNamesIn, userNameIn } from './store-names.js';
import { setClaim } from './user-claims.js';

/** A claim to set; without a value it is taken away. */
export interface ClaimChange {
  readonly uri: string;
  readonly value: string | undefined;
}

export interface NewStoreUser {
  readonly name: string;
  readonly password: string | undefined;
  readonly roles: readonly string[];
  readonly claims: readonly ClaimChange[];
}

export interface Changes {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/**
 * Users and roles of one tenant by their names, as the administration services change them: over the services behind SCIM2, and each change one transaction.
 * Names with the domain of a store that does not exist are refused everywhere (StoreUnknown, 400).
 */
@Injectable()
export class UserStoreService {
  constructor(
    private readonly users: UsersService,
    private readonly roles: RolesService,
    private readonly accounts: Accounts,
    private readonly transactions: Transactions,
    private readonly queries: StoreQueries,
  ) {}

  async findUser(organization: string, text: string): Promise<UserEntity | undefined> {
    return this.users.byName(organization, userNameIn(text));
  }

  /** @throws UserUnknown (404). */
  async user(organization: string, text: string): Promise<UserEntity> {
    return found(await this.findUser(organization, text), UserUnknown, text);
  }

  async findRole(organization: string, text: string): Promise<RoleEntity | undefined> {
    return this.roles.byName(organization, roleNameIn(text));
  }

  /** The roles of a user, `Internal/everyone` among them; that alone for a name nobody has. */
  async rolesOfUser(organization: string, text: string): Promise<readonly string[]> {
    const user = await this.findUser(organization, text);
    return user ? this.roles.namesOf(organization, user.id) : [EVERYONE_ROLE];
  }

  /** The role whose holders are asked for; undefined where there is none. @throws EveryoneUnlisted (400). */
  async listedRole(organization: string, text: string): Promise<RoleEntity | undefined> {
    const role = await this.findRole(organization, text);
    if (role && isEveryoneRole(role.name)) throw EveryoneUnlisted(role.name);
    return role;
  }

  /** @throws UserExists (409), RoleUnknown (404), the rules' refusals and those of the claims (400). */
  async addUser(organization: string, { name, password, roles, claims }: NewStoreUser): Promise<void> {
    const draft = new UserDraft(userNameIn(name));
    for (const { uri, value } of claims) setClaim(draft, uri, value);
    if (password === undefined) throw PasswordInvalid();
    const user = { ...draft.change, name: draft.userName, password };
    this.users.check(user);
    const given = await this.known(organization, roles);
    const passwordHash = await this.users.hash(password);
    await this.transactions.run(async (tx) => {
      const { id } = await this.users.insert(tx, organization, user, passwordHash);
      if (given.length > 0) await this.roles.grant(tx, organization, id, given);
    });
  }

  /** @throws UserUnknown (404), OwnerUndeletable (403). */
  async deleteUser(organization: string, text: string): Promise<void> {
    const { id } = await this.user(organization, text);
    await this.users.remove(organization, id);
  }

  /** Sets a password; all tokens of the user end. @throws UserUnknown (404), PasswordInvalid (400). */
  async setPassword(organization: string, text: string, password: string | undefined): Promise<void> {
    const { id } = await this.user(organization, text);
    if (password === undefined) throw PasswordInvalid();
    checkPassword(password);
    const passwordHash = await this.users.hash(password);
    await this.transactions.run((tx) => this.users.change(tx, organization, id, () => ({ passwordHash })));
  }

  /** As {@link setPassword}, for who knows the present one; a wrong one counts as a failed login. @throws PasswordWrong (400), TooManyRequests (429). */
  async changePassword(organization: string, text: string, present: string, next: string | undefined): Promise<void> {
    if (!(await this.isPassword(organization, text, present))) throw PasswordWrong();
    await this.setPassword(organization, text, next);
  }

  /** Checks a name and a password as a login does. @throws TooManyRequests (429). */
  async isPassword(organization: string, text: string, password: string): Promise<boolean> {
    const caller = originNow()?.user;
    const account = await this.accounts.authenticate(fullName({ name: userNameIn(text), organization }), password);
    // Whose password is checked is not who asks.
    if (caller) notesCaller(caller);
    return account?.organization === organization;
  }

  /** Sets and takes away claims, all or none. @throws UserUnknown (404), ClaimUnknown, ClaimKept, InvalidValue, ClaimInvalid (400). */
  async changeClaims(organization: string, text: string, claims: readonly ClaimChange[]): Promise<void> {
    const { id } = await this.user(organization, text);
    await this.transactions.run((tx) =>
      this.users.change(tx, organization, id, (user) => {
        const draft = new UserDraft(user.name, user);
        for (const { uri, value } of claims) setClaim(draft, uri, value);
        return draft.change;
      }),
    );
  }

  /** Takes roles from a user and gives it others. @throws UserUnknown, RoleUnknown (404), OwnerNeedsAdmin (403). */
  async changeRoles(organization: string, text: string, { added, removed }: Changes): Promise<void> {
    const given = await this.known(organization, added);
    const taken = roleNamesIn(removed);
    await this.transactions.run(async (tx) => {
      const id = await this.held(tx, organization, text);
      await this.exchange(tx, organization, id, { added: given, removed: taken });
    });
  }

  /** Gives a user these roles in place of its own. @throws UserUnknown, RoleUnknown (404), OwnerNeedsAdmin (403). */
  async replaceRoles(organization: string, text: string, roles: readonly string[]): Promise<void> {
    const wanted = await this.known(organization, roles);
    const kept = new Set(wanted.map((name) => name.toLowerCase()));
    await this.transactions.run(async (tx) => {
      const id = await this.held(tx, organization, text);
      const present = await this.queries.rolesOf(tx.em, organization, id);
      const removed = present.filter((name) => !kept.has(name.toLowerCase()));
      await this.exchange(tx, organization, id, { added: wanted, removed });
    });
  }

  /** @throws RoleExists (409), RoleNameInvalid (400), UserUnknown (404). */
  async addRole(organization: string, text: string, users: readonly string[], permissions: readonly string[]): Promise<void> {
    const name = roleNameIn(text);
    await this.transactions.run(async (tx) => {
      const members = await this.ids(tx, organization, users);
      await this.roles.create(tx, 'Role', organization, name, { members, permissions });
    });
  }

  /** @throws RoleUnknown (404), AdminRoleFixed, EveryoneRoleFixed (400). */
  async deleteRole(organization: string, text: string): Promise<void> {
    await this.withRole(organization, text, (tx, role) => this.roles.remove(tx, role));
  }

  /** Renames a role, which stays in its domain. @throws RoleUnknown (404), RoleExists (409), RoleStays and the rules' refusals (400). */
  async renameRole(organization: string, text: string, next: string): Promise<void> {
    const name = roleNameIn(next);
    await this.withRole(organization, text, async (tx, role) => {
      if (roleDomain(role.name) !== roleDomain(name)) throw RoleStays(role.name);
      await this.roles.change(tx, 'Role', role, { name });
    });
  }

  /** Gives a role to users and takes it from others. @throws RoleUnknown, UserUnknown (404), OwnerNeedsAdmin (403), EveryoneRoleFixed (400). */
  async changeHolders(organization: string, text: string, { added, removed }: Changes): Promise<void> {
    await this.withRole(organization, text, async (tx, role) => {
      const taken = new Set(await this.ids(tx, organization, removed));
      const present = await this.queries.holderIds(tx.em, organization, role.id);
      const members = new Set(present.filter((id) => !taken.has(id)));
      for (const id of await this.ids(tx, organization, added)) members.add(id);
      await this.roles.change(tx, 'Role', role, { members: [...members] });
    });
  }

  private async withRole(organization: string, text: string, work: (tx: Tx, role: RoleEntity) => Promise<unknown>): Promise<void> {
    const { id } = found(await this.findRole(organization, text), RoleUnknown, text);
    await this.transactions.run(async (tx) => work(tx, await this.roles.lock(tx, 'Role', organization, id)));
  }

  /** Names of roles that exist. @throws RoleUnknown (404). */
  private async known(organization: string, texts: readonly string[]): Promise<readonly string[]> {
    const names = roleNamesIn(texts);
    const [missing] = await this.roles.missing(organization, names);
    if (missing !== undefined) throw RoleUnknown(missing);
    return names;
  }

  /** The user's id, who stays until the transaction ends. @throws UserUnknown (404). */
  private async held(tx: Tx, organization: string, text: string): Promise<string> {
    return found(await this.queries.heldUser(tx.em, organization, userNameIn(text)), UserUnknown, text);
  }

  /** The ids of users by their names. @throws UserUnknown (404). */
  private async ids(tx: Tx, organization: string, texts: readonly string[]): Promise<readonly string[]> {
    const names = texts.map(userNameIn).filter((name) => name !== '');
    if (names.length === 0) return [];
    const known = await this.queries.userIds(tx.em, organization, names);
    const unknown = names.find((name) => !known.has(name));
    if (unknown !== undefined) throw UserUnknown(unknown);
    return [...new Set(known.values())];
  }

  private async exchange(tx: Tx, organization: string, userId: string, { added, removed }: Changes): Promise<void> {
    if (removed.length > 0) await this.roles.withdraw(tx, organization, userId, removed);
    if (added.length > 0) await this.roles.grant(tx, organization, userId, added);
  }
}
