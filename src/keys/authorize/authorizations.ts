import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import type { OAuthClient } from '../clients/oauth-client.js';
import { OAuthClientsService } from '../clients/oauth-clients.service.js';
import { DeviceCodes } from '../device/device-codes.service.js';
import { userCodeOf } from '../device/device-request.js';
import type { AuthorizationRequest } from '../engine/authorization-request.js';
import { askEngine } from '../engine/engine-exchange.js';
import { type Engine, Engines } from '../engine/engines.js';
import { type LoginSession, SESSION_COOKIE, sessionCookies } from '../sessions/login-session.js';
import { FrontChannelTokens } from '../tokens/front-channel-tokens.js';
import { OAuthScopesService } from '../tokens/oauth-scopes.service.js';
import { scopesIn } from '../tokens/scope-grants.js';
import { type AuthorizationParameters, asksTokenOnly, engineParameters, promptsOf, withPromptDone } from './authorization-parameters.js';
import { Consents } from './consents.js';
import { consentPage, devicePage, errorPage, loginPage, retryPage } from './page-urls.js';
import { type Departure, departureOf, redirectBack } from './redirect-back.js';
import { SignIns } from './sign-ins.js';

/** An authorization request of a known client, to a redirect URI it registered. */
export interface Asked {
  readonly client: OAuthClient;
  readonly engine: Engine;
  readonly parameters: AuthorizationParameters;
}

/** The answer to the browser. */
export interface Step {
  readonly departure: Departure;
  readonly cookies: readonly string[];
}

export const stepTo = (url: string, ...cookies: readonly string[]): Step => ({ departure: { kind: 'url', url }, cookies });

/** Whether the client takes this user: one that is not SaaS serves its own tenant only. */
export const serves = (client: OAuthClient, { account }: Pick<LoginSession, 'account'>): boolean =>
  client.saas || client.organization === account.organization;

/** Takes an authorization request as far as it gets: to the login page, to the consent page, or back to the client. */
@Injectable()
export class Authorizations {
  constructor(
    private readonly engines: Engines,
    private readonly clients: OAuthClientsService,
    private readonly scopes: OAuthScopesService,
    private readonly consents: Consents,
    private readonly signIns: SignIns,
    private readonly devices: DeviceCodes,
    private readonly frontChannel: FrontChannelTokens,
  ) {}

  /** A waiting request again; undefined when its client is gone. */
  async reopen(waiting: {
    readonly organization: string;
    readonly clientId: string;
    readonly parameters: AuthorizationParameters;
  }): Promise<Asked | undefined> {
    const client = await this.clients.find(waiting.organization, waiting.clientId);
    return client && { client, engine: await this.engines.of(client.organization), parameters: waiting.parameters };
  }

  /** `agreedTo`: the scopes that the user has just allowed. */
  async proceed(
    asked: Asked,
    request: IncomingMessage,
    browser: LoginSession | undefined,
    agreedTo: readonly string[] = [],
  ): Promise<Step> {
    const { client, engine } = asked;
    const session = browser && serves(client, browser) ? browser : undefined;
    const granted = session && (await this.scopes.granted(client, scopesIn(asked.parameters['scope']), session.account, true));
    const parameters = this.consents.isAskedFor(client) ? asked.parameters : withPromptDone(asked.parameters, 'consent');
    if (userCodeOf(parameters) !== undefined) return this.proceedForDevice(asked, request, session, granted, agreedTo);
    const isAgreed =
      session &&
      granted &&
      (granted.every((scope) => agreedTo.includes(scope)) || (await this.needsNoConsent(client, parameters, session, granted)));
    const judged: AuthorizationRequest = { agreed: isAgreed ? granted : undefined, dropsIdToken: asksTokenOnly(parameters) };
    const cookie = session && `${SESSION_COOKIE}=${session.id}`;
    const location = await askEngine(engine, request, engineParameters(parameters, granted), cookie, judged);
    if (judged.refusal) return stepTo(errorPage(judged.refusal.error, judged.refusal.description ?? ''));
    if (location !== undefined) {
      const departure = departureOf(parameters, await this.frontChannel.ofKindOf(client, location));
      return { departure, cookies: session ? sessionCookies(session) : [] };
    }
    if (judged.prompt === 'consent' && session && granted) return this.toConsent({ ...asked, parameters }, session, granted);
    return this.toLogin(request, { ...asked, parameters });
  }

  /** A device's user is asked each time: the code may come from somebody else (RFC 8628 §5.4). */
  private async proceedForDevice(
    asked: Asked,
    request: IncomingMessage,
    session: LoginSession | undefined,
    granted: readonly string[] | undefined,
    agreedTo: readonly string[],
  ): Promise<Step> {
    const { client, parameters } = asked;
    if (!session || !granted) return this.toLogin(request, asked);
    if (!granted.every((scope) => agreedTo.includes(scope))) return this.toConsent(asked, session, granted);
    const decision = { userId: session.account.id, scopes: granted, signedInAt: session.loggedInAt, methods: session.methods };
    const isConnected = await this.devices.allow(client.organization, userCodeOf(parameters) ?? '', decision);
    return stepTo(isConnected ? devicePage(true) : retryPage(), ...sessionCookies(session));
  }

  /** The user did not agree. */
  async deny({ client, engine, parameters }: Asked, session: LoginSession): Promise<Step> {
    const userCode = userCodeOf(parameters);
    if (userCode !== undefined) {
      await this.devices.deny(client.organization, userCode);
      return stepTo(devicePage(false), ...sessionCookies(session));
    }
    const error = { error: 'access_denied', error_description: 'User denied the consent', iss: engine.provider.issuer };
    return { departure: redirectBack(parameters, error), cookies: sessionCookies(session) };
  }

  private async needsNoConsent(
    client: OAuthClient,
    parameters: AuthorizationParameters,
    { account }: LoginSession,
    granted: readonly string[],
  ): Promise<boolean> {
    if (!this.consents.isAskedFor(client)) return true;
    return !promptsOf(parameters).includes('consent') && this.consents.covers(client, account, granted);
  }

  private async toLogin(request: IncomingMessage, { client, parameters }: Asked): Promise<Step> {
    const { signIn, cookies } = await this.signIns.begin(request, client.organization, client.clientId, parameters);
    return stepTo(loginPage(client, signIn), ...cookies);
  }

  private async toConsent({ client, parameters }: Asked, session: LoginSession, granted: readonly string[]): Promise<Step> {
    const consent = await this.signIns.askConsent(client.organization, client.clientId, parameters, session, granted);
    return stepTo(consentPage(client, session.account, consent), ...sessionCookies(session));
  }
}
