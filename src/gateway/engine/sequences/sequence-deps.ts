import type { Exchange } from '../exchange.js';
import type { LinkedEndpoint } from '../link.js';
import type { MediationLog } from '../mediation/mediation-log.js';
import type { Natives } from '../mediation/natives.js';
import type { Scripts } from '../scripts/script.js';
import type { CallAnswer } from './flow-message.js';
import type { Targets } from './targets.js';

/** A request that a sequence makes by itself. */
export interface SequenceQuestion {
  readonly method: string;
  /** What follows the endpoint's own path. */
  readonly rest: string;
  /** Names and values in turn. */
  readonly headers: string[];
  readonly body: Buffer | null;
}

/** What running sequences need of the gateway. */
export interface SequenceDeps {
  readonly targets: Targets;
  readonly scripts: Scripts;
  /** Asks an endpoint, until the signal says that nobody waits any more. Rejects with a `BackendFault`. */
  ask(endpoint: LinkedEndpoint, question: SequenceQuestion, signal: AbortSignal): Promise<CallAnswer>;
  applicationName(id: string): string | undefined;
  readonly log: MediationLog;
  readonly mediatedBodyBytesMax: number;
  /** The token by which a backend knows who calls; null where the caller has none, or where it could not be signed. Null: the server makes none. */
  readonly assertionOf: ((exchange: Exchange) => string | null | Promise<string | null>) | null;
  /** The ports as configured; null: there is none. */
  readonly ports: { readonly http: number; readonly https: number | null };
  readonly natives: Natives;
}
