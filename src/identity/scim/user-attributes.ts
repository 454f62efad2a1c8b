/** The schemas of a user and its extensions (`reference/identity.md` §3). */
export const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const ENTERPRISE_SCHEMA = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const SERVER_SCHEMA = 'urn:scim:wso2:schema';
export const CUSTOM_SCHEMA = 'urn:scim:schemas:extension:custom:User';

/** A single-valued attribute of a user: kept as a claim, or as a column of its own. */
export interface UserAttribute {
  /** As the wire spells it: `title`, `name.givenName`; inside an extension the bare name. */
  readonly name: string;
  readonly type: 'string' | 'boolean' | 'integer';
  /** The local claim's name, unless it is a column. */
  readonly claim: string;
  readonly column?: 'locked' | 'disabled' | 'active';
  readonly readOnly?: true;
}

const text = (name: string, claim = name): UserAttribute => ({ name, type: 'string', claim });
const flag = (name: string, claim: string): UserAttribute => ({ name, type: 'boolean', claim });
const fixed = (attribute: UserAttribute): UserAttribute => ({ ...attribute, readOnly: true });
const identity = (name: string, type: UserAttribute['type'] = 'string'): UserAttribute => ({ name, type, claim: `identity/${name}` });

export const CORE_ATTRIBUTES: readonly UserAttribute[] = [
  text('externalId', 'externalid'),
  text('name.givenName', 'givenname'),
  text('name.familyName', 'lastname'),
  text('name.formatted', 'formattedName'),
  text('name.middleName', 'middleName'),
  text('name.honorificPrefix', 'honorificPrefix'),
  text('name.honorificSuffix', 'honorificSuffix'),
  text('displayName'),
  text('nickName', 'nickname'),
  text('profileUrl', 'url'),
  text('title'),
  text('userType'),
  text('preferredLanguage'),
  text('locale', 'local'),
  text('timezone', 'timeZone'),
  { name: 'active', type: 'boolean', claim: 'active', column: 'active' },
];

/** Shown in the server's own extension, but accepted in both. */
export const SERVER_ATTRIBUTES: readonly UserAttribute[] = [
  { ...identity('accountLocked', 'boolean'), column: 'locked' },
  { ...identity('accountDisabled', 'boolean'), column: 'disabled' },
  fixed(identity('accountState')),
  fixed(identity('lockedReason')),
  identity('unlockTime', 'integer'),
  identity('failedLoginAttempts', 'integer'),
  fixed(identity('failedLoginLockoutCount', 'integer')),
  identity('askPassword', 'boolean'),
  identity('verifyEmail', 'boolean'),
  flag('forcePasswordReset', 'identity/adminForcedPasswordReset'),
  identity('emailVerified', 'boolean'),
  text('country'),
  text('dateOfBirth', 'dob'),
  fixed(text('lastLoginTime', 'identity/lastLogonTime')),
  fixed(identity('lastPasswordUpdateTime')),
  identity('preferredChannel'),
  identity('userSourceId'),
  identity('managedOrg'),
];

/** Shown in the enterprise extension, but accepted in both. */
export const ENTERPRISE_ATTRIBUTES: readonly UserAttribute[] = [
  text('employeeNumber'),
  text('organization'),
  text('department'),
  text('costCenter'),
  text('division'),
  text('manager'),
];

const CUSTOM_NAME = /^[A-Za-z][\w.-]{0,99}$/;
/** Claims of free attributes carry this before their name. */
export const CUSTOM_CLAIM = 'custom:';

const byName = (attributes: readonly UserAttribute[]): ReadonlyMap<string, UserAttribute> =>
  new Map(attributes.map((attribute) => [attribute.name.toLowerCase(), attribute]));

const core = byName(CORE_ATTRIBUTES);
const extensions = byName([...SERVER_ATTRIBUTES, ...ENTERPRISE_ATTRIBUTES]);
const EXTENSION_SCHEMAS = [ENTERPRISE_SCHEMA, SERVER_SCHEMA];

const afterSchema = (path: string, schema: string): string | undefined =>
  path.toLowerCase().startsWith(`${schema.toLowerCase()}:`) ? path.slice(schema.length + 1) : undefined;

/** A path without the schema of users, which may be left out. */
export const withoutCoreSchema = (path: string): string => afterSchema(path, USER_SCHEMA) ?? path;

/** Whether the name is that of an extension as a whole. */
export const isExtension = (name: string): boolean =>
  [...EXTENSION_SCHEMAS, CUSTOM_SCHEMA].some((schema) => schema.toLowerCase() === name.toLowerCase());

/** The attribute at `title`, `name.givenName` or `<urn>:country`; undefined for an unknown one. */
export const attributeAt = (path: string): UserAttribute | undefined => {
  const custom = afterSchema(path, CUSTOM_SCHEMA);
  if (custom !== undefined) return CUSTOM_NAME.test(custom) ? text(custom, CUSTOM_CLAIM + custom) : undefined;
  for (const schema of EXTENSION_SCHEMAS) {
    const name = afterSchema(path, schema);
    // A manager is an object with one value that counts.
    if (name !== undefined) return extensions.get(name.toLowerCase().replace(/^manager\.value$/, 'manager'));
  }
  return core.get(withoutCoreSchema(path).toLowerCase());
};

/** The names of the parts of `name` or of an extension; those of the free one are what the user has. */
export const partsOf = (name: string, claims: ReadonlyMap<string, string>): readonly string[] => {
  if (name.toLowerCase() === 'name') return CORE_ATTRIBUTES.flatMap((attribute) => attribute.name.match(/^name\.(.+)$/)?.[1] ?? []);
  if (name.toLowerCase() !== CUSTOM_SCHEMA.toLowerCase()) return [...extensions.values()].map((attribute) => attribute.name);
  return [...claims.keys()].filter((claim) => claim.startsWith(CUSTOM_CLAIM)).map((claim) => claim.slice(CUSTOM_CLAIM.length));
};
