import { isISO8601 } from 'class-validator';
import { BadRequest } from '../domain/problem.js';
import { queryText } from '../platform/http/query-text.js';
import { AUDIT_ACTIONS, AUDIT_KINDS } from './audit-kinds.js';

/** Which entries of a tenant are asked for. Times are ISO 8601 with their offset: from inclusive, to exclusive. */
export interface AuditFilter {
  readonly from?: string;
  readonly to?: string;
  readonly user?: string;
  readonly kind?: string;
  /** Of the entity itself, or of what it belongs to. */
  readonly entityId?: string;
  readonly action?: string;
}

const TIME = /^(?!0000)\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-](?:0\d|1[0-4]):\d\d)?)?$/;

type Query = Readonly<Record<string, unknown>>;

/** The filter of a request's query. @throws BadRequest (400) that says which parameter is wrong and what it should be. */
export const auditFilterOf = (query: Query): AuditFilter => {
  const from = timeOf(query, 'from');
  const to = timeOf(query, 'to');
  if (from !== undefined && to !== undefined && Date.parse(from) > Date.parse(to)) throw BadRequest("'from' must not be later than 'to'");
  const [user, entityId] = [textOf(query, 'user'), textOf(query, 'entityId')];
  const [kind, action] = [oneOf(query, 'kind', AUDIT_KINDS), oneOf(query, 'action', AUDIT_ACTIONS)];
  return {
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(user !== undefined && { user }),
    ...(kind !== undefined && { kind }),
    ...(entityId !== undefined && { entityId }),
    ...(action !== undefined && { action }),
  };
};

const textOf = (query: Query, name: string): string | undefined => {
  const text = queryText(query[name]);
  if (text?.includes('\0')) throw BadRequest(`Invalid value for the query parameter ${name}`);
  return text === '' ? undefined : text;
};

const timeOf = (query: Query, name: string): string | undefined => {
  const text = textOf(query, name);
  if (text === undefined) return undefined;
  if (!TIME.test(text) || !isISO8601(text, { strict: true }) || Number.isNaN(Date.parse(text))) {
    throw BadRequest(`'${name}' must be a date or a time such as 2026-11-22 or 2026-11-22T08:30:00Z (a + in an offset is written %2B)`);
  }
  if (!text.includes('T')) return `${text}T00:00:00Z`;
  return /(?:Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`;
};

/** The value as the list spells it, whatever its case. */
const oneOf = (query: Query, name: string, known: readonly string[]): string | undefined => {
  const text = textOf(query, name);
  if (text === undefined) return undefined;
  const value = known.find((one) => one.toLowerCase() === text.toLowerCase());
  if (value === undefined) throw BadRequest(`'${name}' must be one of ${known.join(', ')}`);
  return value;
};
