import type { IToken } from 'chevrotain';

/** Where something stands in a query, counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A query that is not one, and where. */
export class QueryError extends Error {
  constructor(
    readonly place: Place,
    readonly reason: string,
  ) {
    super(`line ${place.line}, column ${place.column}: ${reason}`);
  }
}

export const placeOf = ({ startLine, startColumn }: IToken): Place => ({ line: startLine ?? 1, column: startColumn ?? 1 });
