import { Injectable } from '@nestjs/common';
import { INTERNAL, isStoreRole } from '../roles/role-rules.js';
import { AdminService, ANYBODY, all, answers, anyOf, does } from './admin-service.js';
import type { Parameters } from './parameters.js';
import { claimChanges, namesOf } from './remote-user-store-manager.js';
import type { SoapBean, SoapValue } from './soap-message.js';
import { ALL, type Names, type NamesRequest, StoreQueries } from './store.queries.js';
import { limitOf, patternOf } from './store-names.js';
import { UserStoreService } from './user-store.service.js';

const FLAGGED_NAME = 'http://common.mgt.user.carbon.wso2.org/xsd';

const users = (action: 'list' | 'create' | 'update' | 'delete') => all(`internal_user_mgt_${action}`);
const roles = (action: 'create' | 'view' | 'update' | 'delete') => all(`internal_role_mgt_${action}`);

const required = (parameters: Parameters, name: string): string => parameters.text(name) ?? '';

const flaggedName = (itemName: string, roleType: string | null, selected = false): SoapBean => ({
  namespace: FLAGGED_NAME,
  fields: [
    ['dn', null],
    ['domainName', null],
    ['editable', true],
    ['itemDisplayName', null],
    ['itemName', itemName],
    ['readOnly', false],
    ['roleType', roleType],
    ['selected', selected],
    ['shared', false],
  ],
});

const roleType = (name: string): string => (isStoreRole(name) ? 'External' : name.slice(0, name.indexOf('/')));

/** The names, and after them the mark of whether the list was cut. */
const flagged = ({ rows, isCut }: Names, typeOf: (name: string) => string | null): SoapValue => [
  ...rows.map(({ name, selected }) => flaggedName(name, typeOf(name), selected)),
  flaggedName(String(isCut), null),
];

const asUser = (): null => null;

/** `UserAdmin`: users and roles as the product's console manages them (`reference/identity.md` §4). */
@Injectable()
export class UserAdmin extends AdminService {
  readonly name = 'UserAdmin';
  readonly namespace = 'http://org.apache.axis2/xsd';
  readonly exception = 'UserAdminUserAdminException';

  constructor(
    private readonly store: UserStoreService,
    private readonly queries: StoreQueries,
  ) {
    super();
  }

  readonly operations = {
    addUser: does(users('create'), ({ organization }, parameters) =>
      this.store.addUser(organization, {
        name: required(parameters, 'userName'),
        password: parameters.text('password'),
        roles: parameters.texts('roles'),
        claims: claimChanges(parameters),
      }),
    ),
    deleteUser: does(users('delete'), ({ organization }, parameters) =>
      this.store.deleteUser(organization, required(parameters, 'userName')),
    ),
    changePassword: does(users('update'), ({ organization }, parameters) =>
      this.store.setPassword(organization, required(parameters, 'userName'), parameters.text('newPassword')),
    ),
    // The password that is known opens it.
    changePasswordByUser: does(ANYBODY, ({ organization }, parameters) =>
      this.store.changePassword(
        organization,
        required(parameters, 'userName'),
        required(parameters, 'oldPassword'),
        parameters.text('newPassword'),
      ),
    ),
    addRole: does(roles('create'), ({ organization }, parameters) =>
      this.addRole(organization, required(parameters, 'roleName'), parameters),
    ),
    addInternalRole: does(roles('create'), ({ organization }, parameters) => {
      const name = required(parameters, 'roleName');
      return this.addRole(organization, name.toLowerCase().startsWith(INTERNAL.toLowerCase()) ? name : INTERNAL + name, parameters);
    }),
    deleteRole: does(roles('delete'), ({ organization }, parameters) =>
      this.store.deleteRole(organization, required(parameters, 'roleName')),
    ),
    updateRoleName: does(roles('update'), ({ organization }, parameters) =>
      this.store.renameRole(organization, required(parameters, 'roleName'), required(parameters, 'newRoleName')),
    ),
    updateRolesOfUser: does(users('update'), ({ organization }, parameters) =>
      this.store.replaceRoles(organization, required(parameters, 'userName'), parameters.texts('newRoleList')),
    ),
    addRemoveRolesOfUser: does(users('update'), ({ organization }, parameters) =>
      this.store.changeRoles(organization, required(parameters, 'userName'), {
        added: parameters.texts('newRoles'),
        removed: parameters.texts('deletedRoles'),
      }),
    ),
    addRemoveUsersOfRole: does(roles('update'), ({ organization }, parameters) =>
      this.store.changeHolders(organization, required(parameters, 'roleName'), {
        added: parameters.texts('newUsers'),
        removed: parameters.texts('deletedUsers'),
      }),
    ),
    listUsers: answers(users('list'), async ({ organization }, parameters) =>
      namesOf(await this.queries.users({ organization, ...this.windowOf(parameters) })),
    ),
    listAllUsers: answers(users('list'), async ({ organization }, parameters) =>
      flagged(await this.queries.users({ organization, ...this.windowOf(parameters) }), asUser),
    ),
    getAllRolesNames: answers(roles('view'), async ({ organization }, parameters) =>
      flagged(await this.queries.roles({ organization, ...this.windowOf(parameters) }), roleType),
    ),
    getRolesOfUser: answers(roles('view'), ({ organization }, parameters) => this.rolesOfUser(organization, parameters)),
    getUsersOfRole: answers(roles('view'), ({ organization }, parameters) => this.usersOfRole(organization, parameters)),
    hasMultipleUserStores: answers(anyOf('internal_user_mgt_list', 'internal_role_mgt_view'), async () => false),
  };

  private addRole(organization: string, name: string, parameters: Parameters): Promise<void> {
    return this.store.addRole(organization, name, parameters.texts('userList'), parameters.texts('permissions'));
  }

  private windowOf(parameters: Parameters) {
    return { pattern: patternOf(parameters.text('filter')), limit: limitOf(parameters.integer('limit', -1)) };
  }

  /** All roles, those of the user marked; with a limit of 0 the user's alone. */
  private async rolesOfUser(organization: string, parameters: Parameters): Promise<SoapValue> {
    const { id } = await this.store.user(organization, required(parameters, 'userName'));
    return flagged(await this.queries.roles(markedIn(organization, this.windowOf(parameters), id)), roleType);
  }

  /** All users, the holders of the role marked; with a limit of 0 the holders alone. */
  private async usersOfRole(organization: string, parameters: Parameters): Promise<SoapValue> {
    const role = await this.store.listedRole(organization, required(parameters, 'roleName'));
    return flagged(await this.queries.users(markedIn(organization, this.windowOf(parameters), role?.id)), asUser);
  }
}

const markedIn = (organization: string, window: Pick<NamesRequest, 'pattern' | 'limit'>, of: string | undefined): NamesRequest => ({
  ...{ organization, of, ...window },
  ...(window.limit === 0 && { limit: ALL, isSelectedOnly: true }),
});
