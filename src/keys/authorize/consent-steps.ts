import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { type OAuthParameters, single } from '../edge/oauth-body.js';
import { type LoginSession, sessionCookies } from '../sessions/login-session.js';
import { LoginSessions } from '../sessions/login-sessions.js';
import { withPromptDone } from './authorization-parameters.js';
import { type Asked, Authorizations, type Step, stepTo } from './authorizations.js';
import { Consents } from './consents.js';
import { consentPage, retryPage } from './page-urls.js';
import { redirectBack } from './redirect-back.js';
import { type ConsentRequest, SignIns } from './sign-ins.js';

/** A request whose user, still the one logged in, has to agree. */
export interface OpenConsent {
  readonly consent: ConsentRequest;
  readonly asked: Asked;
  readonly session: LoginSession;
}

/** The consent page's form (`reference/identity.md` §6, step 4). */
@Injectable()
export class ConsentSteps {
  constructor(
    private readonly sessions: LoginSessions,
    private readonly signIns: SignIns,
    private readonly consents: Consents,
    private readonly authorizations: Authorizations,
  ) {}

  /** The request of this key, when it waits for the user of this browser. */
  async open(request: IncomingMessage, key: string): Promise<OpenConsent | undefined> {
    const consent = await this.signIns.findConsent(key);
    const asked = consent && (await this.authorizations.reopen(consent));
    const session = asked && (await this.sessions.of(asked.engine, request));
    return consent && asked && session?.uid === consent.sessionUid ? { consent, asked, session } : undefined;
  }

  async decide(request: IncomingMessage, parameters: OAuthParameters): Promise<Step> {
    const open = await this.open(request, single(parameters, 'sessionDataKeyConsent') ?? '');
    if (!open) return stepTo(retryPage());
    const { consent, asked, session } = open;
    const choice = single(parameters, 'consent');
    if (choice !== 'approve' && choice !== 'approveAlways' && choice !== 'deny')
      return stepTo(consentPage(asked.client, session.account, consent));
    if (!(await this.signIns.takeConsent(consent))) return stepTo(retryPage());
    if (choice === 'deny') return denied(open);
    if (choice === 'approveAlways' || single(parameters, 'hasApprovedAlways') === 'true')
      await this.consents.remember(asked.client, session.account, consent.scopes);
    const agreed = { ...asked, parameters: withPromptDone(asked.parameters, 'consent') };
    return this.authorizations.proceed(agreed, request, session, consent.scopes);
  }
}

const denied = ({ asked: { engine, parameters }, session }: OpenConsent): Step => ({
  departure: redirectBack(parameters, {
    error: 'access_denied',
    error_description: 'User denied the consent',
    iss: engine.provider.issuer,
  }),
  cookies: sessionCookies(session),
});
