import type { ResourceSequence } from '../resource-policies/resource-policy.entity.js';
import { infoOf, isUnreadable, mainOf, readDocument, readDocuments, type Unreadable, type WsdlDocument } from './read-wsdl.js';
import { restDefinition } from './rest-definition.js';
import { Untranslatable } from './rest-model.js';
import { restSequences } from './rest-sequences.js';
import { soapService } from './soap-operations.js';
import { atAddress } from './write-wsdl.js';
import type { WsdlFiles, WsdlInfo } from './wsdl.js';
import { addressesReferred, asFiles } from './wsdl-references.js';

/** Files as they were given. */
export interface GivenFiles {
  readonly files: WsdlFiles;
  readonly isArchive: boolean;
}

/** What the WSDL says of itself. */
export const read = ({ files, isArchive }: GivenFiles): WsdlInfo | Unreadable => {
  const documents = readDocuments(files, isArchive);
  return isUnreadable(documents) ? documents : infoOf(documents);
};

/** The addresses on its own server that a fetched document refers to. */
export const references = ({
  address,
  content,
}: {
  readonly address: string;
  readonly content: Uint8Array;
}): readonly string[] | Unreadable => {
  const document = readDocument(address, content);
  return isUnreadable(document) ? document : addressesReferred(document, address);
};

/** Fetched documents by their addresses as the files of an archive. */
export const collected = (fetched: WsdlFiles): ReadonlyMap<string, string> | Unreadable => {
  const documents = new Map<string, WsdlDocument>();
  for (const [address, content] of fetched) {
    const document = readDocument(address, content);
    if (isUnreadable(document)) return document;
    documents.set(address, document);
  }
  return asFiles(documents);
};

/** The documents of a WSDL as those who call it at the address get them, by their paths; the path of the main one. */
export interface Rewritten {
  readonly documents: ReadonlyMap<string, string>;
  readonly main: string;
}

/** What does not name an address is left out: it stays as it is. */
export const rewrite = ({ address, ...given }: GivenFiles & { readonly address: string }): Rewritten | Unreadable => {
  const documents = readDocuments(given.files, given.isArchive);
  if (isUnreadable(documents)) return documents;
  const main = mainOf(documents)?.path ?? '';
  const wsdls = documents.filter(({ version }) => version !== null);
  return { documents: new Map(wsdls.map((document) => [document.path, atAddress(document, address)])), main };
};

/** What callers of a REST face see, and what stands between it and the service. */
export interface RestFace {
  readonly definition: string;
  readonly sequences: readonly ResourceSequence[];
}

/** The REST face of a SOAP service. */
export const restFace = ({
  name,
  version,
  ...given
}: GivenFiles & { readonly name: string; readonly version: string }): RestFace | Unreadable => {
  const documents = readDocuments(given.files, given.isArchive);
  if (isUnreadable(documents)) return documents;
  try {
    const { operations, types } = soapService(documents);
    return { definition: restDefinition(name, version, operations, types), sequences: restSequences(operations, types) };
  } catch (err) {
    if (err instanceof Untranslatable) return { reason: 'unusable', text: err.message };
    throw err;
  }
};
