import { BUILT_IN } from '../mediation/built-in.js';
import type { Policy } from '../pipeline.js';
import type { Refusal } from '../refusal.js';
import type { ExchangeMessage } from './exchange-message.js';
import { MediationError, type Outcome } from './message.js';

/** Runs a policy that the gateway has built in over the request as it is now; answers pass it by. */
export const runNative = (
  message: ExchangeMessage,
  policy: string,
  parameters: Readonly<Record<string, unknown>>,
): Outcome | Promise<Outcome> => {
  const make = BUILT_IN.get(policy)?.request;
  if (make === undefined || message.answer !== null) return 'continue';
  message.write();
  const { deps, exchange } = message;
  const settle = (refusal: Refusal | undefined): Outcome => {
    if (refusal === undefined) return 'continue';
    message.ending = { kind: 'refuse', refusal };
    return 'stop';
  };
  const outcome = made(() =>
    make(parameters, { log: deps.log, mediatedBodyBytesMax: deps.mediatedBodyBytesMax, natives: deps.natives, sequences: deps }),
  )(exchange);
  return outcome instanceof Promise ? outcome.then(settle) : settle(outcome);
};

/** A parameter that only a running policy has can be wrong, too. */
const made = (make: () => Policy): Policy => {
  try {
    return make();
  } catch (err) {
    throw new MediationError('0', err instanceof Error ? err.message : String(err), { cause: err });
  }
};
