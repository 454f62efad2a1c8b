import type { Claims } from './user.entity.js';
import { ClaimInvalid, PasswordInvalid, UserNameInvalid } from './users.problems.js';

/** Lengths and the ban on blanks as the store has them (`reference/identity.md` §1); control characters are no part of a name either. */
const USER_NAME = /^[^\s\p{Cc}]{3,30}$/u;
const PASSWORD = /^\S{5,30}$/u;
/** What a password must look like, for portals to check while it is typed. */
export const PASSWORD_PATTERN = PASSWORD.source;
const TEXT_MAX = 4096;
const CLAIMS_MAX = 500;

/** Text that Postgres can hold: it has no way to store a zero byte. */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

/** A name inside its tenant: `@` would make it another tenant's, `/` another store's, wherever names are split. */
export const isUserName = (name: string): boolean => USER_NAME.test(name) && !/[@/]/.test(name);

/** @throws UserNameInvalid (400). */
export const checkUserName = (name: string): void => {
  if (!isUserName(name)) throw UserNameInvalid();
};

export const isPassword = (password: string): boolean => PASSWORD.test(password);

/** @throws PasswordInvalid (400). */
export const checkPassword = (password: string): void => {
  if (!isPassword(password)) throw PasswordInvalid();
};

/** @throws ClaimInvalid (400) for a value too long or not storable, and for one claim too many. */
export const checkClaims = (claims: Claims): void => {
  const extra = Object.keys(claims)[CLAIMS_MAX];
  if (extra !== undefined) throw ClaimInvalid(extra);
  for (const [name, value] of Object.entries(claims)) {
    if (!isStorable(name) || !isStorable(value) || value.length > TEXT_MAX) throw ClaimInvalid(name);
  }
};

/** Prefix of the local claims' URIs. */
export const LOCAL_DIALECT = 'http://wso2.org/claims/';
