import { type OAuthParameters, single } from '../edge/oauth-body.js';
import { html } from './html.js';
import type { Page } from './page.js';
import { messagePageOf } from './sign-in-pages.js';

/** What the logout needs to know again once the user has agreed. */
const KEPT = ['client_id', 'post_logout_redirect_uri', 'state'];

const logoutConsentPageOf = (parameters: OAuthParameters): Page => ({
  title: 'Sign out?',
  owner: undefined,
  content: html`<h1>Sign out?</h1>
<p>You will be signed out of all applications that you signed in to here.</p>
<form method="post" action="/oidc/logout">
${KEPT.map((name) => {
  const value = single(parameters, name);
  return html`${value === undefined ? undefined : html`<input type="hidden" name="${name}" value="${value}">`}`;
})}
<button type="submit" name="consent" value="approve">Sign out</button>
<button type="submit" name="consent" value="deny" class="third">Stay signed in</button>
</form>`,
});

/** Pages beside the sign-in, by their addresses: what they show is in the address, or nowhere. */
export const FURTHER_PAGES: ReadonlyMap<string, (parameters: OAuthParameters) => Page> = new Map([
  ['/authenticationendpoint/oauth2_logout_consent.do', logoutConsentPageOf],
  ['/authenticationendpoint/oauth2_logout.do', () => messagePageOf('You are signed out', 'You can close this page.')],
  [
    '/authenticationendpoint/device_success.do',
    () => messagePageOf('Your device is connected', 'It goes on by itself within seconds. You can close this page.'),
  ],
  [
    '/authenticationendpoint/device_denied.do',
    () => messagePageOf('Your device is not connected', 'Nothing was handed to it. You can close this page.'),
  ],
]);
