import type { IncomingMessage, ServerResponse } from 'node:http';
import { Inject, Injectable, type NestMiddleware } from '@nestjs/common';
import { SUPER_TENANT } from '../../domain/organization.js';
import { Accounts } from '../../platform/auth/accounts.js';
import { ServerConfig } from '../../platform/config/sections/server.config.js';
import { Log } from '../../platform/logging/log.js';
import { notesRoute } from '../../platform/origin/origin.js';
import { asOAuthError, MethodNotAllowed, NoSuchEndpoint, type OAuthError, ServerError, UnknownTenant } from '../oauth-error.js';
import type { OAuthEndpoint } from './endpoint.js';
import { answerJson, answerPreflight } from './oauth-answer.js';

export const OAUTH_ENDPOINTS = Symbol('OAuth endpoints');

const PATH = /^(?:\/t\/([^/]+))?\/((?:oauth2|oidc)\/[^?]*)/;
/** RFC 8414 puts the issuer's path behind the well-known one: `/.well-known/oauth-authorization-server/t/<tenant>/oauth2/token`. */
const WELL_KNOWN = /^\/\.well-known\/(oauth-authorization-server|openid-configuration)((?:\/t\/[^/?]+)?\/oauth2\/token)\/?(?=\?|$)/;

/**
 * Everything below `/oauth2/` and `/oidc/`, ahead of Nest's guards and body parsers: finds the endpoint and its tenant, and writes the refusals.
 * Which endpoint is answered here and which by the engine: `docs/decisions/0012-who-answers-oauth.md`.
 */
@Injectable()
export class OAuthEdge implements NestMiddleware {
  private readonly endpoints: ReadonlyMap<string, OAuthEndpoint>;

  constructor(
    @Inject(OAUTH_ENDPOINTS) endpoints: readonly OAuthEndpoint[],
    private readonly accounts: Accounts,
    private readonly server: ServerConfig,
    private readonly log: Log,
  ) {
    this.endpoints = new Map(
      endpoints.flatMap((endpoint) => endpoint.paths.map((path) => [`${endpoint.base ?? 'oauth2'}/${path}`, endpoint])),
    );
  }

  use(request: IncomingMessage & { originalUrl?: string }, response: ServerResponse, next: () => void): void {
    const [whole, tenant, path = ''] = PATH.exec((request.originalUrl ?? request.url ?? '').replace(WELL_KNOWN, '$2/.well-known/$1')) ?? [];
    if (whole === undefined) next();
    else this.answer(request, response, tenant, path).catch((err: unknown) => this.refuse(request, response, err));
  }

  private async answer(request: IncomingMessage, response: ServerResponse, prefix: string | undefined, path: string): Promise<void> {
    const endpoint = this.endpoints.get(path.replace(/\/$/, ''));
    if (!endpoint) throw NoSuchEndpoint();
    notesRoute(`${prefix === undefined ? '' : '/t/{tenant}'}/${path.replace(/\/$/, '')}`);
    const tenant = prefix === undefined ? undefined : decoded(prefix);
    if (!(await this.accounts.isActive(tenant ?? SUPER_TENANT))) throw UnknownTenant();
    if (endpoint.isForScripts) {
      if (request.headers.origin !== undefined) response.setHeader('Access-Control-Allow-Origin', '*'); // refusals included
      if (request.method === 'OPTIONS') return answerPreflight(response, endpoint.methods);
    }
    if (!endpoint.methods.includes(request.method ?? '')) {
      response.setHeader('Allow', endpoint.methods.join(', '));
      throw MethodNotAllowed();
    }
    await endpoint.answer({ tenant, request, response });
  }

  private refuse(request: IncomingMessage, response: ServerResponse, err: unknown): void {
    if (response.headersSent || (request.destroyed && !request.complete)) {
      response.destroy();
      return;
    }
    const refusal = asOAuthError(err);
    if (!refusal) this.log.error({ err, method: request.method }, 'OAuth request failed');
    const failure = refusal ?? ServerError();
    // What is left of a body that was not read to its end would be taken for the next request.
    const connection: Record<string, string> = request.complete ? {} : { Connection: 'close' };
    answerJson(response, failure.statusCode, failure.body, { ...this.challenge(failure), ...failure.headers, ...connection });
  }

  private challenge({ error, statusCode, error_description }: OAuthError): Readonly<Record<string, string>> {
    if (error === 'invalid_client' || error === 'access_denied') return { 'WWW-Authenticate': `Basic realm=${this.server.hostname}` };
    if (error !== 'invalid_token' && statusCode !== 403) return {};
    return { 'WWW-Authenticate': `Bearer realm="${this.server.hostname}", error="${error}", error_description="${error_description}"` };
  }
}

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw UnknownTenant();
  }
};
