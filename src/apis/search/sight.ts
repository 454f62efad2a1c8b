import type { User } from '../../domain/user.js';
import type { SearchTerm } from '../api-query.js';
import { condition, type Parameters, visibleTo } from '../apis.queries.js';
import { textsCondition } from './word-conditions.js';

/** What somebody may find in a tenant, and by what, as conditions of a statement. `organization` is the placeholder of the tenant. */
export interface Sight {
  readonly organization: string;
  /** Conditions on `apis` beside that of the tenant. */
  apis(parameters: Parameters, organization: string): readonly string[];
  /** A term as a condition on `apis`. */
  term(term: SearchTerm, parameters: Parameters, organization: string): string;
  /** Conditions on `search_texts AS texts` beside that of the tenant and that on the API. */
  texts(terms: readonly SearchTerm[], parameters: Parameters, organization: string): readonly string[];
}

/** Whether a term looks for words: its condition is one on texts. */
export const isWords = ({ field }: SearchTerm): boolean => field === 'content' || field === 'doc';

/** The publisher's: what the access-control roles of an API leave open, in any state and with all that is said about it. */
export const publisherSight = (caller: User): Sight => ({
  organization: caller.organization,
  apis: (parameters) => visibleTo(caller, parameters),
  term: condition,
  texts: (terms, parameters, organization) => terms.map((term) => textsCondition(term, organization, (value) => parameters.next(value))),
});
