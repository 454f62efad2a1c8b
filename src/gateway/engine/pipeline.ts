import type { ApiKeys } from './api-keys.js';
import type { ClientAddress } from './client-address.js';
import type { Exchange } from './exchange.js';
import type { Grants } from './grants.js';
import type { KeyWishes } from './key-wishes.js';
import { type Operation, schemesOf } from './link.js';
import { apiKeyAuthenticator } from './policies/api-key-authenticator.js';
import { apiKeyParameter } from './policies/api-key-parameter.js';
import { audience } from './policies/audience.js';
import { type Authenticator, authenticate } from './policies/authenticate.js';
import { cors } from './policies/cors.js';
import { endpoint } from './policies/endpoint.js';
import { foreignAuthorization } from './policies/foreign-authorization.js';
import { internalKey } from './policies/internal-key.js';
import { jwtAuthenticator } from './policies/jwt-authenticator.js';
import { mock } from './policies/mock.js';
import { scopes } from './policies/scopes.js';
import { status } from './policies/status.js';
import { subscription } from './policies/subscription.js';
import { throttle } from './policies/throttle.js';
import type { Refusal } from './refusal.js';
import type { Snapshot } from './snapshot.js';
import type { TokenQuestions } from './token-questions.js';
import type { VerifiedTokens } from './tokens.js';

/** One check: a refusal, or nothing to go on. A promise only where the answer is not in memory. */
export type Policy = (exchange: Exchange) => Refusal | undefined | Promise<Refusal | undefined>;

export interface PipelineDeps {
  readonly snapshot: Snapshot;
  readonly tokens: VerifiedTokens;
  readonly apiKeys: ApiKeys;
  readonly questions: TokenQuestions;
  readonly keyWishes: KeyWishes;
  /** How long a verdict is believed. */
  readonly verdictMs: number;
  readonly grants: Grants;
  readonly clientAddress: ClientAddress;
  readonly enableOutboundAuthHeader: boolean;
}

/** How callers may prove who they are, by security scheme, in the order in which they are asked (`reference/key-manager.md` §5). */
const AUTHENTICATORS: readonly (readonly [scheme: string, make: (operation: Operation, deps: PipelineDeps) => Authenticator])[] = [
  ['oauth2', jwtAuthenticator],
  ['api_key', apiKeyAuthenticator],
];

/** Schemes whose credential comes in the authorization header. */
const IN_AUTHORIZATION: readonly string[] = ['oauth2', 'basic_auth'];

/** The checks of one operation, in order (`reference/gateway.md` §2). */
export const pipelineOf = (operation: Operation, deps: PipelineDeps): readonly Policy[] => {
  const { api } = operation;
  const schemes = schemesOf(api.document);
  const authenticators = AUTHENTICATORS.filter(([scheme]) => schemes.includes(scheme)).map(([, make]) => make(operation, deps));
  const isOpen = operation.authType === 'None' && api.document.status !== 'CREATED';
  return [
    cors(operation, deps.snapshot),
    ...(api.document.status === 'BLOCKED' ? [status] : []),
    ...(schemes.some((scheme) => IN_AUTHORIZATION.includes(scheme)) ? [] : [foreignAuthorization(api)]),
    authenticate(api, isOpen, authenticators, internalKey(api, deps.snapshot)),
    subscription(operation, deps.grants, deps.clientAddress),
    ...(isOpen || operation.scopes.length === 0 ? [] : [scopes(operation)]),
    ...(isOpen || api.audiences === null ? [] : [audience(api.audiences)]),
    throttle(operation, deps.grants),
    apiKeyParameter,
    ...(operation.mediation?.request ?? []),
    api.document.isMock ? mock(operation.mock) : endpoint(operation),
  ];
};
