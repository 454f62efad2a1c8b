import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { AuthorizationOpening } from '../authorize/authorization-opening.js';
import { Authorizations, type Step } from '../authorize/authorizations.js';
import { ConsentSteps } from '../authorize/consent-steps.js';
import { LoginSteps } from '../authorize/login-steps.js';
import { KeyManagerUrls } from '../key-manager-urls.js';
import { answerStep } from '../pages/answer-step.js';
import { LoginSessions } from '../sessions/login-sessions.js';
import type { OAuthEndpoint, OAuthExchange } from './endpoint.js';
import { type OAuthParameters, queryParameters, readParameters } from './oauth-body.js';

/** `/oauth2/authorize`: new requests, the way on after the login page, and the consent page's form (`reference/identity.md` §6). */
@Injectable()
export class AuthorizeEndpoint implements OAuthEndpoint {
  readonly access = 'anonymous';
  readonly methods = ['GET', 'POST'];
  readonly paths = ['authorize'];

  constructor(
    private readonly opening: AuthorizationOpening,
    private readonly authorizations: Authorizations,
    private readonly logins: LoginSteps,
    private readonly consents: ConsentSteps,
    private readonly sessions: LoginSessions,
    private readonly urls: KeyManagerUrls,
  ) {}

  async answer({ tenant, request, response }: OAuthExchange): Promise<void> {
    const parameters = request.method === 'POST' ? await readParameters(request) : queryParameters(request);
    answerStep(response, await this.next(tenant, request, parameters), this.urls.base);
  }

  private async next(tenant: string | undefined, request: IncomingMessage, parameters: OAuthParameters): Promise<Step> {
    const isPost = request.method === 'POST';
    if (isPost && parameters['sessionDataKeyConsent'] !== undefined) return this.consents.decide(request, parameters);
    if (parameters['sessionDataKey'] !== undefined)
      return isPost ? this.logins.submitAndGoOn(request, parameters) : this.logins.goOn(request, parameters);
    const asked = await this.opening.open(tenant, parameters);
    if ('refused' in asked) return asked.refused;
    return this.authorizations.proceed(asked, request, await this.sessions.of(asked.engine, request));
  }
}
