import { parseTemplate, type Segment } from './template.js';

/** Values by the names of a template's variables, percent-encoded as they were sent. */
export type PathVariables = ReadonlyMap<string, string>;

const NAMES = /\{\+?([^{}]*)\}|\*/g;
const QUERY_VARIABLE = /(?:^|&)([^=&{}]+)=\{\+?([^{}]*)\}/g;
const NONE: PathVariables = new Map();

/**
 * Makes a reader of the variables of a path template such as `/pets/{petId}`: given the path and query of a request that the template matched, below the
 * API's own path, it gives the values. Undefined for a template without variables.
 */
export const variableReader = (target: string): ((rest: string) => PathVariables) | undefined => {
  const question = target.indexOf('?');
  const path = question < 0 ? target : target.slice(0, question);
  const { segments } = parseTemplate(path);
  const texts = path.split('/').filter((_, index) => index > 0 || !path.startsWith('/'));
  const names = segments.map((_, index) => Array.from((texts[index] ?? '').matchAll(NAMES), ([, name]) => name ?? ''));
  const queryNames = question < 0 ? [] : Array.from(target.slice(question + 1).matchAll(QUERY_VARIABLE), ([, key, name]) => [key, name]);
  if (names.flat().every((name) => name === '') && queryNames.length === 0) return undefined;
  return (rest) => {
    const at = rest.indexOf('?');
    const sent = (at < 0 ? rest : rest.slice(0, at)).split('/').filter((text) => text !== '');
    const values = new Map<string, string>();
    for (const [index, segment] of segments.entries()) {
      const found = valuesIn(segment, sent, index);
      for (const [i, name] of (names[index] ?? []).entries()) if (name !== '') values.set(name, found[i] ?? '');
    }
    if (queryNames.length > 0) readQuery(values, queryNames, at < 0 ? '' : rest.slice(at + 1));
    return values.size === 0 ? NONE : values;
  };
};

/** What the variables of one segment stand for, in their order. */
const valuesIn = (segment: Segment, sent: readonly string[], index: number): readonly string[] => {
  const value = sent[index] ?? '';
  if (segment.kind === 'literal') return [];
  if (segment.kind === 'rest') return [sent.slice(index).join('/')];
  if (segment.kind === 'variable') return [value];
  const { pieces } = segment;
  const found: string[] = [];
  let at = (pieces[0] ?? '').length;
  for (let i = 1; i < pieces.length; i += 1) {
    const piece = pieces[i] ?? '';
    const end = i === pieces.length - 1 ? value.length - piece.length : value.indexOf(piece, at + 1);
    found.push(value.slice(at, end));
    at = end + piece.length;
  }
  return found;
};

const readQuery = (values: Map<string, string>, names: readonly (readonly (string | undefined)[])[], search: string): void => {
  for (const pair of search.split('&')) {
    const equals = pair.indexOf('=');
    const known = equals < 0 ? undefined : names.find(([key]) => key === pair.slice(0, equals));
    if (known?.[1] !== undefined && !values.has(known[1])) values.set(known[1], pair.slice(equals + 1).replaceAll('+', '%20'));
  }
};

const PLACEHOLDER = /\{(\+?)uri\.var\.([^{}]+)\}/g;

/** Whether a backend's address has places for the variables of a request's path (`reference/gateway.md` §7.1). */
export const hasPlaceholders = (text: string): boolean => /\{\+?uri\.var\./.test(text);

/**
 * Fills a part of an address in: `{uri.var.name}` with the encoded value, `{+uri.var.name}` with the value as it was sent, except for what would end the
 * part (a value of the query may hold it); nothing for an unknown name.
 */
export const filledIn = (text: string, variables: PathVariables, ending: '?' | '#'): string =>
  text.replace(PLACEHOLDER, (_, raw: string, name: string) => {
    const value = variables.get(name) ?? '';
    return raw === '' ? encoded(value) : value.replaceAll(ending, encodeURIComponent);
  });

const encoded = (sent: string): string => {
  try {
    return encodeURIComponent(decodeURIComponent(sent));
  } catch {
    return encodeURIComponent(sent); // no UTF-8
  }
};

/**
 * The address of a backend as a URL, its placeholders put aside; `restore` puts them back into a part of it. @throws Error that says what is wrong: the
 * server that a request goes to never depends on the request.
 */
export const parsedAddress = (address: string): { readonly url: URL; readonly restore: (part: string) => string } => {
  const placeholders: string[] = [];
  const text = address.replace(PLACEHOLDER, (placeholder) => `gatehouse-variable-${placeholders.push(placeholder) - 1}-`);
  if (!URL.canParse(text)) throw new Error(`the endpoint '${address}' is not a URL`);
  const url = new URL(text);
  if (url.host.includes('gatehouse-variable-')) throw new Error(`the endpoint '${address}' takes its server from the request`);
  return { url, restore: (part) => part.replace(/gatehouse-variable-(\d+)-/g, (_, index: string) => placeholders[Number(index)] ?? '') };
};
