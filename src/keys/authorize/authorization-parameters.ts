import { createHash, randomBytes } from 'node:crypto';
import { type OAuthParameters, single } from '../edge/oauth-body.js';
import { OAuthError } from '../oauth-error.js';
import { scopesIn } from '../tokens/scope-grants.js';

/** The parameters of an authorization request, each given once. */
export type AuthorizationParameters = Readonly<Record<string, string>>;

/** What the engine is told; anything else is ignored, as the standard wants it. The last three it refuses in the words of the standard. */
const KNOWN = [
  'client_id',
  'redirect_uri',
  'response_type',
  'response_mode',
  'scope',
  'state',
  'nonce',
  'prompt',
  'max_age',
  'login_hint',
  'id_token_hint',
  'ui_locales',
  'code_challenge',
  'code_challenge_method',
  'request',
  'request_uri',
  'registration',
] as const;

/** Means something in a request for an identity only; clients of the product send it without one as well. */
const OF_IDENTITY = ['nonce'];
const PLAIN_CHALLENGE = /^[A-Za-z0-9._~-]{43,128}$/;
const NONCE_BYTES = 16;

/** The known parameters that are present. @throws OAuthError when one is given several times */
export const authorizationParameters = (sent: OAuthParameters): AuthorizationParameters => {
  const parameters: Record<string, string> = {};
  for (const name of KNOWN) {
    const value = single(sent, name);
    if (value !== undefined && value !== '') parameters[name] = value;
  }
  return parameters;
};

/** The parameters without these. */
export const without = (parameters: AuthorizationParameters, ...names: readonly string[]): AuthorizationParameters =>
  Object.fromEntries(Object.entries(parameters).filter(([name]) => !names.includes(name)));

export const promptsOf = ({ prompt = '' }: AuthorizationParameters): readonly string[] => scopesIn(prompt);

/** The parameters once the user has done what was asked for: logged in, or agreed. */
export const withPromptDone = (parameters: AuthorizationParameters, done: 'login' | 'consent'): AuthorizationParameters => {
  const left = promptsOf(parameters).filter((prompt) => prompt !== done && !(done === 'login' && prompt === 'select_account'));
  const rest = without(parameters, 'prompt', ...(done === 'login' ? ['max_age'] : []));
  return left.length > 0 ? { ...rest, prompt: left.join(' ') } : rest;
};

/** Response types are sets, and the engine writes their members in this order. */
export const responseTypeOf = ({ response_type: type = '' }: AuthorizationParameters): string => [...scopesIn(type)].sort().join(' ');

/** Tokens never travel in a query. */
const isFrontChannel = (responseType: string): boolean => /\b(token|id_token)\b/.test(responseType);

export type ResponseMode = 'query' | 'fragment' | 'form_post';

export const responseModeOf = (parameters: AuthorizationParameters): ResponseMode => {
  const isFront = isFrontChannel(responseTypeOf(parameters));
  const { response_mode: mode } = parameters;
  if (mode === 'form_post' || mode === 'fragment') return mode;
  return isFront ? 'fragment' : 'query';
};

/** Whether the client asks for an access token alone, which the engine never issues without an ID token beside it. */
export const asksTokenOnly = (parameters: AuthorizationParameters): boolean => responseTypeOf(parameters) === 'token';

/** The request in the engine's terms; `scopes` are those the user gets, where somebody is logged in. */
export const engineParameters = (
  parameters: AuthorizationParameters,
  scopes: readonly string[] | undefined,
): Readonly<Record<string, string>> => {
  const wanted = scopes ?? scopesIn(parameters['scope']);
  const known = wanted.includes('openid') ? parameters : without(parameters, ...OF_IDENTITY);
  const prompt = promptsOf(known).map((value) => (value === 'select_account' ? 'login' : value));
  const { response_mode: mode, ...rest } = known;
  const inEngine = {
    ...rest,
    ...(wanted.length > 0 ? { scope: wanted.join(' ') } : {}),
    ...(prompt.length > 0 ? { prompt: [...new Set(prompt)].join(' ') } : {}),
    // The edge makes the form by itself, from what the engine would put into the fragment.
    ...(mode === undefined ? {} : { response_mode: mode === 'form_post' ? 'fragment' : mode }),
  };
  if (!asksTokenOnly(parameters)) return inEngine;
  const nonce = randomBytes(NONCE_BYTES).toString('base64url');
  return { ...inEngine, response_type: 'id_token token', nonce, scope: [...new Set(['openid', ...wanted])].join(' ') };
};

/**
 * The engine knows S256 only. A plain challenge is its own verifier, so its hash under S256 asks for the same one; whether the client may is its
 * setting. @throws OAuthError
 */
export const withHashedChallenge = (parameters: AuthorizationParameters, supportsPlain: boolean): AuthorizationParameters => {
  const { code_challenge: challenge, code_challenge_method: method = 'plain' } = parameters;
  if (challenge === undefined || method !== 'plain') return parameters;
  if (!supportsPlain) throw new OAuthError(400, 'invalid_request', 'The application does not support the plain code challenge method.');
  if (!PLAIN_CHALLENGE.test(challenge)) throw new OAuthError(400, 'invalid_request', 'code_challenge is malformed.');
  const hashed = createHash('sha256').update(challenge).digest('base64url');
  return { ...parameters, code_challenge: hashed, code_challenge_method: 'S256' };
};
