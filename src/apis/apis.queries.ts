import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { type Api, type ApiDetails, type ApiKind, PRODUCT_TYPE } from '../domain/api.js';
import { shownName } from '../domain/organization.js';
import { isAdmin, type User } from '../domain/user.js';
import { likeLiteral, likePattern, parseQuery, type SearchTerm } from './api-query.js';
import { searching } from './search/searching.js';
import { documentsCondition, wordsCondition } from './search/word-conditions.js';

/** An API as lists show it: without what makes it large. */
export type ApiListItem = Omit<Api, 'details'> & {
  readonly details: Omit<ApiDetails, 'operations' | 'scopes' | 'endpointConfig' | 'corsConfiguration' | 'apiPolicies'>;
};

export interface ApiListQuery {
  /** The collection that is listed, or all of them; that of the APIs unless given. */
  readonly kind?: ApiKind | 'any';
  readonly query: string;
  readonly limit: number;
  readonly offset: number;
  readonly sortBy: string | undefined;
  readonly sortOrder: string | undefined;
}

/** Values of a statement; `next` gives the placeholder of one more. */
export class Parameters {
  readonly values: unknown[] = [];

  next(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

export const LIST_COLUMNS = `id, organization, provider, name, version, context, context_template AS "contextTemplate", type, status,
  is_default_version AS "isDefaultVersion", visibility, visible_roles AS "visibleRoles", access_control_roles AS "accessControlRoles",
  tags, policies, categories, created_at AS "createdAt", updated_at AS "updatedAt", updated_by AS "updatedBy",
  details - '{operations,scopes,endpointConfig,corsConfiguration,apiPolicies}'::text[] AS details`;

/** How lists are ordered unless something else is asked for; the index `apis_sought_name` has them in this order. */
export const DEFAULT_ORDER = 'sought_name, version COLLATE api_version_order, id';

const SORT_COLUMNS: ReadonlyMap<string, string> = new Map([
  ['apiname', 'sought_name'],
  ['version', 'version COLLATE api_version_order'],
  ['createdtime', 'created_at'],
  ['status', 'status'],
]);

/** Which APIs are listed, and how. */
interface Listing {
  /** Condition on `apis`. */
  readonly where: string;
  readonly order: string;
  readonly limit: number;
  readonly offset: number;
}

type ListRow = Omit<ApiListItem, 'id'> & {
  readonly total: string;
  /** Null where the page is empty; then nothing but the total is there. */
  readonly id: string | null;
};

/** One page of a search and how many APIs it found, in one statement: what is sought is looked for once, and what is large is read for the page alone. */
export const searchPage = async (
  em: EntityManager,
  parameters: Parameters,
  { where, order, limit, offset }: Listing,
): Promise<{ readonly items: readonly ApiListItem[]; readonly total: number }> => {
  const window = `LIMIT ${parameters.next(limit)} OFFSET ${parameters.next(offset)}`;
  // The index that has the default order lacks these.
  const unusual = ['created_at', 'status'].filter((column) => order.includes(column));
  const rows: readonly ListRow[] = await em.query(
    `WITH hits AS MATERIALIZED (SELECT ${['id', 'sought_name', 'version', ...unusual].join(', ')} FROM apis WHERE ${where}),
       page AS (SELECT id AS page_id, row_number() OVER (ORDER BY ${order}) AS place FROM hits ORDER BY ${order} ${window})
     SELECT counted.total, api.* FROM (SELECT count(*) AS total FROM hits) AS counted LEFT JOIN page ON true
     LEFT JOIN LATERAL (SELECT ${LIST_COLUMNS} FROM apis WHERE id = page_id) AS api ON true ORDER BY place`,
    parameters.values,
  );
  const items = rows.flatMap(({ total: _, id, ...api }) => (id === null ? [] : [{ id, ...api }]));
  return { items, total: Number(rows[0]?.total ?? 0) };
};

/** As {@link searchPage} where nothing is sought: the number is counted, and the page comes out of the index in its order. */
export const listPage = async (
  em: EntityManager,
  parameters: Parameters,
  { where, order, limit, offset }: Listing,
): Promise<{ readonly items: readonly ApiListItem[]; readonly total: number }> => {
  const [counted]: readonly { total: string }[] = await em.query(`SELECT count(*) AS total FROM apis WHERE ${where}`, parameters.values);
  const window = `LIMIT ${parameters.next(limit)} OFFSET ${parameters.next(offset)}`;
  const items: readonly ApiListItem[] = await em.query(
    `SELECT ${LIST_COLUMNS} FROM apis JOIN (
       SELECT id AS page_id, row_number() OVER (ORDER BY ${order}) AS place FROM apis WHERE ${where} ORDER BY ${order} ${window}
     ) AS page ON id = page_id ORDER BY place`,
    parameters.values,
  );
  return { items, total: Number(counted?.total ?? 0) };
};

/** The publisher's list of APIs. */
@Injectable()
export class ApisQueries {
  constructor(private readonly database: DataSource) {}

  /** One page of the APIs the caller may see, and how many there are: a constant number of statements, whatever the size. */
  async list(
    caller: User,
    { kind, query, limit, offset, sortBy, sortOrder }: ApiListQuery,
  ): Promise<{ readonly items: readonly ApiListItem[]; readonly total: number }> {
    const parameters = new Parameters();
    const organization = parameters.next(caller.organization);
    const terms = parseQuery(withoutNul(query));
    const where = [
      `organization = ${organization}`,
      ...(kind === 'any' ? [] : [`type ${kind === 'product' ? '=' : '<>'} '${PRODUCT_TYPE}'`]),
      ...visibleTo(caller, parameters),
      ...terms.map((term) => condition(term, parameters, organization)),
    ].join(' AND ');
    const column = SORT_COLUMNS.get(sortBy?.toLowerCase() ?? 'apiname') ?? 'sought_name';
    const direction = sortOrder?.toLowerCase() === 'desc' ? 'DESC' : 'ASC';
    const order = column === 'sought_name' && direction === 'ASC' ? DEFAULT_ORDER : `${column} ${direction}, ${DEFAULT_ORDER}`;
    const listing = { where, order, limit, offset };
    return terms.length > 0
      ? searching(this.database, terms, (em) => searchPage(em, parameters, listing))
      : listPage(this.database.manager, parameters, listing);
  }

  /** Whether the tenant has an API of this name, in any letter case. */
  async isNameTaken(organization: string, name: string): Promise<boolean> {
    const rows: readonly unknown[] = await this.database.query(
      'SELECT 1 FROM apis WHERE organization = $1 AND lower(name) = lower($2) LIMIT 1',
      [organization, withoutNul(name)],
    );
    return rows.length > 0;
  }
}

/** Postgres has no text with NUL in it, so nothing is found. */
export const withoutNul = (text: string): string => text.replaceAll('\0', '\uFFFD');

/** Owners, administrators and holders of an access role; everybody where an API has no access roles (`reference/publisher.md` §3.4). */
export const visibleTo = (caller: User, parameters: Parameters): readonly string[] => {
  if (isAdmin(caller)) return [];
  const roles = parameters.next(caller.roles.map((role) => role.toLowerCase()));
  return [
    `(cardinality(access_control_roles) = 0 OR provider = ${parameters.next(shownName(caller))} OR access_control_roles && ${roles}::text[])`,
  ];
};

const PLAIN_COLUMNS = {
  name: 'sought_name',
  'display-name': 'sought_display_name',
  provider: 'search_lower(provider)',
  version: 'search_lower(version)',
  contexttemplate: 'sought_template',
  status: 'lower(status)',
  description: 'sought_description',
  type: 'lower(type)',
  vendor: 'sought_vendor',
  thirdparty: 'sought_advertised',
} as const;

/** A term as a condition on `apis`; `organization` is a placeholder. */
export const condition = ({ field, property, values }: SearchTerm, parameters: Parameters, organization: string): string => {
  const patterns = () => parameters.next(values.map(likePattern));
  const words = () => parameters.next(values.map(({ text }) => text.toLowerCase()));
  switch (field) {
    case 'tag':
      return `sought_tags && (SELECT coalesce(array_agg(known.tag), '{}') FROM search_tags AS known
        WHERE known.organization = ${organization} AND known.tag LIKE ANY (${patterns()}::text[]))`;
    case 'api-category':
      return `EXISTS (SELECT 1 FROM unnest(categories) AS category WHERE search_lower(category) = ANY (${words()}::text[]))`;
    case 'label':
      return `EXISTS (SELECT 1 FROM api_labels attached JOIN labels label ON label.id = attached.label_id
        WHERE attached.api_id = apis.id AND lower(label.name) = ANY (${words()}::text[]))`;
    case 'context':
      return `(${values.map((value) => contextCondition(value, parameters)).join(' OR ')})`;
    case 'property':
      return propertyCondition(property, values, '_', parameters);
    case 'content':
    case 'doc': {
      const words = field === 'doc' ? documentsCondition : wordsCondition;
      const found = words(values, organization, (value) => parameters.next(value));
      return `id IN (SELECT texts.api_id FROM search_texts AS texts WHERE texts.organization = ${organization} AND ${found})`;
    }
    default:
      return `${PLAIN_COLUMNS[field]} LIKE ANY (${patterns()}::text[])`;
  }
};

/** A custom property of this name holds one of the values; `displayed` is `y` for one that portals show, `_` for any. */
export const propertyCondition = (name: string, values: SearchTerm['values'], displayed: 'y' | '_', parameters: Parameters): string => {
  const patterns = values.map((value) => `${likeLiteral(name)}\u001f${displayed}\u001f${likePattern(value)}`);
  // Taking the properties of each API apart is slow: those that cannot match are left out first.
  const near = parameters.next(patterns.map((pattern) => `%${pattern}%`));
  return `(array_to_string(sought_properties, E'\\x1e') LIKE ANY (${near}::text[])
    AND EXISTS (SELECT 1 FROM unnest(sought_properties) AS property WHERE property LIKE ANY (${parameters.next(patterns)}::text[])))`;
};

/** A value with a parameter is looked for in the template; a quoted one must be whole segments. */
const contextCondition = (value: SearchTerm['values'][number], parameters: Parameters): string => {
  const column = value.text.includes('{') ? 'sought_template' : 'sought_context';
  if (!value.exact) return `${column} LIKE ${parameters.next(likePattern(value))}`;
  const segments = value.text.replace(/^\/|\/$/g, '');
  const pattern = likePattern({ text: `/${segments}/`, exact: false });
  return `${column} || '/' LIKE ${parameters.next(pattern)}`;
};
