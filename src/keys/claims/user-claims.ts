import { shownName } from '../../domain/organization.js';
import { isStoreRole } from '../../identity/roles/role-rules.js';
import type { UserEntity } from '../../identity/users/user.entity.js';
import type { Account } from '../../platform/auth/accounts.js';
import type { TokenSubject } from '../subjects/token-subject.js';

/** What the claims are made of. */
export interface ClaimSource {
  readonly account: Pick<Account, 'name' | 'organization' | 'roles'>;
  readonly user: Pick<UserEntity, 'claims' | 'modifiedAt'>;
}

type Value = string | number | boolean | readonly string[] | Readonly<Record<string, string>> | undefined;
type Reader = (source: ClaimSource) => Value;

/** The first of the local claims that has a value. */
const local =
  (...names: readonly string[]) =>
  ({ user }: ClaimSource): string | undefined =>
    names.map((name) => user.claims[name]).find((value) => value !== undefined && value !== '');

const flag =
  (name: string): Reader =>
  ({ user }) => {
    const value = user.claims[name];
    return value === undefined || value === '' ? undefined : value.toLowerCase() === 'true';
  };

const listed = (values: readonly string[]): readonly string[] | undefined => (values.length > 0 ? values : undefined);

const ADDRESS: Readonly<Record<string, (source: ClaimSource) => string | undefined>> = {
  formatted: local('addresses'),
  street_address: local('streetaddress'),
  locality: local('locality'),
  region: local('region', 'stateorprovince'),
  postal_code: local('postalcode'),
  country: local('country', 'addresses.home.country'),
};

const address: Reader = (source) => {
  const parts = Object.entries(ADDRESS).flatMap(([name, read]): [string, string][] => {
    const value = read(source);
    return value === undefined ? [] : [[name, value]];
  });
  return parts.length > 0 ? Object.fromEntries(parts) : undefined;
};

/** The claims that each scope shows, and the local claims they come from (`reference/identity.md` §5). */
const BY_SCOPE: Readonly<Record<string, Readonly<Record<string, Reader>>>> = {
  profile: {
    name: (source) => local('fullname', 'formattedName', 'displayName')(source) ?? fullNameOf(source),
    family_name: local('lastname'),
    given_name: local('givenname'),
    middle_name: local('middleName'),
    nickname: local('nickname'),
    preferred_username: ({ account }) => shownName(account),
    picture: local('photourl'),
    website: local('url'),
    gender: local('gender'),
    birthdate: local('dob'),
    zoneinfo: local('timeZone'),
    locale: local('local'),
    updated_at: ({ user }) => Math.floor(user.modifiedAt.getTime() / 1000),
    username: ({ account }) => shownName(account),
  },
  email: { email: local('emailaddress'), email_verified: flag('identity/emailVerified') },
  phone: { phone_number: local('mobile', 'telephone'), phone_number_verified: flag('identity/phoneVerified') },
  address: { address },
  // As SCIM tells them apart: groups are the roles of the user store.
  groups: { groups: ({ account }) => listed(account.roles.filter(isStoreRole)) },
  roles: { roles: ({ account }) => listed(account.roles) },
};

const fullNameOf = (source: ClaimSource): string | undefined => {
  const names = [local('givenname')(source), local('lastname')(source)].filter((name) => name !== undefined);
  return names.length > 0 ? names.join(' ') : undefined;
};

/** Scopes with a meaning of their own in OpenID Connect, and the names of the claims each of them shows. */
export const CLAIM_NAMES_BY_SCOPE: Readonly<Record<string, string[]>> = {
  openid: ['sub'],
  ...Object.fromEntries(Object.entries(BY_SCOPE).map(([scope, claims]) => [scope, Object.keys(claims)])),
};

/** The claims that the scopes show, as far as the user has them. `sub` is not among them. */
export const claimsOf = (source: ClaimSource, scopes: readonly string[]): Readonly<Record<string, Exclude<Value, undefined>>> => {
  const claims: Record<string, Exclude<Value, undefined>> = {};
  for (const scope of scopes) {
    const readers = Object.hasOwn(BY_SCOPE, scope) ? BY_SCOPE[scope] : undefined;
    for (const [name, read] of Object.entries(readers ?? {})) {
      const value = read(source);
      if (value !== undefined) claims[name] = value;
    }
  }
  return claims;
};

/** The same of a user without an account here: what its identity provider calls by the standard names. */
export const remoteClaimsOf = ({ roles, claims = {} }: TokenSubject, scopes: readonly string[]): Readonly<Record<string, unknown>> => {
  const names = scopes.flatMap((scope) =>
    scope !== 'openid' && Object.hasOwn(CLAIM_NAMES_BY_SCOPE, scope) ? (CLAIM_NAMES_BY_SCOPE[scope] ?? []) : [],
  );
  const shown = Object.fromEntries(names.filter((name) => Object.hasOwn(claims, name)).map((name) => [name, claims[name]]));
  return scopes.includes('groups') && roles.length > 0 ? { groups: roles, ...shown } : shown;
};
