import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import type { Application } from '../domain/application.js';
import type { Standing } from '../domain/application-sharing.js';
import type { UserName } from '../domain/organization.js';
import { BadRequest } from '../domain/problem.js';
import { ApplicationEntity } from './application.entity.js';

const SORT_COLUMNS = {
  name: 'lower(application.name)',
  throttlingPolicy: 'application.throttling_policy',
  status: 'application.status',
} as const;
type SortBy = keyof typeof SORT_COLUMNS;
const SORT_ORDERS = { asc: 'ASC', desc: 'DESC' } as const;

export interface ApplicationsQuery {
  readonly limit: number;
  readonly offset: number;
  /** A part of the name, in any letter case. */
  readonly name: string;
  /** Of what others share, that with this group alone; empty for everything. */
  readonly groupId: string;
  readonly sortBy: SortBy;
  readonly sortOrder: keyof typeof SORT_ORDERS;
}

const isKey = <T extends object>(object: T, text: string): text is Extract<keyof T, string> => Object.hasOwn(object, text);

/** Reads the sort parameters of the wire; left out or empty they mean the name, ascending. @throws BadRequest (400) for any other word. */
export const sortingOf = (sortBy = '', sortOrder = ''): Pick<ApplicationsQuery, 'sortBy' | 'sortOrder'> => {
  const column = sortBy || 'name';
  const order = sortOrder || 'asc';
  if (!isKey(SORT_COLUMNS, column)) throw BadRequest('Invalid value for the query parameter sortBy');
  if (!isKey(SORT_ORDERS, order)) throw BadRequest('Invalid value for the query parameter sortOrder');
  return { sortBy: column, sortOrder: order };
};

/** Makes a text match itself inside a LIKE pattern. */
const literal = (text: string) => text.replace(/[\\%_]/g, '\\$&');

/** The pattern of a LIKE that finds what contains a text; empty for an empty one. */
export const containing = (text: string): string => (text === '' ? '' : `%${literal(text)}%`);

/** The condition on `application` that a user may use it, with its parameters. */
export const usableBy = (owner: string, { groups, consumerOrganization }: Standing): readonly [condition: string, parameters: object] => [
  `(application.owner = :owner OR application.groups && CAST(:groups AS text[])
    OR (application.visibility = 'SHARED_WITH_ORG' AND application.consumer_organization = :consumerOrganization AND :consumerOrganization <> ''))`,
  { owner, groups, consumerOrganization },
];

/** What of a standing the group gives. */
export const limitedTo = (groupId: string, standing: Standing): Standing =>
  groupId === '' ? standing : { groups: standing.groups.filter((group) => group === groupId), consumerOrganization: '' };

/** The list of a user's applications: two statements, whatever their number. */
@Injectable()
export class ApplicationsQueries {
  constructor(@InjectRepository(ApplicationEntity) private readonly applications: Repository<ApplicationEntity>) {}

  /** A page of the applications that the user owns or others share with the user. */
  async usable(
    { organization, name: owner }: UserName,
    standing: Standing,
    query: ApplicationsQuery,
  ): Promise<{ readonly items: readonly Application[]; readonly total: number }> {
    // Postgres has no zero bytes, so no name holds one.
    if (query.name.includes('\0')) return { items: [], total: 0 };
    const statement = this.applications
      .createQueryBuilder('application')
      .where('application.organization = :organization', { organization })
      .andWhere(...usableBy(owner, limitedTo(query.groupId, standing)));
    if (query.name !== '') statement.andWhere('application.name ILIKE :pattern', { pattern: containing(query.name) });
    const total = await statement.getCount();
    const items = await statement
      .orderBy(SORT_COLUMNS[query.sortBy], SORT_ORDERS[query.sortOrder])
      .addOrderBy('application.id')
      .limit(query.limit)
      .offset(query.offset)
      .getMany();
    return { items, total };
  }
}
