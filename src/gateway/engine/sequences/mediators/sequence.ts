import type { Compiler, MediatorCompiler } from '../compiler.js';
import { noteFailure } from '../error-properties.js';
import type { FlowMessage, Step } from '../flow-message.js';
import { KNOWN_SEQUENCES } from '../known-sequences.js';
import { MediationError, mediationErrorOf, type Outcome } from '../message.js';
import type { PolicyElement } from '../read-document.js';

/** A named block of mediators, or a call of a sequence that the gateway knows (`reference/mediation.md` §3.7). */
export const sequence: MediatorCompiler = (element, compiler) => {
  const key = element.attributes.get('key');
  const onError = element.attributes.get('onError');
  if (key !== undefined) {
    if (onError !== undefined) compiler.refuse(element, 'key and onError do not go together');
    return sequenceByKey(element, key, compiler);
  }
  if (!element.attributes.has('name')) compiler.refuse(element, 'it needs a name or a key');
  const steps = compiler.list(element.children);
  return onError === undefined ? steps : guarded(steps, sequenceByKey(element, onError, compiler));
};

/** A sequence by its key, which may be an expression in braces. */
export const sequenceByKey = (element: PolicyElement, key: string, compiler: Compiler): Step => {
  compiler.usesPayload = true;
  if (!/^\{.*\}$/s.test(key.trim()))
    return KNOWN_SEQUENCES.get(key) ?? compiler.refuse(element, `the sequence '${key}' is not known: there is no registry of sequences`);
  const name = compiler.dynamic(element, key.trim());
  return (message) => {
    const wanted = name(message);
    const known = KNOWN_SEQUENCES.get(wanted);
    if (known === undefined) throw new MediationError('0', `Sequence named ${wanted} cannot be found`);
    return known(message);
  };
};

/** Runs steps; where they fail, the handler runs in their place. */
const guarded = (steps: Step, handler: Step): Step => {
  const handled = (message: FlowMessage, err: unknown): Outcome | Promise<Outcome> => {
    noteFailure(message, mediationErrorOf(err));
    const outcome = handler(message);
    return outcome instanceof Promise ? outcome.then(() => 'stop') : 'stop';
  };
  return (message) => {
    try {
      const outcome = steps(message);
      return outcome instanceof Promise ? outcome.catch((err: unknown) => handled(message, err)) : outcome;
    } catch (err) {
      return handled(message, err);
    }
  };
};
