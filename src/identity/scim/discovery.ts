import { GROUPS, ROLES } from './role-resource.js';
import { COUNT_MAX } from './scim-lists.js';
import {
  CORE_ATTRIBUTES,
  CUSTOM_SCHEMA,
  ENTERPRISE_ATTRIBUTES,
  ENTERPRISE_SCHEMA,
  SERVER_ATTRIBUTES,
  SERVER_SCHEMA,
  USER_SCHEMA,
  type UserAttribute,
} from './user-attributes.js';
import { LIST_ATTRIBUTES } from './user-lists.js';

const CONFIG_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig';
const TYPE_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:ResourceType';
const SCHEMA_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Schema';

/** What this SCIM server can do (`reference/identity.md` §3); bulk requests are not served yet. */
export const SERVICE_PROVIDER_CONFIG = {
  schemas: [CONFIG_SCHEMA],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: COUNT_MAX },
  changePassword: { supported: true },
  sort: { supported: false },
  etag: { supported: false },
  authenticationSchemes: [
    { type: 'oauthbearertoken', name: 'OAuth Bearer Token', description: 'An access token of this server.', primary: true },
    { type: 'httpbasic', name: 'HTTP Basic', description: 'Name and password of an administrator.', primary: false },
  ],
};

const resourceType = (id: string, endpoint: string, schema: string, description: string, extensions: readonly string[] = []) => ({
  schemas: [TYPE_SCHEMA],
  id,
  name: id,
  endpoint,
  description,
  schema,
  ...(extensions.length > 0 && { schemaExtensions: extensions.map((extension) => ({ schema: extension, required: false })) }),
});

export const RESOURCE_TYPES = [
  resourceType('User', '/Users', USER_SCHEMA, 'A user of the tenant.', [ENTERPRISE_SCHEMA, SERVER_SCHEMA, CUSTOM_SCHEMA]),
  resourceType('Group', '/Groups', GROUPS.schema, 'A role of the user store.'),
  resourceType('Role', '/Roles', ROLES.schema, 'A role of the tenant.'),
];

interface AttributeFacts {
  readonly name: string;
  readonly type: string;
  readonly multiValued: boolean;
  readonly required: boolean;
  readonly caseExact: boolean;
  readonly mutability: string;
  readonly returned: string;
  readonly uniqueness: string;
  readonly subAttributes?: readonly AttributeFacts[];
}

const facts = (name: string, own: Partial<AttributeFacts> = {}): AttributeFacts => ({
  ...{ name, type: 'string', multiValued: false, required: false, caseExact: false },
  ...{ mutability: 'readWrite', returned: 'default', uniqueness: 'none' },
  ...own,
});

const simple = ({ name, type, readOnly }: UserAttribute): AttributeFacts =>
  facts(name.slice(name.indexOf('.') + 1), { type, ...(readOnly && { mutability: 'readOnly' }) });

const references = (name: string, mutability: string): AttributeFacts =>
  facts(name, {
    type: 'complex',
    multiValued: true,
    mutability,
    subAttributes: [facts('value'), facts('display'), facts('$ref', { type: 'reference' })],
  });

const userFacts = (): readonly AttributeFacts[] => {
  const isNamePart = ({ name }: UserAttribute) => name.startsWith('name.');
  return [
    facts('userName', { required: true, mutability: 'immutable', uniqueness: 'server' }),
    facts('password', { mutability: 'writeOnly', returned: 'never' }),
    facts('name', { type: 'complex', subAttributes: CORE_ATTRIBUTES.filter(isNamePart).map(simple) }),
    ...CORE_ATTRIBUTES.filter((attribute) => !isNamePart(attribute)).map(simple),
    ...LIST_ATTRIBUTES.map(({ name }) =>
      facts(name, { type: 'complex', multiValued: true, subAttributes: [facts('value'), facts('type')] }),
    ),
    references('groups', 'readOnly'),
    references('roles', 'readOnly'),
  ];
};

const schema = (id: string, name: string, description: string, attributes: readonly AttributeFacts[]) => ({
  schemas: [SCHEMA_SCHEMA],
  id,
  name,
  description,
  attributes,
});

export const SCHEMAS = [
  schema(USER_SCHEMA, 'User', 'A user of the tenant.', userFacts()),
  schema(ENTERPRISE_SCHEMA, 'EnterpriseUser', 'What an enterprise knows about a user.', ENTERPRISE_ATTRIBUTES.map(simple)),
  schema(SERVER_SCHEMA, 'ServerUser', 'The state of an account.', SERVER_ATTRIBUTES.map(simple)),
  schema(GROUPS.schema, 'Group', 'A role of the user store.', [
    facts('displayName', { required: true }),
    references('members', 'readWrite'),
  ]),
  schema(ROLES.schema, 'Role', 'A role of the tenant.', [
    facts('displayName', { required: true }),
    references('users', 'readWrite'),
    facts('permissions', { multiValued: true }),
  ]),
];
