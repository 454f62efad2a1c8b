import type { KoaContextWithOIDC, default as Provider } from 'oidc-provider';
import {
  InvalidClient,
  MissingParameters,
  OAuthError,
  type OAuthErrorBody,
  ServerError,
  UnauthorizedClient,
  UnsupportedGrantType,
} from '../oauth-error.js';

const NOT_ALLOWED = 'requested grant type is not allowed for this client';
const MISSING = /^missing required parameter/;
const QUOTED = /'([^']+)'/g;

/** The product's words for what the engine refuses (`reference/key-manager.md` §2.1); the engine's own where there are none. */
export const errorBodyOf = (error: string, description: string | undefined): { readonly status: number; readonly body: OAuthErrorBody } => {
  const as = (failure: OAuthError) => ({ status: failure.statusCode, body: failure.body });
  if (error === 'invalid_client') return as(InvalidClient());
  if (error === 'unsupported_grant_type') return as(UnsupportedGrantType());
  if (error === 'invalid_request' && description === NOT_ALLOWED) return as(UnauthorizedClient());
  if (error === 'invalid_request' && description && MISSING.test(description)) {
    return as(MissingParameters(...[...description.matchAll(QUOTED)].map(([, name = '']) => name)));
  }
  if (error === 'server_error') return as(ServerError());
  if (error === 'temporarily_unavailable') return as(new OAuthError(429, error, description ?? error));
  return as(new OAuthError(400, error, description ?? error));
};

/** Rewords the engine's refusals at the token endpoint, and names our realm where a client failed to authenticate. */
export const rewordErrors = (provider: Provider, realm: string): void => {
  provider.use(async (ctx, next) => {
    await next();
    const { route } = (ctx as KoaContextWithOIDC).oidc ?? {}; // absent where no route matched
    const sent: unknown = ctx.body;
    if (route !== 'token' || typeof sent !== 'object' || sent === null || !('error' in sent)) return;
    const description = 'error_description' in sent ? String(sent.error_description) : undefined;
    const { status, body } = errorBodyOf(String(sent.error), description);
    ctx.status = status;
    ctx.body = body;
    if (status === 401) ctx.set('WWW-Authenticate', `Basic realm=${realm}`);
  });
};
