import { checkScript } from '../scripts/script.js';
import { compileSequence } from './compile-sequence.js';
import { DefinitionError } from './message.js';
import { parseTemplate } from './template.js';

/** An attribute of a policy, as far as its definition depends on it. */
export interface PolicyAttribute {
  readonly name: string;
  readonly defaultValue?: unknown;
}

/** Bytes of a definition (`reference/mediation.md` §9.2). */
const BYTES_MAX = 1_048_576;

/**
 * Checks the definition of a policy when it is uploaded, without the parameters it will be attached with (`reference/mediation.md` §9.2): each branch of its
 * template is compiled with the attributes' defaults or a plain word. @throws DefinitionError with the element and the line.
 */
export const checkPolicy = (definition: string, attributes: readonly PolicyAttribute[]): void => {
  if (Buffer.byteLength(definition) > BYTES_MAX) throw new DefinitionError('the definition is larger than 1 MiB');
  const defaults = Object.fromEntries(
    attributes.flatMap(({ name, defaultValue }) => (defaultValue === undefined || defaultValue === null ? [] : [[name, defaultValue]])),
  );
  for (const text of parseTemplate(definition).variants(defaults)) compileSequence(text, { carrier: 'policy' });
};

/** Checks what a policy becomes with the parameters of an attachment. @throws DefinitionError. */
export const checkAttachment = (definition: string, parameters: Readonly<Record<string, unknown>>): void => {
  compileSequence(parseTemplate(definition).render(parameters), { carrier: 'policy' });
};

/** Checks a sequence that stands in for a backend. @throws DefinitionError. */
export const checkBackendSequence = (text: string): void => {
  compileSequence(text, { carrier: 'backend' });
};

/** Checks a policy that is a script. @throws DefinitionError. */
export const checkScriptPolicy = (source: string): void => checkScript(source);

/** Checks a sequence between JSON and SOAP. @throws DefinitionError. */
export const checkResourceSequence = (text: string): void => {
  compileSequence(text, { carrier: 'resource' });
};
