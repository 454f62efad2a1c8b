import { isLockedOut } from '../logins/lock-rules.js';
import type { UserEntity } from './user.entity.js';

/** `LOCKED`, by an administrator or by failed logins, or `DISABLED`; undefined for an account that is open. */
export const accountState = (user: UserEntity): 'LOCKED' | 'DISABLED' | undefined => {
  if (user.locked || isLockedOut(user)) return 'LOCKED';
  return user.disabled ? 'DISABLED' : undefined;
};

/** Claims that say what state the account is in, which the columns know. */
export const STATE_CLAIMS: Readonly<Record<string, (user: UserEntity) => string | undefined>> = {
  'identity/accountState': accountState,
  'identity/lockedReason': (user) => (user.locked ? 'ADMIN_INITIATED' : isLockedOut(user) ? 'MAX_ATTEMPTS_EXCEEDED' : undefined),
  'identity/unlockTime': (user) => (!user.locked && isLockedOut(user) ? String(user.unlockAt?.getTime()) : undefined),
  'identity/failedLoginAttempts': ({ failedLogins }) => (failedLogins > 0 ? String(failedLogins) : undefined),
  'identity/failedLoginLockoutCount': ({ lockouts }) => (lockouts > 0 ? String(lockouts) : undefined),
};
