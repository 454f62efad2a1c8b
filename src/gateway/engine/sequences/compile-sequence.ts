import type { Scripts } from '../scripts/script.js';
import { type Carrier, Compiler } from './compiler.js';
import type { Step } from './flow-message.js';
import { mediatorFor } from './mediators/registry.js';
import { DefinitionError } from './message.js';
import { readDocument } from './read-document.js';

/** A definition as it runs. What it needs is known beforehand: nothing is parsed for a message. */
export interface CompiledSequence {
  /** Whether the body has to be there whole, and whether its length has to be known. */
  readonly usesPayload: boolean;
  readonly usesLength: boolean;
  /** Whether it may send the request elsewhere. */
  readonly sends: boolean;
  readonly run: Step;
}

export interface CompileOptions {
  readonly carrier: Carrier;
  /** Null, or none: the definition is only checked, and its scripts do nothing. */
  readonly scripts?: Scripts | null;
  /** Whether the server tells backends who calls. */
  readonly hasBackendJwts?: boolean;
}

/**
 * Compiles the text of a sequence: of a policy after its template was rendered, of a sequence backend, or of a SOAP-to-REST resource
 * (`reference/mediation.md` §1.1).
 * @throws DefinitionError with the element and the line.
 */
export const compileSequence = (text: string, { carrier, scripts = null, hasBackendJwts = true }: CompileOptions): CompiledSequence => {
  const elements = readDocument(text, { allowsProlog: carrier === 'backend' });
  if (carrier === 'backend' && elements.length === 0) throw new DefinitionError('it holds no mediators');
  const compiler = new Compiler(carrier, mediatorFor, scripts, hasBackendJwts);
  const run = compiler.list(elements);
  return { usesPayload: compiler.usesPayload, usesLength: compiler.usesLength, sends: compiler.sends, run };
};
