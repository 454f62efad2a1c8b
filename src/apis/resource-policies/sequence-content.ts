import { XMLValidator } from 'fast-xml-parser';
import { UnusableDefinition } from '../policies/policies.problems.js';

const CONTENT_BYTES_MAX = 1_048_576;

/** @throws UnusableDefinition (902006) unless the text is well-formed XML once a root is around it, without a document type of its own. */
export const checkSequence = (content: string): void => {
  if (Buffer.byteLength(content) > CONTENT_BYTES_MAX) throw UnusableDefinition(`content: it is larger than ${CONTENT_BYTES_MAX} bytes`);
  if (content.includes('\0')) throw UnusableDefinition('content: it is no text');
  if (content.trim() === '') throw UnusableDefinition('content: it is empty');
  if (/<\?xml\b|<!DOCTYPE/i.test(content)) throw UnusableDefinition('content: neither a prolog nor a DOCTYPE is allowed');
  const result = XMLValidator.validate(`<root>${content}\n</root>`);
  if (result !== true) throw UnusableDefinition(`content: ${result.err.msg} (line ${result.err.line})`);
};
