import { Injectable } from '@nestjs/common';
import { Transactions } from '../../platform/database/transactions.js';
import { isLockedOut } from '../logins/lock-rules.js';
import { BelongingClaims } from '../users/belonging-claims.js';
import type { UserEntity } from '../users/user.entity.js';
import { PasswordInvalid, UserNotFound } from '../users/users.problems.js';
import { UsersService } from '../users/users.service.js';
import { isObject, parsePatch } from './patch-operations.js';
import { InvalidSyntax, Mutability } from './scim.problems.js';
import { type Found, type ListRequest, type Resource } from './scim-lists.js';
import { ScimUrls } from './scim-urls.js';
import { ScimUserQueries } from './scim-users.queries.js';
import { applyOperations, applyResource, userNameOf } from './user-changes.js';
import { UserDraft } from './user-draft.js';
import { toUserResource } from './user-resource.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** Kept by a PUT that does not name them: state of the account rather than data about the person. */
const ACCOUNT_STATE = 'identity/';

export const isUuid = (text: string): boolean => UUID.test(text);

/** Users as SCIM resources. */
@Injectable()
export class ScimUsersService {
  constructor(
    private readonly users: UsersService,
    private readonly queries: ScimUserQueries,
    private readonly transactions: Transactions,
    private readonly urls: ScimUrls,
    private readonly belonging: BelongingClaims,
  ) {}

  async list(organization: string, request: ListRequest): Promise<Found<Resource>> {
    const { users, total } = await this.queries.list(organization, request);
    return { total, resources: await this.shown(organization, users) };
  }

  /** @throws UserNotFound (404). */
  async get(organization: string, id: string): Promise<Resource> {
    return this.one(await this.users.get(organization, knownId(id)));
  }

  /** @throws UserExists (409) and the rules' refusals (400). */
  async create(organization: string, body: unknown): Promise<Resource> {
    if (!isObject(body)) throw InvalidSyntax('The request body is not a JSON object.');
    const draft = new UserDraft(userNameOf(body));
    applyResource(draft, body);
    // An invited user chooses a password later.
    if (draft.password === undefined && draft.claims.get('identity/askPassword') !== 'true') throw PasswordInvalid();
    const user = { name: draft.userName, ...draft.change };
    this.users.check(user);
    const passwordHash = await this.users.hash(draft.password);
    return this.one(await this.transactions.run((tx) => this.users.insert(tx, organization, user, passwordHash)));
  }

  /** Applies all operations or none. @throws UserNotFound (404) and the refusals of the operations (400). */
  async patch(organization: string, id: string, body: unknown): Promise<Resource> {
    const operations = parsePatch(body);
    return this.change(organization, id, (user) => {
      const draft = new UserDraft(user.name, user);
      applyOperations(draft, operations);
      return draft;
    });
  }

  /** As {@link patch}, by the user itself, who decides neither over the state of the account nor over what is shared with it. @throws Mutability (400). */
  async patchOwn(organization: string, id: string, body: unknown): Promise<Resource> {
    const operations = parsePatch(body);
    return this.change(organization, id, (user) => {
      const draft = new UserDraft(user.name, user);
      applyOperations(draft, operations);
      if (accountState(draft.change) !== accountState(user))
        throw Mutability('The state of the account is changed by administrators only.');
      if (this.belonging.of(draft.change.claims) !== this.belonging.of(user.claims))
        throw Mutability('The organization and the groups of a user are changed by administrators only.');
      draft.unlocks = false;
      return draft;
    });
  }

  /** Replaces what is known about the person. @throws UserNotFound (404) and the rules' refusals (400). */
  async replace(organization: string, id: string, body: unknown): Promise<Resource> {
    return this.change(organization, id, (user) => {
      const { name, claims, locked, disabled } = user;
      const kept = Object.entries(claims).filter(([claim]) => claim.startsWith(ACCOUNT_STATE));
      const draft = new UserDraft(name, { claims: Object.fromEntries(kept), locked, disabled });
      applyResource(draft, body);
      // A client that sends back what it read does not turn a passing lock into one without an end.
      if (draft.locked && isLockedOut(user)) draft.locked = locked;
      return draft;
    });
  }

  /** @throws UserNotFound (404), OwnerUndeletable (403). */
  async remove(organization: string, id: string): Promise<void> {
    await this.users.remove(organization, knownId(id));
  }

  private async change(organization: string, id: string, edit: (user: UserEntity) => UserDraft): Promise<Resource> {
    const known = knownId(id);
    return this.one(await this.transactions.run((tx) => this.users.change(tx, organization, known, (user) => edit(user).change)));
  }

  private async one(user: UserEntity): Promise<Resource> {
    const rolesOf = await this.queries.rolesOf(user.organization, [user.id]);
    return toUserResource(user, rolesOf(user.id), this.urls);
  }

  private async shown(organization: string, users: readonly UserEntity[]): Promise<readonly Resource[]> {
    const rolesOf = await this.queries.rolesOf(
      organization,
      users.map(({ id }) => id),
    );
    return users.map((user) => toUserResource(user, rolesOf(user.id), this.urls));
  }
}

const accountState = ({ locked, disabled, claims }: Pick<UserEntity, 'locked' | 'disabled' | 'claims'>): string =>
  JSON.stringify([
    locked,
    disabled,
    Object.entries(claims)
      .filter(([claim]) => claim.startsWith(ACCOUNT_STATE))
      .sort(),
  ]);

const knownId = (id: string): string => {
  if (!isUuid(id)) throw UserNotFound(id);
  return id;
};
