import { isStorable } from '../users/user-rules.js';
import { FilterAttributeUnknown, FilterMalformed, FilterOperationUnknown, LimitNegative, OffsetNegative } from './tenants.problems.js';

const LIMIT_DEFAULT = 15;
const LIMIT_MAX = 100;
const INT_MAX = 2_147_483_647;

/** A condition on the domain, as a pattern for SQL's LIKE. */
export interface TenantFilter {
  readonly pattern: string;
}

/** A text as SQL's LIKE takes it literally. */
export const escapedPattern = (text: string): string => text.replace(/[\\%_]/g, (sign) => `\\${sign}`);

const PATTERNS: Readonly<Record<string, (value: string) => string>> = {
  eq: (value) => value,
  sw: (value) => `${value}%`,
  ew: (value) => `%${value}`,
  co: (value) => `%${value}%`,
};

/** `domainName <sw|ew|co|eq> value`, three words with single blanks between. @throws FilterMalformed and its kind (400). */
export const parseFilter = (text: string | undefined): TenantFilter | undefined => {
  if (text === undefined || text === '') return undefined;
  const words = text.split(' ');
  const [attribute = '', operation = '', value = ''] = words;
  if (words.length !== 3 || words.includes('') || !isStorable(value)) throw FilterMalformed();
  if (attribute.toLowerCase() !== 'domainname') throw FilterAttributeUnknown(attribute);
  const pattern = PATTERNS[operation.toLowerCase()];
  if (!pattern) throw FilterOperationUnknown(operation);
  return { pattern: pattern(escapedPattern(value)) };
};

const whole = (text: string | undefined, fallback: number, refusal: () => Error): number => {
  if (text === undefined || text === '') return fallback;
  if (!/^\d+$/.test(text) || Number(text) > INT_MAX) throw refusal();
  return Number(text);
};

/** @throws LimitNegative (400); more than 100 is 100. */
export const parseLimit = (text: string | undefined): number => Math.min(whole(text, LIMIT_DEFAULT, LimitNegative), LIMIT_MAX);
/** @throws OffsetNegative (400). */
export const parseOffset = (text: string | undefined): number => whole(text, 0, OffsetNegative);

/** The order of the domains; undefined, the order of creation, unless exactly `domainName` is asked for. */
export const parseOrder = (sortBy: string | undefined, sortOrder: string | undefined): 'ASC' | 'DESC' | undefined => {
  if (sortBy !== 'domainName') return undefined;
  return sortOrder?.toUpperCase() === 'DESC' ? 'DESC' : 'ASC';
};

export interface Link {
  readonly rel: 'next' | 'previous';
  readonly href: string;
}

/** Links to the neighbours of a window that exist, with the filter repeated. */
export const linksOf = (
  path: string,
  { limit, offset, total, filter }: { limit: number; offset: number; total: number; filter?: string },
): Link[] => {
  const rest = filter ? `&filter=${encodeURIComponent(filter)}` : '';
  const link = (rel: Link['rel'], start: number): Link => ({ rel, href: `${path}?offset=${start}&limit=${limit}${rest}` });
  return [
    ...(limit > 0 && offset + limit < total ? [link('next', offset + limit)] : []),
    ...(offset > 0 ? [link('previous', Math.max(0, offset - limit))] : []),
  ];
};
