import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { type Account, Accounts } from '../../platform/auth/accounts.js';
import { loginNameOf } from '../clients/login-name.js';
import { type OAuthParameters, single } from '../edge/oauth-body.js';
import { type LoginMethod, type LoginSession, sessionCookies } from '../sessions/login-session.js';
import { type Login, LoginSessions } from '../sessions/login-sessions.js';
import { withPromptDone } from './authorization-parameters.js';
import { type Asked, Authorizations, type Step, serves, stepTo } from './authorizations.js';
import { type LoginFailure, loginPage, retryPage } from './page-urls.js';
import { closingCookie, type SignIn, SignIns } from './sign-ins.js';

const REMEMBERS = new Set(['on', 'true', 'yes']);

/** A sign-in that waits for its user, with the request that it is for. */
export interface OpenSignIn {
  readonly signIn: SignIn;
  readonly asked: Asked;
}

interface LoggedIn {
  readonly signIn: SignIn;
  readonly session: LoginSession;
}

/** The login page's form, and the way on from it (`reference/identity.md` §6, steps 2 and 3). */
@Injectable()
export class LoginSteps {
  constructor(
    private readonly accounts: Accounts,
    private readonly sessions: LoginSessions,
    private readonly signIns: SignIns,
    private readonly authorizations: Authorizations,
  ) {}

  /** Checks the password, and sends the browser on with its session. */
  async submit(request: IncomingMessage, parameters: OAuthParameters): Promise<Step> {
    const done = await this.logIn(request, parameters);
    return 'session' in done ? sentOn(done) : done;
  }

  /** Goes on as after a password, for a user whom an identity provider vouches for. */
  async enter(request: IncomingMessage, { asked, signIn }: OpenSignIn, account: Account, method: LoginMethod): Promise<Step> {
    const done = await this.open(request, { asked, signIn }, account, { method, isRemembered: false });
    return 'session' in done ? sentOn(done) : done;
  }

  /** The same form at the authorization endpoint: the answer is at once what the way on would have led to. */
  async submitAndGoOn(request: IncomingMessage, parameters: OAuthParameters): Promise<Step> {
    const done = await this.logIn(request, parameters);
    return 'session' in done ? this.leave(request, done.signIn, done.session) : done;
  }

  /** The browser is back after the login. */
  async goOn(request: IncomingMessage, parameters: OAuthParameters): Promise<Step> {
    const signIn = await this.signIns.ofBrowser(single(parameters, 'sessionDataKey') ?? '', request);
    const asked = signIn && (await this.authorizations.reopen(signIn));
    if (!signIn || !asked) return stepTo(retryPage());
    if (signIn.sessionUid === undefined) return stepTo(loginPage(asked.client, signIn));
    const session = await this.sessions.of(asked.engine, request);
    return session?.uid === signIn.sessionUid ? this.leave(request, signIn, session) : stepTo(retryPage());
  }

  private async logIn(request: IncomingMessage, parameters: OAuthParameters): Promise<LoggedIn | Step> {
    const signIn = await this.signIns.ofBrowser(single(parameters, 'sessionDataKey') ?? '', request);
    const asked = signIn && (await this.authorizations.reopen(signIn));
    if (!signIn || !asked || signIn.sessionUid !== undefined) return stepTo(retryPage());
    const [username, password] = [single(parameters, 'username')?.trim(), single(parameters, 'password')];
    const account = username && password ? await this.accounts.authenticate(loginNameOf(asked.client, username), password) : undefined;
    if (!account) return backToLogin(asked, signIn, 'login.fail.message');
    const isRemembered = REMEMBERS.has(single(parameters, 'chkRemember') ?? '');
    return this.open(request, { asked, signIn }, account, { method: 'password', isRemembered });
  }

  /** Opens the session of a user who is known for certain. */
  private async open(request: IncomingMessage, { asked, signIn }: OpenSignIn, account: Account, login: Login): Promise<LoggedIn | Step> {
    if (!serves(asked.client, { account })) return backToLogin(asked, signIn, 'user.tenant.domain.mismatch.message');
    const session = await this.sessions.begin(asked.engine, request, account, login);
    return { signIn: await this.signIns.loggedIn(signIn, session), session };
  }

  private async leave(request: IncomingMessage, signIn: SignIn, session: LoginSession): Promise<Step> {
    const asked = await this.authorizations.reopen({ ...signIn, parameters: withPromptDone(signIn.parameters, 'login') });
    if (!asked || !(await this.signIns.take(signIn))) return stepTo(retryPage());
    const { departure, cookies } = await this.authorizations.proceed(asked, request, session);
    return { departure, cookies: [...(cookies.length > 0 ? cookies : sessionCookies(session)), closingCookie(signIn)] };
  }
}

const sentOn = ({ signIn, session }: LoggedIn): Step =>
  stepTo(`/oauth2/authorize?sessionDataKey=${encodeURIComponent(signIn.key)}`, ...sessionCookies(session));

const backToLogin = ({ client }: Asked, signIn: SignIn, failure: LoginFailure): Step => stepTo(loginPage(client, signIn, failure));
