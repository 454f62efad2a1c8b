import { Injectable } from '@nestjs/common';
import { found } from '../../domain/problem.js';
import { DomainUnknown } from '../tenants/tenants.problems.js';
import { TenantsService } from '../tenants/tenants.service.js';
import { claimName } from '../users/local-claims.js';
import { LOCAL_DIALECT } from '../users/user-rules.js';
import { ClaimUnknown } from '../users/users.problems.js';
import { AdminService, all, answers, anyOf, oneWay } from './admin-service.js';
import type { Parameters } from './parameters.js';
import type { SoapBean } from './soap-message.js';
import { type Names, StoreQueries } from './store.queries.js';
import { limitOf, patternOf, wildcards } from './store-names.js';
import { type ClaimValue, claimsOf, claimValue } from './user-claims.js';
import { type ClaimChange, UserStoreService } from './user-store.service.js';

const CLAIM_VALUE = 'http://common.mgt.user.carbon.wso2.org/xsd';
const CLAIM_DTO = 'http://dao.service.ws.um.carbon.wso2.org/xsd';

const USERS = 'internal_user_mgt_';
const ROLES = 'internal_role_mgt_';
const users = (action: 'list' | 'create' | 'view' | 'update' | 'delete') => all(USERS + action);
const roles = (action: 'create' | 'view' | 'update' | 'delete') => all(ROLES + action);
const ANY_VIEW = anyOf(`${USERS}view`, `${ROLES}view`);
const EVERYTHING = all(
  ...['list', 'create', 'view', 'update', 'delete'].map((action) => USERS + action),
  ...['create', 'view', 'update', 'delete'].map((action) => ROLES + action),
);

const required = (parameters: Parameters, name: string): string => parameters.text(name) ?? '';

/** Pairs of a claim's URI and its value, as both services send them. */
export const claimChanges = (parameters: Parameters): readonly ClaimChange[] =>
  parameters.objects('claims').map((claim) => ({ uri: required(claim, 'claimURI'), value: claim.text('value') }));

export const namesOf = ({ rows }: Names): readonly string[] => rows.map(({ name }) => name);

/** The number that stands for an id where the wire wants one; it says nothing else. */
const numberOf = (id: string): number => Number.parseInt(id.slice(0, 8), 16) % 2 ** 31;

const toClaimValue = ({ uri, value }: ClaimValue): SoapBean => ({
  namespace: CLAIM_VALUE,
  fields: [
    ['claimURI', uri],
    ['value', value],
  ],
});

const toClaimDto = ({ uri, value }: ClaimValue): SoapBean => ({
  namespace: CLAIM_DTO,
  fields: [
    ['claimUri', uri],
    ['description', null],
    ['dialectURI', LOCAL_DIALECT.slice(0, -1)],
    ['displayOrder', 0],
    ['regEx', null],
    ['required', false],
    ['supportedByDefault', false],
    ['value', value],
  ],
});

/** `RemoteUserStoreManagerService`: the user store of the caller's tenant (`reference/identity.md` §4). */
@Injectable()
export class RemoteUserStoreManager extends AdminService {
  readonly name = 'RemoteUserStoreManagerService';
  readonly namespace = 'http://service.ws.um.carbon.wso2.org';
  readonly exception = 'RemoteUserStoreManagerServiceUserStoreException';

  constructor(
    private readonly store: UserStoreService,
    private readonly queries: StoreQueries,
    private readonly tenants: TenantsService,
  ) {
    super();
  }

