/** The tenant that always exists; its name is left out on the wire. */
export const SUPER_TENANT = 'carbon.super';
export const SUPER_TENANT_ID = -1234;
/** Owns what serves all tenants: global key managers (`reference/admin.md` §4). No tenant can have this name. */
export const GLOBAL_ORGANIZATION = 'WSO2/System';

export interface UserName {
  readonly name: string;
  readonly organization: string;
}

/**
 * Splits `name`, `name@tenant` and `DOMAIN/name@tenant`: the part after the last `@` is the tenant. `PRIMARY/name` is `name`.
 * With `emailNames` a single `@` belongs to the name (`reference/identity.md` §1).
 */
export const parseUserName = (text: string, emailNames = false): UserName => {
  const at = text.lastIndexOf('@');
  const hasTenant = at > 0 && (!emailNames || text.indexOf('@') !== at);
  const name = hasTenant ? text.slice(0, at) : text;
  return { name: name.replace(/^PRIMARY\//i, ''), organization: hasTenant ? text.slice(at + 1) : SUPER_TENANT };
};

/** The name inside the tenant of a user whom its members name `ann`, `ann@tenant` or `PRIMARY/ann`; another tenant stays in the name. */
export const nameWithin = (organization: string, text: string): string => {
  const suffix = `@${organization}`;
  return (text.endsWith(suffix) ? text.slice(0, -suffix.length) : text).replace(/^PRIMARY\//i, '');
};

/** The name as the REST APIs show it: bare in the super tenant, `name@tenant` elsewhere. */
export const shownName = (user: UserName): string => (user.organization === SUPER_TENANT ? user.name : `${user.name}@${user.organization}`);

/** The name with its tenant always written out. */
export const fullName = (user: UserName): string => `${user.name}@${user.organization}`;

/** The context as callers see it: a tenant's APIs live under `/t/<tenant>`. */
export const tenantContext = (organization: string, context: string): string =>
  organization === SUPER_TENANT ? context : `/t/${organization}${context}`;
