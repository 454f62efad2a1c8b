import {
  checkAttachment,
  checkBackendSequence,
  checkPolicy,
  checkResourceSequence,
  checkScriptPolicy,
} from '../../gateway/engine/sequences/check-policy.js';
import { DefinitionError } from '../../gateway/engine/sequences/message.js';
import type { PolicyContent } from './operation-policy.entity.js';

/** What is wrong with one of several texts, by its place among them. */
export interface Finding {
  readonly index: number;
  readonly reason: string;
}

/** A policy's definition, as far as it can be checked without the parameters of an attachment. */
export type CheckedDefinition = Pick<PolicyContent, 'language'> & {
  readonly definition: string;
  readonly attributes: readonly { readonly name: string; readonly defaultValue?: unknown }[];
};

/** A template with the parameters it is attached with. */
export interface CheckedAttachment {
  readonly definition: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** The first of the definitions that the gateway could not run. */
export const definitions = (all: readonly CheckedDefinition[]): Finding | undefined =>
  firstOf(all, ({ definition, language, attributes }) =>
    language === 'javascript' ? checkScriptPolicy(definition) : checkPolicy(definition, attributes),
  );

/** The first of the attachments that the gateway could not run. */
export const attachments = (all: readonly CheckedAttachment[]): Finding | undefined =>
  firstOf(all, ({ definition, parameters }) => checkAttachment(definition, parameters));

/** The first of the sequences in place of a backend that the gateway could not run. */
export const backends = (all: readonly string[]): Finding | undefined => firstOf(all, checkBackendSequence);

/** The first of the sequences between JSON and SOAP that the gateway could not run. */
export const resources = (all: readonly string[]): Finding | undefined => firstOf(all, checkResourceSequence);

const firstOf = <T>(all: readonly T[], check: (one: T) => void): Finding | undefined => {
  for (const [index, one] of all.entries()) {
    try {
      check(one);
    } catch (err) {
      // Nesting that exhausts the stack is the text's fault as well.
      if (!(err instanceof DefinitionError || err instanceof RangeError)) throw err;
      return { index, reason: err.message };
    }
  }
  return undefined;
};
