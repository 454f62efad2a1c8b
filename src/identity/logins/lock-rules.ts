/** What failed logins have done to an account so far. */
export interface LoginFailures {
  readonly failedLogins: number;
  /** How often they locked it since the last success. */
  readonly lockouts: number;
  readonly unlockAt: Date | null;
}

/** Whether failed logins keep the account locked at this moment. */
export const isLockedOut = ({ unlockAt }: Pick<LoginFailures, 'unlockAt'>, now = Date.now()): boolean =>
  unlockAt !== null && unlockAt !== undefined && unlockAt.getTime() > now;
