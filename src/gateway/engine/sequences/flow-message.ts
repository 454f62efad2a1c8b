import type { Answer } from '../mediation/flows.js';
import type { Refusal } from '../refusal.js';
import type { SequenceTarget } from './endpoint-forms.js';
import type { Message, Outcome } from './message.js';
import type { MessagePayload } from './payload.js';

/** How a flow was ended by the mediator that stopped it (`reference/mediation.md` §2.3). */
export type Ending =
  | { readonly kind: 'respond' | 'loopback' | 'drop' }
  /** To the endpoint, or where the message says. */
  | { readonly kind: 'send'; readonly target: SequenceTarget | null }
  /** A built-in policy refuses the request. */
  | { readonly kind: 'refuse'; readonly refusal: Refusal };

/** What an endpoint that a sequence asked has answered. */
export type CallAnswer = Omit<Answer, 'body'> & { readonly body: Buffer };

/** A message as mediators see it: they may end its flow and ask other endpoints. */
export interface FlowMessage extends Message {
  /** Has lines of the log show `*****` in place of these texts. */
  hide(texts: readonly string[]): void;
  readonly payload: MessagePayload;
  /** Null while the flow goes on; also where a script or a policy has stopped it without an answer. */
  ending: Ending | null;
  /** The media type that the payload leaves in; null when there is none. */
  readonly messageType: string | null;
  /** Whether the client speaks SOAP. */
  readonly isSoap: boolean;
  /** Counts one mediator. @throws MediationError beyond the limit. */
  count(): void;
  /** Asks an endpoint with the message as it is, or with another body. @throws MediationError when it does not answer. */
  call(target: SequenceTarget | null, body?: { readonly bytes: Buffer; readonly contentType: string | null }): Promise<CallAnswer>;
  /** Runs a policy that the gateway has built in over the request; it has nothing to do with answers. */
  runNative(policy: string, parameters: Readonly<Record<string, unknown>>): Outcome | Promise<Outcome>;
  /** Tells the backend who calls, in the header `assertion`. @throws MediationError where that cannot be signed. */
  passToken(): Outcome | Promise<Outcome>;
  /** Takes an answer over as the message: its payload, its headers and its status. */
  take(answer: CallAnswer): void;
}

/** One compiled mediator or a list of them. A promise only where something must be waited for. */
export type Step = (message: FlowMessage) => Outcome | Promise<Outcome>;

/** Runs steps in their order, until one stops. */
export const inOrder = (steps: readonly Step[]): Step => {
  const [only, second] = steps;
  if (only === undefined) return () => 'continue';
  return second === undefined ? only : (message) => runFrom(0, steps, message);
};

const runFrom = (first: number, steps: readonly Step[], message: FlowMessage): Outcome | Promise<Outcome> => {
  for (let i = first; i < steps.length; i += 1) {
    const outcome = steps[i]?.(message);
    if (outcome instanceof Promise) return outcome.then((settled) => (settled === 'stop' ? 'stop' : runFrom(i + 1, steps, message)));
    if (outcome === 'stop') return 'stop';
  }
  return 'continue';
};
