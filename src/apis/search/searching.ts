import { type DataSource, type EntityManager, QueryFailedError } from 'typeorm';
import { BadRequest } from '../../domain/problem.js';
import type { SearchTerm } from '../api-query.js';

/** How long one statement of a search may take: what a tenant's visitors look for is to cost nobody else their answers. */
const TIMEOUT_MS = 10_000;

export const SearchTooBroad = () => BadRequest('The search takes too long: look for fewer words, or for words with fewer wildcards.');

/** Postgres: the statement was cancelled, here because its time was up. */
const QUERY_CANCELED = '57014';

/**
 * Runs the statements of one search in a transaction. It keeps the planner from reading the words of every text where one of them is common: it does not
 * know that they are stored out of line. @throws SearchTooBroad (400).
 */
export const searching = async <T>(
  database: DataSource,
  terms: readonly SearchTerm[],
  search: (em: EntityManager) => Promise<T>,
): Promise<T> => {
  const seeksWords = terms.some(({ field }) => field === 'content' || field === 'doc');
  try {
    return await database.transaction(async (em) => {
      await em.query(`SET LOCAL statement_timeout = ${TIMEOUT_MS}${seeksWords ? '; SET LOCAL enable_seqscan = off' : ''}`);
      return search(em);
    });
  } catch (err) {
    if (err instanceof QueryFailedError && (err.driverError as { code?: string }).code === QUERY_CANCELED) throw SearchTooBroad(); // as pg sends it
    throw err;
  }
};
