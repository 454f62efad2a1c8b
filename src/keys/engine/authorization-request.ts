import type { IncomingMessage } from 'node:http';

/** What the edge knows about an authorization request before the engine judges it, and what the engine found missing. */
export interface AuthorizationRequest {
  /** The scopes that the user agreed to, or that need no agreement; undefined while there is nobody who did. */
  readonly agreed: readonly string[] | undefined;
  /** `response_type=token`: the engine makes an ID token as well, which nobody asked for. */
  readonly dropsIdToken: boolean;
  /** What the user has to do first. */
  prompt?: string;
  /** A refusal that must not be sent to the redirect URI. */
  refusal?: { readonly error: string; readonly description: string | undefined };
}

const requests = new WeakMap<IncomingMessage, AuthorizationRequest>();

/** Lets the engine's hooks find what belongs to the request they are called for. */
export const attachAuthorizationRequest = (message: IncomingMessage, request: AuthorizationRequest): void => {
  requests.set(message, request);
};

export const authorizationRequestOf = (message: IncomingMessage): AuthorizationRequest | undefined => requests.get(message);
