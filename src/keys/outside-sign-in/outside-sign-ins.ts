import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { IdentityProviderConfig } from '../../platform/config/sections/outside-sign-in.config.js';
import { Log } from '../../platform/logging/log.js';
import { Authorizations, type Step, stepTo } from '../authorize/authorizations.js';
import { LoginSteps, type OpenSignIn } from '../authorize/login-steps.js';
import { type LoginFailure, loginPage, retryPage } from '../authorize/page-urls.js';
import { type SignIn, SignIns } from '../authorize/sign-ins.js';
import { type OAuthParameters, single } from '../edge/oauth-body.js';
import { EngineRecords } from '../engine/engine-records.js';
import { IdentityProviders } from './identity-providers.js';
import { OidcAuthenticator } from './oidc-authenticator.js';
import type { Authenticator, Expected, OutsideIdentity } from './outside-identity.js';
import { OutsideUsers } from './outside-users.service.js';
import { SamlAuthenticator } from './saml-authenticator.js';

const ATTEMPT = 'OutsideSignIn';
/** How long the user may stay at the provider. */
const LIFE_SECONDS = 15 * 60;
const STATE_BYTES = 18;

interface Waiting {
  readonly provider: string;
  readonly expected: Expected;
}

/**
 * Signing in at an identity provider instead of with a password: there and back (`reference/identity.md` §6). An attempt is used up by its first answer,
 * belongs to one pending authorization request, and goes on in the browser that began it only.
 */
@Injectable()
export class OutsideSignIns {
  private readonly authenticators: Readonly<Record<IdentityProviderConfig['type'], Authenticator>>;

  constructor(
    private readonly providers: IdentityProviders,
    private readonly users: OutsideUsers,
    private readonly records: EngineRecords,
    private readonly signIns: SignIns,
    private readonly authorizations: Authorizations,
    private readonly logins: LoginSteps,
    private readonly log: Log,
    oidc: OidcAuthenticator,
    saml: SamlAuthenticator,
  ) {
    this.authenticators = { oidc, saml };
  }

  /** Sends the browser to the provider that a button of the login page names. */
  async begin(request: IncomingMessage, parameters: OAuthParameters): Promise<Step> {
    const open = await this.open(request, single(parameters, 'sessionDataKey') ?? '');
    if (!open) return stepTo(retryPage());
    const { signIn, asked } = open;
    const provider = this.providers.byName(asked.client, single(parameters, 'idp') ?? '');
    if (!provider) return backToLogin(open, 'outside.sign.in.failed');
    const state = `${signIn.key}.${randomBytes(STATE_BYTES).toString('base64url')}`;
    try {
      const { url, expected } = await this.authenticators[provider.type].begin(provider, state);
      const payload = { provider: provider.name, expected };
      await this.records.put({ kind: ATTEMPT, id: state, organization: signIn.organization, payload, lifeSeconds: LIFE_SECONDS });
      return stepTo(url);
    } catch (err) {
      this.log.warn({ err, provider: provider.name }, 'an identity provider could not be asked');
      return backToLogin(open, 'outside.sign.in.failed');
    }
  }

  /** The browser is back from the provider: its answer, and the state it was sent there with. */
  async finish(request: IncomingMessage, state: string, answer: OAuthParameters): Promise<Step> {
    const [key = ''] = state.split('.');
    const open = await this.open(request, key);
    const waiting = open && (await this.take(open.signIn, state));
    if (!open || !waiting) return stepTo(retryPage());
    const provider = this.providers.byName(open.asked.client, waiting.provider);
    if (!provider) return backToLogin(open, 'outside.sign.in.failed');
    const identity = await this.verified(provider, waiting, answer);
    if (!identity) return backToLogin(open, 'outside.sign.in.failed');
    const account = await this.users.accountOf(provider, identity);
    if (typeof account === 'string') {
      this.log.info({ provider: provider.name, reason: account }, 'a user of an identity provider was not let in');
      return backToLogin(open, account);
    }
    return this.logins.enter(request, open, account, provider.type);
  }

  private async verified(
    provider: IdentityProviderConfig,
    { expected }: Waiting,
    answer: OAuthParameters,
  ): Promise<OutsideIdentity | undefined> {
    try {
      return await this.authenticators[provider.type].finish(provider, expected, answer);
    } catch (err) {
      this.log.info(
        { reason: err instanceof Error ? err.message : 'unknown', provider: provider.name },
        'the answer of an identity provider was refused',
      );
      return undefined;
    }
  }

  /** The attempt of this state, which no second answer finds. */
  private async take({ organization }: SignIn, state: string): Promise<Waiting | undefined> {
    const record = await this.records.find(ATTEMPT, state);
    if (record?.organization !== organization || !(await this.records.remove(organization, ATTEMPT, state))) return undefined;
    return record.payload as unknown as Waiting; // only this class writes this kind
  }

  private async open(request: IncomingMessage, key: string): Promise<OpenSignIn | undefined> {
    const signIn = await this.signIns.ofBrowser(key, request);
    const asked = signIn && signIn.sessionUid === undefined ? await this.authorizations.reopen(signIn) : undefined;
    return signIn && asked && { signIn, asked };
  }
}

const backToLogin = ({ asked, signIn }: OpenSignIn, failure: LoginFailure): Step => stepTo(loginPage(asked.client, signIn, failure));
