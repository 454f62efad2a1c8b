import type { IncomingMessage, ServerResponse } from 'node:http';

export interface OAuthExchange {
  /** The tenant of a path below `/t/<tenant>/`, known to be active; undefined without that prefix. */
  readonly tenant: string | undefined;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** One OAuth endpoint: answers by itself, or refuses with an OAuthError. */
export interface OAuthEndpoint {
  /** Who may ask it: anybody, whoever the request itself shows to be entitled, or whoever has a credential that is checked before anything else. */
  readonly access: 'anonymous' | 'request' | 'own';
  readonly methods: readonly string[];
  /** What the paths are below, without slashes: `oauth2` unless given. */
  readonly base?: string;
  readonly paths: readonly string[];
  /** Whether scripts of any origin may read its answers: only where no cookie decides on them. */
  readonly isForScripts?: boolean;
  answer(exchange: OAuthExchange): Promise<void>;
}