  private readonly changes = {
    addUser: oneWay(users('create'), ({ organization }, parameters) =>
      this.store.addUser(organization, {
        name: required(parameters, 'userName'),
        password: parameters.text('credential'),
        roles: parameters.texts('roleList'),
        claims: claimChanges(parameters),
      }),
    ),
    deleteUser: oneWay(users('delete'), ({ organization }, parameters) =>
      this.store.deleteUser(organization, required(parameters, 'userName')),
    ),
    updateCredential: oneWay(users('update'), ({ organization }, parameters) =>
      this.store.changePassword(
        organization,
        required(parameters, 'userName'),
        required(parameters, 'oldCredential'),
        parameters.text('newCredential'),
      ),
    ),
    updateCredentialByAdmin: oneWay(users('update'), ({ organization }, parameters) =>
      this.store.setPassword(organization, required(parameters, 'userName'), parameters.text('newCredential')),
    ),
    setUserClaimValue: oneWay(users('update'), ({ organization }, parameters) => this.setOneClaim(organization, parameters)),
    addUserClaimValue: oneWay(users('update'), ({ organization }, parameters) => this.setOneClaim(organization, parameters)),
    setUserClaimValues: oneWay(users('update'), ({ organization }, parameters) => this.setClaims(organization, parameters)),
    addUserClaimValues: oneWay(users('update'), ({ organization }, parameters) => this.setClaims(organization, parameters)),
    deleteUserClaimValue: oneWay(users('delete'), ({ organization }, parameters) =>
      this.store.changeClaims(organization, required(parameters, 'userName'), [
        { uri: required(parameters, 'claimURI'), value: undefined },
      ]),
    ),
    deleteUserClaimValues: oneWay(users('delete'), ({ organization }, parameters) =>
      this.store.changeClaims(
        organization,
        required(parameters, 'userName'),
        parameters.texts('claims').map((uri) => ({ uri, value: undefined })),
      ),
    ),
    updateRoleListOfUser: oneWay(users('update'), ({ organization }, parameters) =>
      this.store.changeRoles(organization, required(parameters, 'userName'), {
        added: parameters.texts('newRoles'),
        removed: parameters.texts('deletedRoles'),
      }),
    ),
    addRole: oneWay(roles('create'), ({ organization }, parameters) =>
      this.store.addRole(
        organization,
        required(parameters, 'roleName'),
        parameters.texts('userList'),
        parameters.objects('permissions').flatMap((permission) => permission.text('resourceId') ?? []),
      ),
    ),
    deleteRole: oneWay(roles('delete'), ({ organization }, parameters) =>
      this.store.deleteRole(organization, required(parameters, 'roleName')),
    ),
    updateRoleName: oneWay(roles('update'), ({ organization }, parameters) =>
      this.store.renameRole(organization, required(parameters, 'roleName'), required(parameters, 'newRoleName')),
    ),
    updateUserListOfRole: oneWay(roles('update'), ({ organization }, parameters) =>
      this.store.changeHolders(organization, required(parameters, 'roleName'), {
        added: parameters.texts('newUsers'),
        removed: parameters.texts('deletedUsers'),
      }),
    ),
  };

