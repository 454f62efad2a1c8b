/** One word of a search: a field and what it should hold. */
export interface SearchTerm {
  /** As it was written, in lower case; custom properties keep theirs in `property`. */
  readonly field: SearchField;
  /** The name of a custom property; empty for any other field. */
  readonly property: string;
  /** Alternatives: the field holds any one of them. */
  readonly values: readonly SearchValue[];
}

export interface SearchValue {
  readonly text: string;
  /** In quotes: the whole value, not a part of it. */
  readonly exact: boolean;
}

const FIELDS = {
  name: 'name',
  'display-name': 'display-name',
  provider: 'provider',
  version: 'version',
  context: 'context',
  contexttemplate: 'contexttemplate',
  status: 'status',
  lcstate: 'status',
  description: 'description',
  tag: 'tag',
  tags: 'tag',
  type: 'type',
  vendor: 'vendor',
  thirdparty: 'thirdparty',
  'api-category': 'api-category',
  label: 'label',
  doc: 'doc',
  content: 'content',
} as const;

export type SearchField = (typeof FIELDS)[keyof typeof FIELDS] | 'property';

const isField = (key: string): key is keyof typeof FIELDS => Object.hasOwn(FIELDS, key);

/**
 * Parses the `query` of a collection (`reference/publisher.md` §21): words split at blanks, `field:value`, a word without a colon goes on
 * with the value before it or starts a search by name. Different fields must all match, one of the values of the same field.
 * A collection looks for content in names; so does not `everything`, where a word alone is content.
 */
export const parseQuery = (query: string, over: 'collection' | 'everything' = 'collection'): readonly SearchTerm[] => {
  const content = over === 'everything' ? 'content' : 'name';
  const terms = new Map<string, { readonly field: SearchField; readonly property: string; readonly values: SearchValue[] }>();
  for (const [key, text] of pairsOf(query, content)) {
    const lower = key.toLowerCase();
    const known = isField(lower) ? FIELDS[lower] : 'property';
    const field = known === 'content' ? content : known;
    const property = field === 'property' ? key : '';
    const id = `${field} ${property}`;
    const term = terms.get(id) ?? { field, property, values: [] };
    terms.set(id, term);
    term.values.push(searchValue(text));
  }
  return [...terms.values()];
};

const pairsOf = (query: string, bare: string): readonly (readonly [string, string])[] => {
  const pairs: [string, string][] = [];
  for (const word of query.split(/\s+/).filter((part) => part !== '')) {
    const colon = word.indexOf(':');
    const last = pairs.at(-1);
    if (colon > 0) pairs.push([word.slice(0, colon), word.slice(colon + 1)]);
    else if (last) last[1] = last[1] === '' ? word : `${last[1]} ${word}`;
    else pairs.push([bare, word]);
  }
  return pairs;
};

const searchValue = (text: string): SearchValue =>
  text.length > 1 && text.startsWith('"') && text.endsWith('"') ? { text: text.slice(1, -1), exact: true } : { text, exact: false };

/** A text that SQL `LIKE` takes as it is, in lower case. */
export const likeLiteral = (text: string): string => text.toLowerCase().replace(/[\\%_]/g, '\\$&');

/** A value as a pattern for SQL `LIKE` in lower case: `*` is any text; unless exact, what stands around it does not matter. */
export const likePattern = ({ text, exact }: SearchValue): string => {
  const pattern = likeLiteral(text).replaceAll('*', '%');
  return exact ? pattern : `%${pattern}%`;
};
