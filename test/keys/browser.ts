import { createHash, randomBytes } from 'node:crypto';
import { Agent, request } from 'undici';
import type { OAuthClient } from '../support/actor.js';
import type { Answer } from '../support/client.js';
import { type GivenApplication, given } from '../support/given.js';
import { server } from '../support/server.js';
import { type Registration, register, type Tokens, tokenOf } from './oauth.js';

/** A page or a redirect as a browser sees it. */
export interface Visit {
  readonly status: number;
  /** Absolute; empty where there is none. */
  readonly location: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly setCookies: readonly string[];
  readonly body: string;
}

// The server makes its own certificate.
const agent = new Agent({ connect: { rejectUnauthorized: false } });
afterAll(() => agent.destroy());

type Form = Readonly<Record<string, string>>;

/** Keeps cookies, and follows no redirect by itself. */
export class Browser {
  readonly cookies = new Map<string, string>();

  constructor(private readonly origin = server.management) {}

  get(url: string): Promise<Visit> {
    return this.send('GET', url);
  }

  post(url: string, form: Form): Promise<Visit> {
    return this.send('POST', url, form);
  }

  /** Opens the authorization endpoint. */
  authorize(parameters: Form, path = '/oauth2/authorize'): Promise<Visit> {
    return this.get(`${path}?${new URLSearchParams(parameters)}`);
  }

  /** Fills in the login page that the visit led to, and posts it. */
  logIn(visit: Visit, user: { readonly username: string; readonly password: string }, further: Form = {}): Promise<Visit> {
    const form = { username: user.username, password: user.password, sessionDataKey: keyOf(visit), tocommonauth: 'true', ...further };
    return this.post('/commonauth', form);
  }

  /** From the authorization endpoint over the login page to what comes after it. */
  async arrive(
    parameters: Form,
    user: { readonly username: string; readonly password: string } = server.admin,
    further: Form = {},
  ): Promise<Visit> {
    const toLogin = await this.authorize(parameters);
    return this.get((await this.logIn(toLogin, user, further)).location);
  }

  /** Answers the consent page that the visit led to. */
  consent(visit: Visit, choice: string): Promise<Visit> {
    const sessionDataKeyConsent = new URL(visit.location).searchParams.get('sessionDataKeyConsent') ?? '';
    return this.post('/oauth2/authorize', { consent: choice, sessionDataKeyConsent });
  }

  private async send(method: 'GET' | 'POST', url: string, form?: Form): Promise<Visit> {
    const answer = await request(new URL(url, this.origin), {
      method,
      dispatcher: agent,
      headers: {
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(form && { body: new URLSearchParams(form).toString() }),
    });
    const setCookies = [answer.headers['set-cookie'] ?? []].flat();
    for (const line of setCookies) this.keep(line);
    return {
      status: answer.statusCode,
      location: String(answer.headers.location ?? ''),
      headers: answer.headers,
      setCookies,
      body: await answer.body.text(),
    };
  }

  private keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    if (/;\s*max-age=0\b/i.test(line)) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

/** The `sessionDataKey` of an address of ours. */
export const keyOf = ({ location }: Visit): string => new URL(location).searchParams.get('sessionDataKey') ?? '';

/** The parameters a redirect carries, in its query or its fragment. */
export const sentBack = ({ location }: Visit): Readonly<Record<string, string>> => {
  const { hash, searchParams } = new URL(location);
  return Object.fromEntries(hash === '' ? searchParams : new URLSearchParams(hash.slice(1)));
};

/** Path of a redirect of ours. */
export const pathOf = ({ location }: Visit): string => (location === '' ? '' : new URL(location).pathname);

export const CALLBACK = 'https://app.example.com/callback';

export interface Pkce {
  readonly verifier: string;
  readonly challenge: Form;
}

export const pkce = (): Pkce => {
  const verifier = randomBytes(32).toString('base64url');
  const code_challenge = createHash('sha256').update(verifier).digest('base64url');
  return { verifier, challenge: { code_challenge, code_challenge_method: 'S256' } };
};

/** An authorization request of the client, with what the test says. */
export const asking = (client: Pick<OAuthClient, 'clientId'>, further: Form = {}): Form => ({
  response_type: 'code',
  client_id: client.clientId,
  redirect_uri: CALLBACK,
  scope: 'openid',
  state: 'a state/with+what?ever&more=ä',
  ...further,
});

/** Keys of an application of the developer portal, whose users are asked for their consent. */
export const portalClient = async (
  additionalProperties: Readonly<Record<string, unknown>> = {},
  by = given.superAdmin,
  grantTypes: readonly string[] = ['authorization_code', 'refresh_token'],
): Promise<OAuthClient & { readonly application: GivenApplication }> => {
  const application = await given.application(by);
  const body = { grantTypesToBeSupported: grantTypes, callbackUrl: CALLBACK, additionalProperties };
  const { consumerKey, consumerSecret } = await given.keys(application, { by, with: body });
  return { clientId: consumerKey, clientSecret: consumerSecret, application };
};

/** A client that registered itself: its users are not asked. */
export const quietClient = (further: Registration = {}): Promise<OAuthClient> =>
  register({ grantType: 'authorization_code refresh_token', callbackUrl: CALLBACK, ...further });

/** Redeems a code at the token endpoint. */
export const redeem = (client: OAuthClient, code: string | undefined, further: Form = {}): Promise<Answer<Tokens>> =>
  tokenOf(client, { grant_type: 'authorization_code', code: code ?? '', redirect_uri: CALLBACK, ...further });

/** A code for the user, from a fresh browser or a given one. */
export const codeFor = async (
  client: OAuthClient,
  {
    user = server.admin,
    with: further = {},
    browser = new Browser(),
  }: { readonly user?: { readonly username: string; readonly password: string }; readonly with?: Form; readonly browser?: Browser } = {},
): Promise<string> => {
  const { code } = sentBack(await browser.arrive(asking(client, further), user));
  if (!code) throw new Error('no code came back');
  return code;
};
