import type { Operation } from '../link.js';
import type { Policy } from '../pipeline.js';
import { Preflight } from '../refusal.js';
import type { Snapshot } from '../snapshot.js';

const ANY_ORIGIN = ['Access-Control-Allow-Origin', '*'];

/** Decides the CORS headers of every answer, refusals included, and answers preflights (`reference/gateway.md` §12). */
export const cors =
  (operation: Operation, snapshot: Snapshot): Policy =>
  (exchange) => {
    const rules = operation.api.cors ?? snapshot.cors;
    if (rules === null) return undefined;
    const allowed = rules.allowOrigin(exchange.origin);
    const headers = allowed === '*' ? ANY_ORIGIN : allowed === null ? null : originHeaders(allowed, rules.credentials);
    exchange.cors = headers;
    if (!exchange.isPreflight) return undefined;
    exchange.cors = [
      ...(headers ?? []),
      'Access-Control-Allow-Methods',
      rules.allowMethods(operation.verbs),
      'Access-Control-Allow-Headers',
      rules.allowHeaders(exchange.requestedHeaders, operation.api.credentialHeaders),
    ];
    return Preflight;
  };

// Caches must not hand one origin's answer to another.
const originHeaders = (origin: string, credentials: boolean): string[] => [
  'Access-Control-Allow-Origin',
  origin,
  ...(credentials ? ['Access-Control-Allow-Credentials', 'true'] : []),
  'Vary',
  'Origin',
];