  private readonly reads = {
    authenticate: answers(EVERYTHING, ({ organization }, parameters) =>
      this.store.isPassword(organization, required(parameters, 'userName'), required(parameters, 'credential')),
    ),
    isExistingUser: answers(
      ANY_VIEW,
      async ({ organization }, parameters) => (await this.store.findUser(organization, required(parameters, 'userName'))) !== undefined,
    ),
    isExistingRole: answers(
      roles('view'),
      async ({ organization }, parameters) => (await this.store.findRole(organization, required(parameters, 'roleName'))) !== undefined,
    ),
    getRoleListOfUser: answers(roles('view'), ({ organization }, parameters) =>
      this.store.rolesOfUser(organization, required(parameters, 'userName')),
    ),
    getUserListOfRole: answers(roles('view'), async ({ organization }, parameters) => {
      const role = await this.store.listedRole(organization, required(parameters, 'roleName'));
      return role ? this.queries.holders(organization, role.id) : [];
    }),
    listUsers: answers(users('list'), async ({ organization }, parameters) => {
      const pattern = patternOf(parameters.text('filter'));
      const limit = limitOf(parameters.integer('maxItemLimit', -1));
      return namesOf(await this.queries.users({ organization, pattern, limit }));
    }),
    getUserList: answers(users('list'), ({ organization }, parameters) => this.usersByClaim(organization, parameters)),
    getUserClaimValue: answers(users('view'), async ({ organization }, parameters) => {
      const claimOf = await this.claimReader(organization, parameters);
      return claimOf(parameters.text('claim') ?? required(parameters, 'claimURI')) ?? null;
    }),
    getUserClaimValues: answers(users('view'), async ({ organization }, parameters) => {
      const user = await this.store.user(organization, required(parameters, 'userName'));
      return claimsOf(user, await this.store.rolesOfUser(organization, user.name)).map(toClaimDto);
    }),
    getUserClaimValuesForClaims: answers(users('view'), async ({ organization }, parameters) => {
      const claimOf = await this.claimReader(organization, parameters);
      return parameters.texts('claims').flatMap((uri) => {
        const value = claimOf(uri);
        return value === undefined ? [] : [toClaimValue({ uri, value })];
      });
    }),
    getRoleNames: answers(ANY_VIEW, async ({ organization }) =>
      namesOf(await this.queries.roles({ organization, pattern: '%', limit: limitOf(-1) })),
    ),
    getHybridRoles: answers(ANY_VIEW, async ({ organization }) =>
      namesOf(await this.queries.roles({ organization, pattern: '%', limit: limitOf(-1) }, true)),
    ),
    getTenantId: answers(ANY_VIEW, ({ organization }) => this.tenantId(organization)),
    getTenantIdofUser: answers(ANY_VIEW, async ({ organization }, parameters) =>
      (await this.namedUser(organization, parameters)) ? this.tenantId(organization) : -1,
    ),
    getUserId: answers(ANY_VIEW, async ({ organization }, parameters) => {
      const user = await this.namedUser(organization, parameters);
      return user ? numberOf(user.id) : -1;
    }),
    isReadOnly: answers(ANY_VIEW, async () => false),
    getProfileNames: answers(ANY_VIEW, async () => ['default']),
  };

  readonly operations = { ...this.changes, ...this.reads };

  private setOneClaim(organization: string, parameters: Parameters): Promise<void> {
    const claim = { uri: required(parameters, 'claimURI'), value: parameters.text('claimValue') };
    return this.store.changeClaims(organization, required(parameters, 'userName'), [claim]);
  }

  private setClaims(organization: string, parameters: Parameters): Promise<void> {
    return this.store.changeClaims(organization, required(parameters, 'userName'), claimChanges(parameters));
  }

  private async claimReader(organization: string, parameters: Parameters): Promise<(uri: string) => string | undefined> {
    const user = await this.store.user(organization, required(parameters, 'userName'));
    const held = await this.store.rolesOfUser(organization, user.name);
    return (uri) => claimValue(user, held, uri);
  }

  /** Those with a value of a claim, of which `*` stands for any part. @throws ClaimUnknown (400). */
  private async usersByClaim(organization: string, parameters: Parameters): Promise<readonly string[]> {
    const uri = parameters.text('claimUri') ?? required(parameters, 'claimURI');
    if (!uri.startsWith(LOCAL_DIALECT)) throw ClaimUnknown(uri);
    const claim = claimName(uri);
    const value = required(parameters, 'claimValue');
    const request = { organization, limit: limitOf(-1) };
    if (claim === 'username') return namesOf(await this.queries.users({ ...request, pattern: patternOf(value) }));
    return namesOf(await this.queries.usersByClaim({ ...request, pattern: wildcards(value) }, claim));
  }

  /** Both spellings are in use. */
  private namedUser(organization: string, parameters: Parameters) {
    return this.store.findUser(organization, parameters.text('username') ?? required(parameters, 'userName'));
  }

  private async tenantId(organization: string): Promise<number> {
    return found(await this.tenants.byDomain(organization), DomainUnknown, organization).tenantId;
  }
}
