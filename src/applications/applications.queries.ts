import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import type { Application } from '../domain/application.js';
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

/** The list of a user's applications: two statements, whatever their number. */
@Injectable()
export class ApplicationsQueries {
  constructor(@InjectRepository(ApplicationEntity) private readonly applications: Repository<ApplicationEntity>) {}

  async owned(
    organization: string,
    owner: string,
    query: ApplicationsQuery,
  ): Promise<{ readonly items: readonly Application[]; readonly total: number }> {
    // Postgres has no zero bytes, so no name holds one.
    if (query.name.includes('\0')) return { items: [], total: 0 };
    const statement = this.applications
      .createQueryBuilder('application')
      .where('application.organization = :organization AND application.owner = :owner', { organization, owner });
    if (query.name !== '') statement.andWhere('application.name ILIKE :pattern', { pattern: `%${literal(query.name)}%` });
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
