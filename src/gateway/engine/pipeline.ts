import type { ClientAddress } from './client-address.js';
import type { Exchange } from './exchange.js';
import type { Grants } from './grants.js';
import { type Operation, schemesOf } from './link.js';
import { audience } from './policies/audience.js';
import { authenticate } from './policies/authenticate.js';
import { cors } from './policies/cors.js';
import { endpoint } from './policies/endpoint.js';
import { internalKey } from './policies/internal-key.js';
import { jwtAuthenticator } from './policies/jwt-authenticator.js';
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
  readonly questions: TokenQuestions;
  /** How long a verdict is believed. */
  readonly verdictMs: number;
  readonly grants: Grants;
  readonly clientAddress: ClientAddress;
  readonly enableOutboundAuthHeader: boolean;
}

/** The checks of one operation, in order (`reference/gateway.md` §2). */
export const pipelineOf = (operation: Operation, deps: PipelineDeps): readonly Policy[] => {
  const { api } = operation;
  const schemes = schemesOf(api.document);
  const authenticators = schemes.includes('oauth2') ? [jwtAuthenticator(operation, deps)] : [];
  const isOpen = operation.authType === 'None' && api.document.status !== 'CREATED';
  return [
    cors(operation, deps.snapshot),
    ...(api.document.status === 'BLOCKED' ? [status] : []),
    authenticate(api, isOpen, authenticators, internalKey(api, deps.snapshot)),
    subscription(operation, deps.grants, deps.clientAddress),
    ...(isOpen || operation.scopes.length === 0 ? [] : [scopes(operation)]),
    ...(isOpen || api.audiences === null ? [] : [audience(api.audiences)]),
    throttle(operation, deps.grants),
    endpoint(operation),
  ];
};
