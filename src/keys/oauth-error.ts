import { Problem } from '../domain/problem.js';

/**
 * A refusal of an OAuth endpoint. Its members are named as the engine expects them of an error that may be shown: `message` is the code,
 * `error_description` the text.
 */
export class OAuthError extends Error {
  override readonly name = 'OAuthError';
  readonly expose = true;
  readonly headers: Readonly<Record<string, string>> = {};

  constructor(
    readonly statusCode: number,
    readonly error: string,
    readonly error_description: string,
  ) {
    super(error);
  }

  get body(): OAuthErrorBody {
    return { error_description: this.error_description, error: this.error };
  }
}

/** In the order the product writes it. */
export interface OAuthErrorBody {
  readonly error_description: string;
  readonly error: string;
}

/** A refusal that is no matter of OAuth, as its endpoints word it: 429 where there were too many logins. Undefined for what is no refusal. */
export const asOAuthError = (err: unknown): OAuthError | undefined => {
  if (err instanceof OAuthError) return err;
  if (!(err instanceof Problem) || err.status !== 429) return undefined;
  return Object.assign(new OAuthError(429, 'temporarily_unavailable', err.description), { headers: err.headers });
};

export const InvalidClient = () => new OAuthError(401, 'invalid_client', 'Client credentials are invalid.');
export const InvalidRequest = (text: string) => new OAuthError(400, 'invalid_request', text);
export const MissingParameters = (...names: readonly string[]) => InvalidRequest(`Missing parameters: ${names.join(', ')}`);
export const InvalidScope = () => new OAuthError(400, 'invalid_scope', 'Too many scopes are requested.');
export const InvalidGrant = (text: string) => new OAuthError(400, 'invalid_grant', text);
export const InvalidTarget = (text: string) => new OAuthError(400, 'invalid_target', text);
export const UnsupportedGrantType = () => new OAuthError(400, 'unsupported_grant_type', 'Unsupported grant_type value');
export const UnauthorizedClient = () =>
  new OAuthError(400, 'unauthorized_client', 'The authenticated client is not authorized to use this authorization grant type');
export const BodyTooLarge = () => new OAuthError(413, 'invalid_request', 'The request body is larger than allowed.');
export const MethodNotAllowed = () => new OAuthError(405, 'invalid_request', 'The method is not allowed here.');
export const NoSuchEndpoint = () => new OAuthError(404, 'invalid_request', 'There is no such endpoint.');
export const UnknownTenant = () => new OAuthError(404, 'invalid_request', 'The tenant does not exist or is not active.');
export const ServerError = () => new OAuthError(500, 'server_error', 'Internal Server Error.');
export const InvalidToken = () => new OAuthError(401, 'invalid_token', 'Access token validation failed.');
export const InsufficientScope = () => new OAuthError(403, 'insufficient_scope', 'The access token does not have the scope openid.');
export const AccessDenied = () => new OAuthError(401, 'access_denied', 'Authentication failed.');
