import { isStoreRole } from '../roles/role-rules.js';
import { accountState, STATE_CLAIMS } from '../users/account-state.js';
import type { UserEntity } from '../users/user.entity.js';
import { shownRole } from './role-resource.js';
import type { Resource } from './scim-lists.js';
import type { ScimUrls } from './scim-urls.js';
import {
  CORE_ATTRIBUTES,
  CUSTOM_CLAIM,
  CUSTOM_SCHEMA,
  ENTERPRISE_ATTRIBUTES,
  ENTERPRISE_SCHEMA,
  SERVER_ATTRIBUTES,
  SERVER_SCHEMA,
  USER_SCHEMA,
  type UserAttribute,
} from './user-attributes.js';
import { wireValue } from './user-draft.js';
import { LIST_ATTRIBUTES } from './user-lists.js';

export interface HeldRole {
  readonly id: string;
  readonly name: string;
}

/** The values a user has of these attributes, by name. */
const valuesOf = (user: UserEntity, attributes: readonly UserAttribute[]): readonly [string, unknown][] =>
  attributes.flatMap(({ name, type, claim, column }): [string, unknown][] => {
    if (column === 'locked') return accountState(user) === 'LOCKED' ? [[name, true]] : [];
    if (column === 'disabled') return user.disabled ? [[name, true]] : [];
    if (column === 'active') return [[name, !user.disabled]];
    const text = claim in STATE_CLAIMS ? STATE_CLAIMS[claim]?.(user) : user.claims[claim];
    return text === undefined ? [] : [[name, wireValue(type, text)]];
  });

const nonEmpty = (name: string, entries: readonly [string, unknown][]): Resource =>
  entries.length > 0 ? { [name]: Object.fromEntries(entries) } : {};

/** The user as a SCIM resource, with the roles it holds; never with its password. */
export const toUserResource = (user: UserEntity, roles: readonly HeldRole[], urls: ScimUrls): Resource => {
  const { organization, id } = user;
  const core = valuesOf(user, CORE_ATTRIBUTES);
  const isNamePart = ([name]: readonly [string, unknown]) => name.startsWith('name.');
  const claims = new Map(Object.entries(user.claims));
  const custom = [...claims].flatMap(([claim, value]): [string, unknown][] =>
    claim.startsWith(CUSTOM_CLAIM) ? [[claim.slice(CUSTOM_CLAIM.length), value]] : [],
  );
  const extensions = {
    ...nonEmpty(ENTERPRISE_SCHEMA, valuesOf(user, ENTERPRISE_ATTRIBUTES)),
    ...nonEmpty(SERVER_SCHEMA, valuesOf(user, SERVER_ATTRIBUTES)),
    ...nonEmpty(CUSTOM_SCHEMA, custom),
  };
  const lists = LIST_ATTRIBUTES.flatMap((attribute): [string, unknown][] => {
    const shown = attribute.show(attribute.read(claims));
    return shown.length > 0 ? [[attribute.name, shown]] : [];
  });
  const groups = roles.filter(({ name }) => isStoreRole(name));
  return {
    schemas: [USER_SCHEMA, ...Object.keys(extensions)],
    id,
    userName: user.name,
    ...nonEmpty(
      'name',
      core.filter(isNamePart).map(([name, value]) => [name.slice('name.'.length), value]),
    ),
    ...Object.fromEntries(core.filter((entry) => !isNamePart(entry))),
    ...Object.fromEntries(lists),
    ...extensions,
    ...(groups.length > 0 && {
      groups: groups.map(({ id: value, name }) => ({ value, display: name, $ref: urls.of(organization, 'Groups', value) })),
    }),
    roles: roles.map(({ id: value, name }) => ({ value, display: shownRole(name), $ref: urls.of(organization, 'v2/Roles', value) })),
    meta: {
      resourceType: 'User',
      created: user.createdAt.toISOString(),
      lastModified: user.modifiedAt.toISOString(),
      location: urls.of(organization, 'Users', id),
    },
  };
};
