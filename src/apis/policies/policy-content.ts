import { md5Checksum } from '../../platform/crypto/checksum.js';
import type { PolicyContent, PolicyLanguage } from './operation-policy.entity.js';
import { DefinitionFilesMissing, UnsupportedDefinitionFile, UnusableDefinition } from './policies.problems.js';
import type { PolicySpecification } from './policy-specification.js';

/** A file as it came in. */
export interface DefinitionFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Ends the names of files of policies that are scripts. */
export const SCRIPT_EXTENSION = '.js';

const DEFINITION_BYTES_MAX = 1_048_576;

/** A policy of its specification and its files, with the digest over all of them. */
export const policyContent = (
  specification: PolicySpecification,
  synapse: string | null,
  choreo: string | null,
  language: PolicyLanguage = 'sequence',
): PolicyContent => ({
  name: specification.name,
  version: specification.version,
  md5: md5Checksum(JSON.stringify([canonical(specification), synapse, choreo, ...(language === 'sequence' ? [] : [language])])),
  specification,
  synapse,
  language,
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
  const language = synapse?.name.toLowerCase().endsWith(SCRIPT_EXTENSION) ? 'javascript' : 'sequence';
  return policyContent(specification, synapse ? definitionOf(synapse, language) : null, choreo ? templateOf(choreo) : null, language);
};

/** @throws UnsupportedDefinitionFile (400) unless the file is named as definitions for its gateway are. */
export const checkExtension = (file: DefinitionFile | undefined, extensions: readonly string[]): void => {
  if (file === undefined) return;
  const name = file.name.toLowerCase();
  if (!extensions.some((extension) => name.endsWith(extension))) throw UnsupportedDefinitionFile(file.name);
};

const definitionOf = (file: DefinitionFile, language: PolicyLanguage): string =>
  language === 'javascript' ? textOf(file) : templateOf(file);

const textOf = ({ name, bytes }: DefinitionFile): string => {
  if (bytes.length > DEFINITION_BYTES_MAX) throw UnusableDefinition(`${name}: it is larger than ${DEFINITION_BYTES_MAX} bytes`);
  const text = decoded(name, bytes);
  if (text.includes('\0')) throw UnusableDefinition(`${name}: it is no text`);
  return text;
};

const templateOf = (file: DefinitionFile): string => {
  const { name } = file;
  const text = textOf(file);
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
