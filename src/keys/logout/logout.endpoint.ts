import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { type Step, stepTo } from '../authorize/authorizations.js';
import { errorPage } from '../authorize/page-urls.js';
import type { OAuthEndpoint, OAuthExchange } from '../edge/endpoint.js';
import { type OAuthParameters, queryParameters, readParameters, single } from '../edge/oauth-body.js';
import { KeyManagerUrls } from '../key-manager-urls.js';
import { InvalidRequest, OAuthError } from '../oauth-error.js';
import { answerStep } from '../pages/answer-step.js';
import { cookieOf } from '../sessions/cookies.js';
import { SESSION_COOKIE } from '../sessions/login-session.js';
import { Logouts } from './logouts.js';

/** The parameters travel in addresses, of which servers and browsers take no more. */
const ADDRESS_MAX = 10_000;

/** `/oidc/logout`, by link or by form. */
@Injectable()
export class LogoutEndpoint implements OAuthEndpoint {
  readonly access = 'anonymous';
  readonly methods = ['GET', 'POST'];
  readonly base = 'oidc';
  readonly paths = ['logout'];

  constructor(
    private readonly logouts: Logouts,
    private readonly urls: KeyManagerUrls,
  ) {}

  async answer({ tenant, request, response }: OAuthExchange): Promise<void> {
    const query = queryParameters(request);
    const parameters = request.method === 'POST' ? { ...query, ...(await readParameters(request)) } : query;
    answerStep(response, await this.next(tenant, request, parameters), this.urls.base);
  }

  private async next(tenant: string | undefined, request: IncomingMessage, parameters: OAuthParameters): Promise<Step> {
    try {
      const link = asLink(tenant, parameters);
      if (link.length > ADDRESS_MAX) throw InvalidRequest('The parameters are longer than allowed.');
      if (isPostedByAnotherSite(request, parameters)) return stepTo(link);
      return await this.logouts.leave(tenant, request, parameters);
    } catch (err) {
      if (err instanceof OAuthError) return stepTo(errorPage(err.error, err.error_description));
      throw err;
    }
  }
}

/** Browsers keep the session's cookie from forms of other sites, but not from a redirect that follows: without it nobody would be logged out. */
const isPostedByAnotherSite = (request: IncomingMessage, parameters: OAuthParameters): boolean =>
  request.method === 'POST' && parameters['consent'] === undefined && cookieOf(request, SESSION_COOKIE) === undefined;

const asLink = (tenant: string | undefined, parameters: OAuthParameters): string => {
  const query = new URLSearchParams();
  for (const name of ['id_token_hint', 'client_id', 'post_logout_redirect_uri', 'state']) {
    const value = single(parameters, name);
    if (value !== undefined) query.set(name, value);
  }
  return `${tenant === undefined ? '' : `/t/${encodeURIComponent(tenant)}`}/oidc/logout?${query}`;
};
