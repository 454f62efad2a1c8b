import { field, isObject } from './patch-operations.js';
import { InvalidSyntax, InvalidValue, SortingUnsupported } from './scim.problems.js';

const LIST_RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
const COUNT_DEFAULT = 100;
/** `filter.maxResults` of the service provider's configuration. */
export const COUNT_MAX = 200;
const INT_MAX = 2_147_483_647;

/** Which attributes of a resource the caller wants. */
export interface Projection {
  readonly attributes: readonly string[];
  readonly excluded: readonly string[];
}

export interface ListRequest {
  readonly filter: string | undefined;
  /** From 1. */
  readonly startIndex: number;
  readonly count: number;
  readonly projection: Projection;
}

export interface Found<T> {
  readonly resources: readonly T[];
  readonly total: number;
}

/** A SCIM resource as it goes over the wire. */
export type Resource = Readonly<Record<string, unknown>>;

const names = (value: unknown): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap(names);
  if (typeof value !== 'string') return [];
  return value
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
};

const whole = (value: unknown, name: string, fallback: number): number => {
  if (value === undefined || value === '') return fallback;
  const number = Number(value);
  if (!Number.isInteger(number) || Math.abs(number) > INT_MAX) throw InvalidValue(`${name} is not a whole number.`);
  return number;
};

export const projectionOf = (query: Readonly<Record<string, unknown>>): Projection => ({
  attributes: names(query['attributes']),
  excluded: names(query['excludedAttributes']),
});

/** Reads the parameters of a list, from a query or from a `.search` body. @throws InvalidValue (400), SortingUnsupported (501). */
export const listRequestOf = (query: Readonly<Record<string, unknown>>): ListRequest => {
  if (query['sortBy'] !== undefined || query['sortOrder'] !== undefined) throw SortingUnsupported();
  const filter = query['filter'];
  if (filter !== undefined && typeof filter !== 'string') throw InvalidValue('The filter is not a text.');
  return {
    filter,
    startIndex: Math.max(1, whole(query['startIndex'], 'startIndex', 1)),
    count: Math.min(COUNT_MAX, Math.max(0, whole(query['count'], 'count', COUNT_DEFAULT))),
    projection: projectionOf(query),
  };
};

/** Reads a `.search` body. @throws InvalidSyntax, InvalidValue (400). */
export const searchRequestOf = (body: unknown): ListRequest => {
  if (!isObject(body)) throw InvalidSyntax('The request body is not a JSON object.');
  return listRequestOf(body);
};

export const listResponse = ({ resources, total }: Found<Resource>, { startIndex, projection }: ListRequest): Resource => ({
  schemas: [LIST_RESPONSE],
  totalResults: total,
  startIndex,
  itemsPerPage: resources.length,
  Resources: resources.map((resource) => project(resource, projection)),
});

const ALWAYS = new Set(['schemas', 'id']);
const CORE = /^urn:ietf:params:scim:schemas:(core:2\.0:(user|group)|extension:2\.0:role):/;

/** Whether a list of attribute names covers a path: by its own name or by its parent's. */
const covers = (wanted: readonly string[], path: string): boolean =>
  wanted.some((name) => name === path || path.startsWith(`${name}.`) || path.startsWith(`${name}:`));

/** The resource with only the attributes asked for (whole, `parent.sub` or `<urn>:attribute`); `id` and `schemas` always stay. */
export const project = (resource: Resource, { attributes, excluded }: Projection): Resource => {
  const normal = (name: string) => name.toLowerCase().replace(CORE, '');
  const wanted = attributes.map(normal);
  const unwanted = excluded.map(normal);
  if (wanted.length === 0 && unwanted.length === 0) return resource;
  const keeps = (path: string) => (wanted.length > 0 ? covers(wanted, path) : !covers(unwanted, path));
  const entries = Object.entries(resource).flatMap(([key, value]): [string, unknown][] => {
    const name = key.toLowerCase();
    if (ALWAYS.has(name) || keeps(name)) {
      if (!isObject(value) || ALWAYS.has(name) || wanted.length > 0) return [[key, value]];
    }
    // A part of the values of a list brings the values whole.
    if (Array.isArray(value) && wanted.some((path) => path.startsWith(`${name}.`))) return [[key, value]];
    if (!isObject(value)) return [];
    const separator = name.startsWith('urn:') ? ':' : '.';
    const parts = Object.entries(value).filter(([part]) => keeps(`${name}${separator}${part.toLowerCase()}`));
    return parts.length > 0 ? [[key, Object.fromEntries(parts)]] : [];
  });
  return Object.fromEntries(entries);
};

/** A member of an array of references, as a request has it. */
export const stringOf = (object: unknown, key: string): string | undefined => {
  const value = isObject(object) ? field(object, key) : undefined;
  return typeof value === 'string' ? value : undefined;
};
