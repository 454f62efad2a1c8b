import type { Operation } from '../link.js';
import type { Policy } from '../pipeline.js';
import { Preflight } from '../refusal.js';
import type { Snapshot } from '../snapshot.js';

/** Decides the CORS headers of every answer, refusals included, and answers preflights (`reference/gateway.md` §12). */
export const cors =
  (operation: Operation, snapshot: Snapshot): Policy =>
  (exchange) => {
    const rules = operation.api.cors ?? snapshot.cors;
    if (rules === null) return undefined;
    const headers = rules.answerHeaders(exchange.origin);
    exchange.cors = headers;
    if (!exchange.isPreflight) return undefined;
    exchange.cors = [
      ...(headers ?? []),
      'Access-Control-Allow-Methods',
      rules.allowMethods(operation.verbs),
      'Access-Control-Allow-Headers',
      rules.allowHeaders(exchange.requestedHeaders, operation.api.credentialHeaders),
      ...(snapshot.exposedHeaders === '' ? [] : ['Access-Control-Expose-Headers', snapshot.exposedHeaders]),
    ];
    return Preflight;
  };
