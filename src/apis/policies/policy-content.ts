import { md5Checksum } from '../../platform/crypto/checksum.js';
import type { PolicyContent } from './operation-policy.entity.js';
import { DefinitionFilesMissing, UnsupportedDefinitionFile, UnusableDefinition } from './policies.problems.js';
import type { PolicySpecification } from './policy-specification.js';

/** A file as it came in. */
export interface DefinitionFile {
  readonly name: string;
  readonly bytes: Buffer;
}

const DEFINITION_BYTES_MAX = 1_048_576;

/** A policy of its specification and its files, with the digest over all of them. */
export const policyContent = (specification: PolicySpecification, synapse: string | null, choreo: string | null): PolicyContent => ({
  name: specification.name,
  version: specification.version,
  md5: md5Checksum(JSON.stringify([canonical(specification), synapse, choreo])),
  specification,
  synapse,
  choreo,
});

/** The same specification gives the same text, in whatever order its document had the properties. */
const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, canonical(item)]));
};

/**
 * A policy that somebody wrote. @throws DefinitionFilesMissing (903008) when no gateway that needs a file has one, UnusableDefinition (902006) for a file
 * that is no template.
 */
export const writtenPolicy = (
  specification: PolicySpecification,
  synapse: DefinitionFile | undefined,
  choreo: DefinitionFile | undefined,
): PolicyContent => {
  const needsFile = specification.supportedGateways.some((gateway) => gateway === 'Synapse' || gateway === 'ChoreoConnect');
  if (needsFile && synapse === undefined && choreo === undefined) throw DefinitionFilesMissing();
  return policyContent(specification, synapse ? templateOf(synapse) : null, choreo ? templateOf(choreo) : null);
};

/** @throws UnsupportedDefinitionFile (400) unless the file is named as templates of its gateway are. */
export const checkExtension = (file: DefinitionFile | undefined, extension: '.j2' | '.gotmpl'): void => {
  if (file !== undefined && !file.name.toLowerCase().endsWith(extension)) throw UnsupportedDefinitionFile(file.name);
};

const templateOf = ({ name, bytes }: DefinitionFile): string => {
  if (bytes.length > DEFINITION_BYTES_MAX) throw UnusableDefinition(`${name}: it is larger than ${DEFINITION_BYTES_MAX} bytes`);
  const text = decoded(name, bytes);
  if (text.includes('\0')) throw UnusableDefinition(`${name}: it is no text`);
  // `reference/mediation.md` §1.1: neither belongs into a template, and a document type could name files of the gateway.
  if (/^\s*<\?xml\b/.test(text)) throw UnusableDefinition(`${name}: an XML prolog is not allowed`);
  if (/<!DOCTYPE/i.test(text)) throw UnusableDefinition(`${name}: a DOCTYPE is not allowed`);
  return text;
};

const decoded = (name: string, bytes: Buffer): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw UnusableDefinition(`${name}: it is no text in UTF-8`);
  }
};
