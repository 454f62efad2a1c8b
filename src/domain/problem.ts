/** One further finding beside the first one of a {@link Problem}. Codes are numbers, or `400_<path>` for broken constraints. */
export interface Finding {
  readonly code: string | number;
  readonly message: string;
  readonly description?: string;
}

/** What a caller did wrong or may not do, in the words of the wire (`reference/error-codes.md`). The HTTP edge alone renders it. */
export class Problem extends Error {
  override readonly name = 'Problem';
  moreInfo = '';
  findings: readonly Finding[] = [];
  headers: Readonly<Record<string, string>> = {};
  /** Sent as text, the description alone: the form of a few refusals (`reference/error-codes.md` §6). */
  isPlainText = false;

  constructor(
    readonly status: number,
    readonly code: number,
    readonly title: string,
    readonly description: string,
  ) {
    super(`${code} ${description || title}`);
  }

  /** The same problem as text instead of an error object. */
  asPlainText(): this {
    this.isPlainText = true;
    return this;
  }

  /** The same problem with all its findings listed. */
  withFindings(findings: readonly Finding[]): this {
    this.findings = findings;
    return this;
  }
}

export type ProblemKind = ((...args: readonly (string | number)[]) => Problem) & { readonly code: number; readonly status: number };

/**
 * Declares a kind of problem. `%s` and `%d` are filled from the arguments in order, first in the message, then in the description;
 * without arguments the template stays as it is (`reference/error-codes.md` §2).
 */
export const problem = (status: number, code: number, title: string, description = ''): ProblemKind => {
  const kind = (...args: readonly (string | number)[]) => {
    const rest = [...args];
    const filled = (text: string) => text.replace(/%[sd]/g, (placeholder) => (rest.length > 0 ? String(rest.shift()) : placeholder));
    return new Problem(status, code, filled(title), filled(description));
  };
  return Object.assign(kind, { code, status });
};

/** 404 in the form most operations use: `Requested API with Id '…' not found`. */
export const NotFound = (what: string): ProblemKind => problem(404, 404, 'Not Found', `Requested ${what} with Id '%s' not found`);
export const BadRequest = problem(400, 400, 'Bad Request', '%s');
export const Forbidden = problem(403, 403, 'Forbidden', '%s');
export const Conflict = problem(409, 409, 'Conflict', '%s');
export const AlreadyExists = problem(409, 409, 'Resource Already Exists', '%s');
export const PreconditionFailed = problem(412, 412, 'Precondition Failed', '%s');
/** The one answer to a missing, wrong or insufficient credential on the management APIs. */
export const Unauthenticated = problem(401, 401, '', 'Unauthenticated request');

/** Returns the value, or throws the problem when there is none. */
export const found = <T>(value: T | null | undefined, kind: ProblemKind, ...args: readonly (string | number)[]): T => {
  if (value === null || value === undefined) throw kind(...args);
  return value;
};
