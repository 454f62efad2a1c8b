import type { MediatorCompiler } from '../compiler.js';
import { MediationError } from '../message.js';

const USUAL = 'Error occurred in the mediation flow';

/** Gives the flow up with a code and a text of its own (`reference/mediation.md` §3.9). */
export const throwError: MediatorCompiler = (element, compiler) => {
  compiler.onlyChildren(element);
  const type = element.attributes.get('type') || 'ANY';
  const text = compiler.dynamic(element, element.attributes.get('errorMessage') || USUAL);
  return (message) => {
    const reason = text(message);
    message.set('default', 'ERROR_CODE', type);
    message.set('default', 'ERROR_MESSAGE', reason);
    throw new MediationError(type, reason);
  };
};
