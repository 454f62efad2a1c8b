import type { Account } from '../../platform/auth/accounts.js';
import { cookieHeader } from './cookies.js';
import { browserStateOf } from './session-state.js';

/** The cookie that holds the login session. */
export const SESSION_COOKIE = 'commonAuthId';
/** The cookie that the check-session frame reads. */
export const BROWSER_STATE_COOKIE = 'opbs';

const IDLE_SECONDS = 15 * 60;
const REMEMBERED_SECONDS = 14 * 86_400;

/** How long a session lives from its last use on. */
export const sessionSeconds = ({ transient }: { readonly transient?: boolean | undefined }): number =>
  transient === true ? IDLE_SECONDS : REMEMBERED_SECONDS;

/** A user who is logged in at one tenant's engine. */
export interface LoginSession {
  /** The cookie's value. */
  readonly id: string;
  /** Stays the same when the id is renewed; never leaves the server. */
  readonly uid: string;
  readonly account: Account;
  /** Epoch seconds of the last time the user gave the password. */
  readonly loggedInAt: number;
  readonly isRemembered: boolean;
  /** How the user proved who it is, by the product's names: `amr`. */
  readonly methods: readonly string[];
}

/** The ways to sign in, by the names the product gives them in `amr`: our own page's password, and outside identity providers. */
export const LOGIN_METHODS = { password: 'BasicAuthenticator', oidc: 'OpenIDConnectAuthenticator', saml: 'SAMLSSOAuthenticator' } as const;

export type LoginMethod = keyof typeof LOGIN_METHODS;

/** Gives the browser its session, or the renewed end of a remembered one. */
export const sessionCookies = (session: LoginSession): readonly string[] => {
  const maxAge = session.isRemembered ? { maxAgeSeconds: REMEMBERED_SECONDS } : {};
  return [
    cookieHeader(SESSION_COOKIE, session.id, { isPrivate: true, ...maxAge }),
    cookieHeader(BROWSER_STATE_COOKIE, browserStateOf(session.uid), { isPrivate: false, ...maxAge }),
  ];
};

/** Takes the session from the browser. */
export const noSessionCookies = (): readonly string[] => [
  cookieHeader(SESSION_COOKIE, '', { isPrivate: true, maxAgeSeconds: 0 }),
  cookieHeader(BROWSER_STATE_COOKIE, '', { isPrivate: false, maxAgeSeconds: 0 }),
];
