import { XMLValidator } from 'fast-xml-parser';
import type { KeyType } from '../../domain/gateway-documents.js';
import { SequenceMissing, SequenceNotXml, UnknownSequenceType } from './sequence-backends.problems.js';

/** Largest upload of a sequence. */
export const SEQUENCE_BYTES_MAX = 1_048_576;

const TYPES: readonly KeyType[] = ['PRODUCTION', 'SANDBOX'];

/** @throws UnknownSequenceType (400). */
export const sequenceTypeOf = (word: unknown): KeyType => {
  const type = TYPES.find((known) => typeof word === 'string' && known === word.toUpperCase());
  if (type === undefined) throw UnknownSequenceType();
  return type;
};

export interface SentFile {
  readonly originalname: string;
  readonly buffer: Buffer;
}

const PROLOG = /^\s*<\?xml\s[^>]*\?>/;
/** A document type could define entities, which could grow without bound or name files. */
const DOCTYPE = /<!DOCTYPE|<!ENTITY/i;

/**
 * The text of an uploaded sequence: one root, or mediators side by side (`reference/mediation.md` §1.1).
 * @throws SequenceMissing (400); SequenceNotXml (400) for a file of another name, bytes that are no text, and what is not well-formed.
 */
export const readSequence = (file: SentFile | undefined, type: KeyType): string => {
  if (file === undefined) throw SequenceMissing();
  const text = textOf(file.buffer);
  const isFine = file.originalname.toLowerCase().endsWith('.xml') && text !== undefined && isWellFormed(text);
  if (!isFine) throw SequenceNotXml(type.toLowerCase());
  return text;
};

const textOf = (bytes: Buffer): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

const isWellFormed = (text: string): boolean => {
  const content = text.replace(PROLOG, '');
  if (content.trim() === '' || content.includes('\0') || DOCTYPE.test(content)) return false;
  return /<[A-Za-z_]/.test(content) && XMLValidator.validate(`<root>${content}</root>`) === true;
};
