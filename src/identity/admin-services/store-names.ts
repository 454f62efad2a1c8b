import { EVERYONE_ROLE } from '../../domain/user.js';
import { INTERNAL, isStoreRole } from '../roles/role-rules.js';
import { isStorable } from '../users/user-rules.js';
import { StoreUnknown } from './admin-services.problems.js';

const PRIMARY = /^PRIMARY\//i;
const BESIDE_THE_STORE = /^(Internal|Application)\//i;
/** Names that one list gives at most (`reference/identity.md` §1). */
const NAMES_MAX = 100;
const PATTERN_MAX = 512;

/** The name of a user as the store has it: `PRIMARY/name` is `name`. @throws StoreUnknown (400) for another domain. */
export const userNameIn = (text: string): string => {
  const name = text.replace(PRIMARY, '');
  if (name.includes('/')) throw StoreUnknown();
  return name;
};

/** The name of a role: of the store, or `Internal/x` and `Application/x` beside it. @throws StoreUnknown (400) for another domain. */
export const roleNameIn = (text: string): string => {
  const name = text
    .replace(PRIMARY, '')
    .replace(/^internal\//i, INTERNAL)
    .replace(/^application\//i, 'Application/');
  if (!BESIDE_THE_STORE.test(name) && name.includes('/')) throw StoreUnknown();
  return name;
};

const isEveryone = (name: string): boolean => name.toLowerCase() === EVERYONE_ROLE.toLowerCase();

/** Roles to give or to take: every user holds `Internal/everyone` anyway. */
export const roleNamesIn = (texts: readonly string[]): readonly string[] =>
  texts.map(roleNameIn).filter((name) => name !== '' && !isEveryone(name));

/** The domain a role is in: it keeps it under another name. */
export const roleDomain = (name: string): string => (isStoreRole(name) ? '' : name.slice(0, name.indexOf('/') + 1).toLowerCase());

/** A text with the wildcards `*` and `?` as a pattern of SQL's LIKE. */
export const wildcards = (text: string): string => {
  // What nobody can be called is found nowhere.
  if (!isStorable(text) || text.length > PATTERN_MAX) return '';
  return text
    .replace(/[\\%_]/g, (sign) => `\\${sign}`)
    .replace(/\*+/g, '%')
    .replaceAll('?', '_');
};

/** A filter of names as a pattern; all names when there is none. @throws StoreUnknown (400) for another domain. */
export const patternOf = (filter: string | undefined): string => {
  const text = (filter ?? '*').replace(PRIMARY, '');
  if (!BESIDE_THE_STORE.test(text) && text.includes('/')) throw StoreUnknown();
  return wildcards(text);
};

/** How many names a list gives: all up to the server's limit when less than nothing is asked for. */
export const limitOf = (limit: number): number => (limit < 0 ? NAMES_MAX : Math.min(limit, NAMES_MAX));
