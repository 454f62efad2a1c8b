import { shownName } from '../../domain/organization.js';
import type { Account } from '../../platform/auth/accounts.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import { scopesIn } from '../tokens/scope-grants.js';
import type { AuthorizationParameters } from './authorization-parameters.js';
import type { ConsentRequest, SignIn } from './sign-ins.js';

const PAGES = '/authenticationendpoint';
/** Longer addresses are refused by servers and browsers: what the pages do not read is left out of them. */
const ADDRESS_MAX = 6_000;

type Parameters = Readonly<Record<string, string>>;

/** A page's address. The page reads what is `needed`; the rest is what the product's addresses carry beside it. */
const page = (name: string, needed: Parameters, further: Parameters = {}): string => {
  const address = (parameters: Parameters) => `${PAGES}/${name}?${new URLSearchParams(parameters)}`;
  const whole = address({ ...further, ...needed });
  return whole.length <= ADDRESS_MAX ? whole : address(needed);
};

/** Why a login failed, as the login page is told. */
export type LoginFailure =
  | 'login.fail.message'
  | 'user.tenant.domain.mismatch.message'
  | 'outside.sign.in.failed'
  | 'outside.user.exists'
  | 'outside.user.unknown'
  | 'outside.user.unnamed'
  | 'outside.user.locked';

export const loginPage = (client: OAuthClient, { key, parameters }: SignIn, failure?: LoginFailure): string =>
  page(
    'login.do',
    {
      commonAuthCallerPath: '/oauth2/authorize',
      relyingParty: client.clientId,
      type: 'oidc',
      sp: client.name,
      isSaaSApp: String(client.saas),
      sessionDataKey: key,
      authenticators: 'BasicAuthenticator:LOCAL',
      ...(failure === undefined ? {} : { authFailure: 'true', authFailureMsg: failure }),
    },
    parameters,
  );

export const consentPage = (client: OAuthClient, account: Account, { key, parameters, scopes }: ConsentRequest): string =>
  page(
    asksIdentity(parameters) ? 'oauth2_consent.do' : 'oauth2_authz.do',
    { loggedInUser: shownName(account), application: client.name, sessionDataKeyConsent: key },
    { scope: scopes.join(' '), spQueryParams: new URLSearchParams(parameters).toString() },
  );

const asksIdentity = ({ scope }: AuthorizationParameters): boolean => scopesIn(scope).includes('openid');

/** For refusals that must not be sent to a redirect URI nobody vouches for. */
export const errorPage = (code: string, text: string): string => page('oauth2_error.do', { oauthErrorCode: code, oauthErrorMsg: text });

/** For a key that is unknown, used up or another browser's. */
export const retryPage = (): string =>
  page('retry.do', { status: 'Authentication Error', statusMsg: 'The sign-in has expired or was finished already.' });
