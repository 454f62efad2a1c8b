import type { LoginFailure } from '../authorize/page-urls.js';
import type { Page } from './page.js';
import { messagePageOf } from './sign-in-pages.js';

/** What the login page says; texts from the address are never shown, or anyone could write them. */
const LOGIN_FAILURES: Readonly<Record<LoginFailure, string>> = {
  'login.fail.message': 'The username or the password is wrong, or the account is locked.',
  'user.tenant.domain.mismatch.message': 'This application does not take users of your organization.',
  'outside.sign.in.failed': 'The other service did not sign you in. Please try again.',
  'outside.user.exists': 'The other service calls you by the name of somebody else here. Please ask your administrator.',
  'outside.user.unknown': 'You have no account here yet. Please ask your administrator.',
  'outside.user.unnamed': 'The other service did not tell a name that an account here can have. Please ask your administrator.',
  'outside.user.locked': 'Your account here is locked. Please ask your administrator.',
};

export const loginFailureOf = (message: string | undefined): string =>
  (message !== undefined && Object.hasOwn(LOGIN_FAILURES, message) ? LOGIN_FAILURES[message as LoginFailure] : undefined) ??
  'You could not be signed in. Please try again.';

const ERRORS: Readonly<Record<string, string>> = {
  invalid_request: 'The application sent a request that is incomplete or malformed.',
  invalid_callback: 'The application asked to send you to an address it has not registered.',
  invalid_client: 'The application that sent you here is not known.',
  access_denied: 'Access was denied.',
};

/** Why a logout was refused; only these texts are taken from the address. */
export const LOGOUT_REFUSALS = {
  token: 'ID token signature validation failed.',
  uri: 'Post logout URI does not match with registered callback URI.',
  client: 'There is no application of this client_id.',
  audience: 'The ID token was issued to another client.',
  user: 'End User denied the logout request',
} as const;

export const errorPageOf = (code: string | undefined, text: string | undefined): Page => {
  // Authorization requests are refused with some of the same words, under another code.
  const refusal = Object.values(LOGOUT_REFUSALS).find((known) => known === text);
  if (code === 'access_denied' && refusal !== undefined) return messagePageOf('You were not signed out', refusal, 'access_denied');
  return signInErrorPageOf(code);
};

const signInErrorPageOf = (code: string | undefined): Page => {
  const known = code !== undefined && Object.hasOwn(ERRORS, code) ? code : undefined;
  const text = known === undefined ? 'The request could not be answered.' : (ERRORS[known] ?? '');
  return messagePageOf('The application cannot sign you in', `${text} Nothing was sent to it. Please tell its operator.`, known);
};

export const RETRY = {
  title: 'This sign-in has ended',
  text: 'It took too long, was finished already, or was begun in another browser. Go back to the application and sign in again.',
};
