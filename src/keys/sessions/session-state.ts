import { createHash, randomBytes } from 'node:crypto';

const SALT_BYTES = 16;

const sha256 = (text: string) => createHash('sha256').update(text);

/** The value of the cookie `opbs`, which scripts may read: it follows from the login session and changes with it, and tells nothing about it. */
export const browserStateOf = (sessionUid: string): string => sha256(`opbs:${sessionUid}`).digest('base64url');

/** `session_state` as clients compare it in the check-session frame: a hash over client, origin and browser state, and its salt (`reference/identity.md` §6). */
export const sessionState = (
  clientId: string,
  redirectUri: string,
  browserState: string,
  salt = randomBytes(SALT_BYTES).toString('base64url'),
): string => `${sha256(clientId + new URL(redirectUri).origin + browserState + salt).digest('hex')}.${salt}`;
