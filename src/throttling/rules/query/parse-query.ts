import { type IToken, Lexer } from 'chevrotain';
import { type Place, placeOf, QueryError } from './query-error.js';
import { QueryGrammar } from './query-grammar.js';
import type { WrittenRule } from './query-tree.js';
import { Close, Open, TOKENS } from './tokens.js';

const LENGTH_MAX = 20_000;
const TOKENS_MAX = 2_000;
const DEPTH_MAX = 50;

interface Tools {
  readonly lexer: Lexer;
  readonly grammar: QueryGrammar;
}

/** Made with the first query. */
let tools: Tools | undefined;

/** Reads the queries of a rule. @throws QueryError that says where they stop making sense and what belongs there. */
export const parseQuery = (text: string): WrittenRule => {
  if (text.length > LENGTH_MAX) throw new QueryError({ line: 1, column: 1 }, `a query may have ${LENGTH_MAX} characters at most`);
  tools ??= { lexer: new Lexer(TOKENS), grammar: new QueryGrammar() };
  const { tokens, errors } = tools.lexer.tokenize(text);
  const [unread] = errors;
  if (unread !== undefined) throw unreadable(text, unread);
  checkSize(tokens);
  const { grammar } = tools;
  grammar.input = tokens;
  const rule = grammar.rule();
  const [error] = grammar.errors;
  if (error !== undefined) throw new QueryError(isReal(error.token) ? placeOf(error.token) : endOf(text), error.message);
  return rule;
};

/** The end of the input is a token that stands nowhere. */
const isReal = ({ image, startLine }: IToken): boolean => image !== '' && startLine !== undefined && startLine > 0;

const unreadable = (text: string, { line, column, offset }: { line?: number; column?: number; offset: number }): QueryError => {
  const [character = ''] = text.slice(offset);
  const what =
    character === "'" || character === '"' ? 'a text in quotes does not end in its line' : `the character ${character} means nothing here`;
  return new QueryError({ line: line ?? 1, column: column ?? 1 }, what);
};

/** What is nested or long beyond reason is refused before anything descends into it. */
const checkSize = (tokens: readonly IToken[]): void => {
  const beyond = tokens[TOKENS_MAX];
  if (beyond !== undefined) throw new QueryError(placeOf(beyond), `a query may have ${TOKENS_MAX} words and signs at most`);
  let depth = 0;
  for (const token of tokens) {
    if (token.tokenType === Open) depth += 1;
    if (token.tokenType === Close) depth -= 1;
    if (depth > DEPTH_MAX) throw new QueryError(placeOf(token), `a query may be nested ${DEPTH_MAX} deep at most`);
  }
};

const endOf = (text: string): Place => {
  const lines = text.trimEnd().split('\n');
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
};
