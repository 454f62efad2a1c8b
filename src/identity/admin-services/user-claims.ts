import { CORE_ATTRIBUTES, CUSTOM_CLAIM, SERVER_ATTRIBUTES, type UserAttribute } from '../scim/user-attributes.js';
import type { UserDraft } from '../scim/user-draft.js';
import { accountState, STATE_CLAIMS } from '../users/account-state.js';
import { claimName } from '../users/local-claims.js';
import type { Claims, UserEntity } from '../users/user.entity.js';
import { LOCAL_DIALECT } from '../users/user-rules.js';
import { ClaimUnknown } from '../users/users.problems.js';
import { ClaimKept } from './admin-services.problems.js';

/** A claim by its whole URI. */
export interface ClaimValue {
  readonly uri: string;
  readonly value: string;
}

/** Known from elsewhere than the claims: they are read here and changed there. */
const KEPT = new Set(['username', 'userid', 'role', 'roles', 'groups', 'created', 'modified', 'tenant', 'resourceType', 'location']);
/** Attributes that are no plain texts, by the names of their claims. */
const TYPED: ReadonlyMap<string, UserAttribute> = new Map(
  [...CORE_ATTRIBUTES, ...SERVER_ATTRIBUTES]
    .filter(({ column, readOnly, type }) => column || readOnly || type !== 'string')
    .map((attribute) => [attribute.claim, attribute]),
);

/** Gives a user a claim; an empty value, or none, takes it away. @throws ClaimUnknown, ClaimKept, InvalidValue (400). */
export const setClaim = (draft: UserDraft, uri: string, value: string | undefined): void => {
  const name = claimName(uri);
  if (name === '' || !uri.startsWith(LOCAL_DIALECT)) throw ClaimUnknown(uri);
  const attribute = TYPED.get(name);
  if (KEPT.has(name) || attribute?.readOnly) throw ClaimKept(uri);
  draft.set(attribute ?? { name, type: 'string', claim: name }, value);
  // What SCIM had set under this name would show again.
  draft.claims.delete(CUSTOM_CLAIM + name);
};

type Reader = (user: UserEntity, roles: readonly string[]) => string | undefined;

const READERS: Readonly<Record<string, Reader>> = {
  username: ({ name }) => name,
  userid: ({ id }) => id,
  role: (_, roles) => roles.join(','),
  roles: (_, roles) => roles.join(','),
  created: ({ createdAt }) => createdAt.toISOString(),
  modified: ({ modifiedAt }) => modifiedAt.toISOString(),
  active: ({ disabled }) => String(!disabled),
  'identity/accountLocked': (user) => String(accountState(user) === 'LOCKED'),
  'identity/accountDisabled': ({ disabled }) => String(disabled),
};

const textAt = (claims: Claims, name: string): string | undefined => (Object.hasOwn(claims, name) ? claims[name] : undefined);

/** The value of a claim; undefined for one that the user lacks, or that nobody has. */
export const claimValue = (user: UserEntity, roles: readonly string[], uri: string): string | undefined => {
  const name = claimName(uri);
  if (Object.hasOwn(READERS, name)) return READERS[name]?.(user, roles);
  if (Object.hasOwn(STATE_CLAIMS, name)) return STATE_CLAIMS[name]?.(user);
  return textAt(user.claims, name) ?? textAt(user.claims, CUSTOM_CLAIM + name);
};

/** All claims that a user has, by their URIs. */
export const claimsOf = (user: UserEntity, roles: readonly string[]): readonly ClaimValue[] => {
  const names = new Set([
    ...Object.keys(READERS),
    ...Object.keys(STATE_CLAIMS),
    ...Object.keys(user.claims).map((claim) => (claim.startsWith(CUSTOM_CLAIM) ? claim.slice(CUSTOM_CLAIM.length) : claim)),
  ]);
  return [...names].sort().flatMap((name) => {
    const uri = LOCAL_DIALECT + name;
    const value = claimValue(user, roles, uri);
    return value === undefined ? [] : [{ uri, value }];
  });
};
