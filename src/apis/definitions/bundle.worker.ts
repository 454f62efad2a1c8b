import SwaggerParser from '@apidevtools/swagger-parser';
import type { DefinitionFinding } from './definition.js';
import { isObject, type JsonObject } from './json-document.js';
import { parseDefinition, unparsable } from './parse-definition.js';

/** A definition and the files it refers to, by their addresses. */
export interface DefinitionFiles {
  readonly root: string;
  readonly files: ReadonlyMap<string, string>;
}

export type References = { readonly addresses: readonly string[] } | { readonly finding: DefinitionFinding };

export type Bundling = { readonly text: string } | { readonly finding: DefinitionFinding };

/** Addresses of the files that these ones refer to, their own among them where they do so by it. */
export const references = (files: ReadonlyMap<string, string>): References => {
  try {
    return referencesOf(files);
  } catch (err) {
    return unfollowable(err);
  }
};

/** A definition that exhausts the call stack is its author's affair; anything else that fails here has words of its own. */
const unfollowable = (err: unknown): { readonly finding: DefinitionFinding } => ({
  finding: unparsable(err instanceof Error ? err.message : 'The references of the definition cannot be resolved.'),
});

const referencesOf = (files: ReadonlyMap<string, string>): References => {
  const addresses = new Set<string>();
  for (const [address, text] of files) {
    const { document, finding } = { document: undefined, ...parseDefinition(text) };
    if (document === undefined) return { finding: unparsable(`${address}: ${finding?.description}`) };
    for (const other of referredTo(document, address)) addresses.add(other);
  }
  return { addresses: [...addresses] };
};

/**
 * One document of a definition that is spread over files, every one of which is given; references to other files become contents or references within the
 * document.
 */
export const bundle = async ({ root, files }: DefinitionFiles): Promise<Bundling> => {
  const documents = new Map<string, JsonObject>();
  for (const [address, text] of files) {
    const parsed = parseDefinition(text);
    if (parsed.finding) return { finding: parsed.finding };
    documents.set(address, parsed.document);
  }
  // The only way to a file: nothing is read from the disk or fetched here.
  const given = {
    order: 1,
    canRead: true,
    read: ({ url }: { readonly url: string }) => url,
    canParse: true,
    parse: ({ url }: { readonly url: string }) => documents.get(withoutFragment(url)),
  };
  try {
    const options = {
      mutateInputSchema: true,
      resolve: { file: false, http: false, given },
      parse: { json: false, yaml: false, text: false, binary: false, given },
    };
    // The types know Swagger documents alone, and want each plug-in to be of both kinds.
    const whole = await new SwaggerParser().bundle(root, documents.get(root) as never, options as never);
    return { text: JSON.stringify(whole) };
  } catch (err) {
    return unfollowable(err);
  }
};

/** Addresses of the files a document refers to. */
const referredTo = (document: JsonObject, address: string): ReadonlySet<string> => {
  const found = new Set<string>();
  const left: unknown[] = [document];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    const reference = isObject(value) ? value['$ref'] : undefined;
    if (typeof reference === 'string' && !reference.startsWith('#') && URL.canParse(reference, address)) {
      found.add(withoutFragment(new URL(reference, address).href));
    }
    for (const item of Object.values(value as object)) if (typeof item === 'object' && item !== null) left.push(item); // only objects get here
  }
  return found;
};

const withoutFragment = (address: string): string => address.replace(/#.*$/s, '');
