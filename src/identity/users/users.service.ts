import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { found } from '../../domain/problem.js';
import { SubjectRevocations } from '../../platform/auth/subject-revocations.js';
import { Passwords } from '../../platform/crypto/passwords.js';
import { onConflict, Transactions, type Tx } from '../../platform/database/transactions.js';
import { AccountChanges } from '../account-changes.js';
import { isLockedOut } from '../logins/lock-rules.js';
import { TenantEntity } from '../tenants/tenant.entity.js';
import { DeniedUsers } from './denied-users.js';
import { type Claims, UserEntity } from './user.entity.js';
import { checkClaims, checkPassword, checkUserName, isStorable } from './user-rules.js';
import { OwnerUndeletable, UserExists, UserNotFound } from './users.problems.js';

export interface NewUser {
  readonly name: string;
  /** Undefined for an invited user, who cannot sign in before choosing one. */
  readonly password?: string;
  readonly claims: Claims;
  readonly locked?: boolean;
  readonly disabled?: boolean;
}

/** What may change about a user; the name never does. */
export interface UserChange {
  readonly password?: string;
  /** A new password that was checked and hashed before. */
  readonly passwordHash?: string | null;
  readonly claims?: Claims;
  readonly locked?: boolean;
  readonly disabled?: boolean;
  /** Opens what failed logins have locked, and forgets them. */
  readonly forgetFailures?: boolean;
}

/** The users of all tenants. */
@Injectable()
export class UsersService {
  constructor(
    @InjectRepository(UserEntity) private readonly users: Repository<UserEntity>,
    private readonly transactions: Transactions,
    private readonly passwords: Passwords,
    private readonly revocations: SubjectRevocations,
    private readonly changes: AccountChanges,
    private readonly denied: DeniedUsers,
  ) {}

  /** The user of this name, compared without regard to case. */
  async byName(organization: string, name: string): Promise<UserEntity | undefined> {
    if (!isStorable(name)) return undefined;
    const query = this.users
      .createQueryBuilder('u')
      .where('u.organization = :organization AND lower(u.name) = lower(:name)', { organization, name });
    return (await query.getOne()) ?? undefined;
  }

  /** The user with this id, of whatever tenant: ids are UUIDs, and the row names its organization. */
  async byId(id: string): Promise<UserEntity | undefined> {
    return (await this.users.findOneBy({ id })) ?? undefined;
  }

  /** @throws UserNotFound (404), also for a user of another tenant. */
  async get(organization: string, id: string): Promise<UserEntity> {
    return found(await this.users.findOneBy({ organization, id }), UserNotFound, id);
  }

  /** @throws UserNameInvalid, PasswordInvalid, ClaimInvalid (400) */
  check(user: NewUser): void {
    checkUserName(user.name);
    if (user.password !== undefined) checkPassword(user.password);
    checkClaims(user.claims);
  }

  /** The stored form of a password; takes some 30 ms, so it is made before a transaction begins. */
  async hash(password: string | undefined): Promise<string | null> {
    return password === undefined ? null : this.passwords.hash(password);
  }

  /** Adds a user that was checked. @throws UserExists (409). */
  async insert(tx: Tx, organization: string, user: NewUser, passwordHash: string | null): Promise<UserEntity> {
    const now = new Date();
    const { name, claims, locked = false, disabled = false } = user;
    const entity = Object.assign(new UserEntity(), {
      ...{ id: randomUUID(), organization, name, passwordHash, claims, locked, disabled },
      ...{ failedLogins: 0, lockouts: 0, unlockAt: null, createdAt: now, modifiedAt: now },
    });
    await tx.em.insert(UserEntity, entity).catch(onConflict('users_organization_name', () => UserExists(name)));
    await this.denied.meet(tx, entity);
    return entity;
  }

  /**
   * Changes a user to what `edit` makes of its present state, which is held still meanwhile. A new password, a lock and a disabling kill the user's tokens.
   * @throws UserNotFound (404) and the rules' refusals (400).
   */
  async change(tx: Tx, organization: string, id: string, edit: (user: UserEntity) => UserChange): Promise<UserEntity> {
    const user = await tx.em.findOne(UserEntity, { where: { organization, id }, lock: { mode: 'pessimistic_write' } });
    const current = found(user, UserNotFound, id);
    const change = edit(current);
    const { password, claims = current.claims, locked = current.locked, disabled = current.disabled, forgetFailures } = change;
    if (password !== undefined) checkPassword(password);
    checkClaims(claims);
    const passwordHash = password === undefined ? change.passwordHash : await this.passwords.hash(password);
    const opened = forgetFailures && !locked ? { failedLogins: 0, lockouts: 0, unlockAt: null } : {};
    const next = { claims, locked, disabled, ...opened, modifiedAt: new Date() };
    await tx.em.update(UserEntity, { organization, id }, { ...next, ...(passwordHash !== undefined && { passwordHash }) });
    if (passwordHash !== undefined || (locked && !current.locked) || (disabled && !current.disabled)) {
      await this.revocations.revokeSubject(tx, organization, id);
      await this.changes.tell(tx, organization);
    }
    tx.raise('user.changed', { organization, userId: id });
    for (const action of auditedActions(current, {
      locked,
      disabled,
      isOpened: 'unlockAt' in next,
      hasPassword: passwordHash !== undefined,
    }))
      tx.raise('audited', { organization, type: 'User', action, info: { user: `${current.name}@${organization}` } });
    return Object.assign(current, next);
  }

  /** Removes a user and its tokens. @throws UserNotFound (404), OwnerUndeletable (403). */
  async remove(organization: string, id: string): Promise<void> {
    await this.transactions.run((tx) => this.removeIn(tx, organization, id));
  }

  /** As {@link remove}, in a transaction of somebody else's. */
  async removeIn(tx: Tx, organization: string, id: string): Promise<void> {
    if (await tx.em.existsBy(TenantEntity, { organization, ownerId: id })) throw OwnerUndeletable();
    const { affected } = await tx.em.delete(UserEntity, { organization, id });
    if (!affected) throw UserNotFound(id);
    await this.revocations.revokeSubject(tx, organization, id);
    await this.changes.tell(tx, organization);
    tx.raise('user.changed', { organization, userId: id });
  }
}

interface AccountState {
  readonly locked: boolean;
  readonly disabled: boolean;
  readonly isOpened: boolean;
  readonly hasPassword: boolean;
}

const auditedActions = (before: UserEntity, { locked, disabled, isOpened, hasPassword }: AccountState): readonly string[] => [
  ...(hasPassword ? ['password changed'] : []),
  ...(locked && !before.locked ? ['locked'] : []),
  ...((!locked && before.locked) || (isOpened && isLockedOut(before)) ? ['unlocked'] : []),
  ...(disabled !== before.disabled ? [disabled ? 'disabled' : 'enabled'] : []),
];
