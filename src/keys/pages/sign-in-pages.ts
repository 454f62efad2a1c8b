import { SUPER_TENANT } from '../../domain/organization.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import { shownUserCode } from '../device/user-code.js';
import { html } from './html.js';
import type { Page } from './page.js';

const ownerOf = (organization: string): string | undefined => (organization === SUPER_TENANT ? undefined : organization);

export interface LoginFacts {
  readonly client: OAuthClient;
  readonly key: string;
  /** What the last attempt met; undefined before the first. */
  readonly failure: string | undefined;
  /** The name the client expects. */
  readonly hint: string;
  /** Identity providers that may vouch for the user instead. */
  readonly providers: readonly { readonly name: string; readonly displayName: string }[];
  /** Where people without an account make one; undefined where they cannot. */
  readonly signUpUrl: string | undefined;
}

export const loginPageOf = ({ client, key, failure, hint, providers, signUpUrl }: LoginFacts): Page => ({
  title: `${failure === undefined ? '' : 'Error: '}Sign in to ${client.displayName}`,
  owner: ownerOf(client.organization),
  content: html`<h1>Sign in</h1>
<p class="quiet">to continue to <strong>${client.displayName}</strong></p>
${failure === undefined ? undefined : html`<p class="alert" role="alert" id="failure">${failure}</p>`}
<form method="post" action="/commonauth" autocomplete="on">
<input type="hidden" name="sessionDataKey" value="${key}">
<input type="hidden" name="tocommonauth" value="true">
<div class="field"><label for="username">Username</label>
<input type="text" id="username" name="username" value="${hint}" required autofocus autocomplete="username" autocapitalize="none" spellcheck="false"${failure === undefined ? undefined : html` aria-describedby="failure"`}></div>
<div class="field"><label for="password">Password</label>
<input type="password" id="password" name="password" required autocomplete="current-password"${failure === undefined ? undefined : html` aria-describedby="failure"`}></div>
<div class="check"><input type="checkbox" id="chkRemember" name="chkRemember" value="on"><label for="chkRemember">Stay signed in on this device</label></div>
<button type="submit">Sign in</button>
</form>
${providers.length === 0 ? undefined : html`<nav aria-label="Other ways to sign in">${providers.map((provider) => providerLink(key, provider))}</nav>`}
${signUpUrl === undefined ? undefined : html`<p class="quiet">No account yet? <a href="${signUpUrl}">Create one</a></p>`}`,
});

const providerLink = (key: string, { name, displayName }: LoginFacts['providers'][number]) =>
  html`<a class="button second" href="/commonauth?${new URLSearchParams({ idp: name, sessionDataKey: key }).toString()}">Sign in with ${displayName || name}</a>`;

export interface ConsentFacts {
  readonly client: OAuthClient;
  readonly key: string;
  readonly user: string;
  /** The user's consumer organization; empty for a user of none. */
  readonly organizationName: string;
  readonly scopes: readonly string[];
  /** The code that the user's device shows, where it is a device that asks. */
  readonly userCode: string | undefined;
}

/** Scopes of the standard in plain words; others are shown by their name. */
const WORDS: Readonly<Record<string, string>> = {
  openid: 'Know who you are',
  profile: 'See your name and profile',
  email: 'See your e-mail address',
  address: 'See your postal address',
  phone: 'See your telephone number',
  groups: 'See the roles you hold',
  offline_access: 'Stay connected while you are away',
  default: 'Call the APIs it is subscribed to',
};

export const consentPageOf = ({ client, key, user, organizationName, scopes, userCode }: ConsentFacts): Page => ({
  title: `Allow ${client.displayName}?`,
  owner: ownerOf(client.organization),
  content: html`<h1>Allow ${client.displayName}?</h1>
<p class="quiet">Application <code>${client.name}</code></p>
${userCode === undefined ? undefined : html`<p>Your device shows the code <strong class="code">${shownUserCode(userCode)}</strong>. If yours shows another one, or somebody sent you the code, deny.</p>`}
<p>Signed in as <strong>${user}</strong>${organizationName === '' ? undefined : html` of <strong>${organizationName}</strong>`}. The application wants to:</p>
<ul class="scopes" tabindex="0" aria-label="What the application wants">
${scopes.map((scope) => {
  const words = Object.hasOwn(WORDS, scope) ? WORDS[scope] : undefined;
  return html`<li>${words === undefined ? html`<code>${scope}</code>` : html`${words} <code class="quiet">${scope}</code>`}</li>`;
})}
</ul>
<form method="post" action="/oauth2/authorize">
<input type="hidden" name="sessionDataKeyConsent" value="${key}">
<button type="submit" name="consent" value="approve">Allow once</button>
${userCode === undefined ? html`<button type="submit" name="consent" value="approveAlways" class="second">Always allow</button>` : undefined}
<button type="submit" name="consent" value="deny" class="third">Deny</button>
</form>`,
});

export const messagePageOf = (title: string, text: string, code?: string): Page => ({
  title,
  owner: undefined,
  content: html`<h1>${title}</h1>
<p>${text}</p>
${code === undefined ? undefined : html`<p class="quiet">Error code: <code>${code}</code></p>`}`,
});

/** Posts itself where scripts run, and has a button where they do not. */
const POSTS_ITSELF = 'document.forms[0].submit()';

export const formPageOf = (action: string, fields: Readonly<Record<string, string>>): Page => ({
  title: 'Returning to the application',
  owner: undefined,
  script: POSTS_ITSELF,
  content: html`<h1>Returning to the application</h1>
<form method="post" action="${action}">
${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<button type="submit">Continue</button>
</form>`,
});
