import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Api, ApiDetails } from '../domain/api.js';
import { shownName } from '../domain/organization.js';
import { isAdmin, type User } from '../domain/user.js';
import { likePattern, parseQuery, type SearchTerm } from './api-query.js';

/** An API as lists show it: without what makes it large. */
export type ApiListItem = Omit<Api, 'details'> & {
  readonly details: Omit<ApiDetails, 'operations' | 'scopes' | 'endpointConfig' | 'corsConfiguration' | 'apiPolicies'>;
};

export interface ApiListQuery {
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

const SORT_COLUMNS: Readonly<Record<string, string>> = {
  apiname: 'lower(name)',
  version: 'version',
  createdtime: 'created_at',
  status: 'status',
};

/** The publisher's list of APIs. */
@Injectable()
export class ApisQueries {
  constructor(private readonly database: DataSource) {}

  /** One page of the APIs the caller may see, and how many there are: two statements, whatever the size. */
  async list(
    caller: User,
    { query, limit, offset, sortBy, sortOrder }: ApiListQuery,
  ): Promise<{ readonly items: readonly ApiListItem[]; readonly total: number }> {
    const parameters = new Parameters();
    const where = [
      `organization = ${parameters.next(caller.organization)}`,
      ...visibleTo(caller, parameters),
      ...parseQuery(withoutNul(query)).map((term) => condition(term, parameters)),
    ].join(' AND ');
    const [counted]: readonly { total: string }[] = await this.database.query(
      `SELECT count(*) AS total FROM apis WHERE ${where}`,
      parameters.values,
    );
    const order = SORT_COLUMNS[sortBy?.toLowerCase() ?? 'apiname'] ?? 'lower(name)';
    const direction = sortOrder?.toLowerCase() === 'desc' ? 'DESC' : 'ASC';
    const page = `LIMIT ${parameters.next(limit)} OFFSET ${parameters.next(offset)}`;
    const items: readonly ApiListItem[] = await this.database.query(
      `SELECT ${LIST_COLUMNS} FROM apis WHERE ${where} ORDER BY ${order} ${direction}, lower(name), version, id ${page}`,
      parameters.values,
    );
    return { items, total: Number(counted?.total ?? 0) };
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
const visibleTo = (caller: User, parameters: Parameters): readonly string[] => {
  if (isAdmin(caller)) return [];
  const roles = parameters.next(caller.roles.map((role) => role.toLowerCase()));
  return [
    `(cardinality(access_control_roles) = 0 OR provider = ${parameters.next(shownName(caller))} OR access_control_roles && ${roles}::text[])`,
  ];
};

const PLAIN_COLUMNS = {
  name: 'name',
  'display-name': "details ->> 'displayName'",
  provider: 'provider',
  version: 'version',
  status: 'status',
  description: "details ->> 'description'",
  type: 'type',
  vendor: "details ->> 'gatewayVendor'",
  thirdparty: "details -> 'advertiseInfo' ->> 'advertised'",
} as const;

export const condition = ({ field, property, values }: SearchTerm, parameters: Parameters): string => {
  const patterns = () => parameters.next(values.map(likePattern));
  const words = () => parameters.next(values.map(({ text }) => text.toLowerCase()));
  switch (field) {
    case 'tag':
      return `EXISTS (SELECT 1 FROM unnest(tags) AS tag WHERE lower(tag) LIKE ANY (${patterns()}::text[]))`;
    case 'api-category':
      return `EXISTS (SELECT 1 FROM unnest(categories) AS category WHERE lower(category) = ANY (${words()}::text[]))`;
    case 'label':
      // No API has labels yet.
      return 'false';
    case 'context':
      return `(${values.map((value) => contextCondition(value, parameters)).join(' OR ')})`;
    case 'property':
      return `EXISTS (SELECT 1 FROM jsonb_array_elements(details -> 'additionalProperties') AS property
        WHERE lower(property ->> 'name') = ${parameters.next(property.toLowerCase())} AND lower(property ->> 'value') LIKE ANY (${patterns()}::text[]))`;
    default:
      return `lower(${PLAIN_COLUMNS[field]}) LIKE ANY (${patterns()}::text[])`;
  }
};

/** A value with a parameter is looked for in the template; a quoted one must be whole segments. */
const contextCondition = (value: SearchTerm['values'][number], parameters: Parameters): string => {
  const column = value.text.includes('{')
    ? 'context_template'
    : "CASE WHEN organization = 'carbon.super' THEN context ELSE '/t/' || organization || context END";
  if (!value.exact) return `lower(${column}) LIKE ${parameters.next(likePattern(value))}`;
  const segments = value.text.replace(/^\/|\/$/g, '');
  const pattern = likePattern({ text: `/${segments}/`, exact: false });
  return `lower(${column}) || '/' LIKE ${parameters.next(pattern)}`;
};
