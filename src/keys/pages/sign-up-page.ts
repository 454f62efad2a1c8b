import { SUPER_TENANT } from '../../domain/organization.js';
import { html } from './html.js';
import type { Page } from './page.js';

export const SIGN_UP_PATH = '/accountrecoveryendpoint/register.do';

/** The page on which somebody makes an account of the tenant; with the key of a sign-in that waits, it leads back there. */
export const signUpUrl = (organization: string, sessionDataKey: string): string =>
  `${SIGN_UP_PATH}?${new URLSearchParams({ ...(organization === SUPER_TENANT ? {} : { tenantDomain: organization }), sessionDataKey }).toString()}`;

const backUrl = (key: string): string => `/authenticationendpoint/login.do?${new URLSearchParams({ sessionDataKey: key }).toString()}`;

/** What is filled in again after a refusal; the password never is. */
export interface SignUpFacts {
  readonly organization: string;
  /** Of the sign-in that waits; empty where none does. */
  readonly key: string;
  readonly failure: string | undefined;
  readonly username: string;
  readonly givenName: string;
  readonly lastName: string;
  readonly email: string;
}

const ownerOf = (organization: string): string | undefined => (organization === SUPER_TENANT ? undefined : organization);

export const signUpPageOf = ({ organization, key, failure, username, givenName, lastName, email }: SignUpFacts): Page => ({
  title: `${failure === undefined ? '' : 'Error: '}Create an account`,
  owner: ownerOf(organization),
  content: html`<h1>Create an account</h1>
${failure === undefined ? undefined : html`<p class="alert" role="alert" id="failure">${failure}</p>`}
<form method="post" action="${SIGN_UP_PATH}" autocomplete="on">
<input type="hidden" name="tenantDomain" value="${organization}">
<input type="hidden" name="sessionDataKey" value="${key}">
${field('username', 'Username', username, html` required autofocus autocomplete="username" autocapitalize="none" spellcheck="false"`)}
<p class="quiet">3 to 30 characters, without blanks, @ and /</p>
<div class="field"><label for="password">Password</label>
<input type="password" id="password" name="password" required autocomplete="new-password"></div>
<p class="quiet">5 to 30 characters, without blanks</p>
${field('givenname', 'First name', givenName, html` autocomplete="given-name"`)}
${field('lastname', 'Last name', lastName, html` autocomplete="family-name"`)}
${field('emailaddress', 'E-mail address', email, html` autocomplete="email" inputmode="email"`)}
<button type="submit">Create the account</button>
</form>
${key === '' ? undefined : html`<p class="quiet"><a href="${backUrl(key)}">Back to the sign-in</a></p>`}`,
});

const field = (name: string, label: string, value: string, attributes: ReturnType<typeof html>) =>
  html`<div class="field"><label for="${name}">${label}</label>
<input type="text" id="${name}" name="${name}" value="${value}"${attributes}></div>`;

/** After a sign-up: the way back to where it began, or that somebody has to approve it. */
export const signedUpPageOf = (organization: string, key: string, isPending: boolean): Page => ({
  title: isPending ? 'Your account waits for its approval' : 'Your account is ready',
  owner: ownerOf(organization),
  content: html`<h1>${isPending ? 'Your account waits for its approval' : 'Your account is ready'}</h1>
<p>${isPending ? 'An administrator has to agree first. You can sign in already, and use the developer portal from then on.' : 'You can sign in with it now.'}</p>
${key === '' ? undefined : html`<a class="button" href="${backUrl(key)}">Go to the sign-in</a>`}`,
});
