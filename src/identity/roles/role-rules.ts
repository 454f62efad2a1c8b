import { ADMIN_ROLE, EVERYONE_ROLE } from '../../domain/user.js';
import { isStorable } from '../users/user-rules.js';
import { RoleNameInvalid } from './roles.problems.js';

/** The part of a role's name after its domain (`reference/identity.md` §1). */
const NAME = /^[^\s\p{Cc}]{3,30}$/u;
const APPLICATION = 'Application/';
const NAME_MAX = 255;

export const INTERNAL = 'Internal/';

const sameRole = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
const startsWith = (name: string, prefix: string): boolean => name.toLowerCase().startsWith(prefix.toLowerCase());

/** @throws RoleNameInvalid (400). Roles of applications are named after them and may be longer. */
export const checkRoleName = (name: string): void => {
  if (startsWith(name, APPLICATION) && name.length <= NAME_MAX && isStorable(name)) return;
  if (!NAME.test(name.slice(name.indexOf('/') + 1)) || name.length > NAME_MAX || !isStorable(name)) throw RoleNameInvalid();
};

export const isAdminRole = (name: string): boolean => sameRole(name, ADMIN_ROLE);
export const isEveryoneRole = (name: string): boolean => sameRole(name, EVERYONE_ROLE);
/** A role of the user store, as opposed to those kept beside it. */
export const isStoreRole = (name: string): boolean => !startsWith(name, INTERNAL) && !startsWith(name, APPLICATION);
