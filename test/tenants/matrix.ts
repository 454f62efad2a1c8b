import type { RequestOptions } from '../support/client.js';
import type { Ids } from './furnished-tenant.js';

/** How an operation is tried; what is left out is worked out from its route. */
export interface Cell {
  /** Which id stands for a parameter, where it is not the one of that name. */
  readonly path?: Readonly<Record<string, string>>;
  /** What the request has besides its path. A PUT without it sends what a GET of the same path answers to the owner. */
  readonly with?: (its: Ids) => RequestOptions | Promise<RequestOptions>;
  /** Statuses of the refusal; 404 unless given. */
  readonly refused?: readonly number[];
  /** What the refusal says, where its status is a success. */
  readonly says?: string;
  /** Statuses that the owner may get besides successes, with the reason. */
  readonly own?: readonly [number, string];
  /** Names nothing of anybody: answers others too, and says nothing of the tenant. */
  readonly isList?: boolean;
  /** Why the owner's own list holds nothing that is marked. */
  readonly unmarked?: string;
  /** Ids that the answer may tell everybody, with the reason. */
  readonly tells?: readonly [readonly string[], string];
  /** The body or the query names things of the tenant too, which must not be let into what is another's: statuses of that refusal. */
  readonly mixes?: readonly number[];
  /** Why the super tenant's administrators are let in. */
  readonly superMay?: string;
}

/** By the name of a route; a text is the reason why the operation is not tried. */
export type Table = Readonly<Record<string, Cell | string>>;

export const OWN_ONLY = 'names nothing: it makes, reads or changes what is the caller’s own';
export const TEXT_ONLY = 'looks at nothing but what is sent';

/** What the caller's own claims say. */
export const ORGANIZATION: Cell = { unmarked: 'the administrator is of no consumer organization' };

/** Values of parameters that are no ids. */
export const WORDS: Readonly<Record<string, string>> = {
  keyType: 'PRODUCTION',
  policyLevel: 'subscription',
  language: 'typescript',
  type: 'PRODUCTION',
  envName: 'Default',
};

/** The table with the face in front of every operation. */
export const of = (face: string, table: Table): Table =>
  Object.fromEntries(Object.entries(table).map(([operation, cell]) => [`${face} ${operation}`, cell]));
