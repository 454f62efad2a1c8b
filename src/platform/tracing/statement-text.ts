import type { Span } from './span.js';

const TEXT_MAX = 2_000;
const KNOWN_MAX = 1_000;
/** Literals, in the ways Postgres lets one write them. Statements are written by us and take values as parameters; what stands in them is taken out all the same. */
const LITERAL = /\$(\w*)\$[\s\S]*?\$\1\$|'(?:[^']|'')*'|(?<![\w$."])\d+(?:\.\d+)?\b/g;
const TABLE = /\b(?:FROM|INTO|UPDATE)\s+(?:ONLY\s+)?"?([a-z_][\w$]*)"?/i;
const VERB = /^\s*\(?\s*([a-z]+)/i;

export interface StatementFacts {
  /** As OpenTelemetry has it: what is done, and to which table. */
  readonly name: string;
  readonly attributes: Span['attributes'];
}

const known = new Map<string, StatementFacts>();

/** What a span says of a statement: its text without any value, and no more of it than fits. Remembered, as the same statements come again and again. */
export const statementFacts = (text: string): StatementFacts => {
  const before = known.get(text);
  if (before !== undefined) return before;
  const facts = factsOf(text);
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(text, facts);
  return facts;
};

const factsOf = (text: string): StatementFacts => {
  // Cut before it is looked at, so that no statement is too long for that; half a literal at the end goes as well.
  const cut = text.slice(0, TEXT_MAX * 2);
  const verb = (VERB.exec(cut)?.[1] ?? 'SQL').toUpperCase();
  const table = TABLE.exec(cut)?.[1];
  const plain = cut
    .replaceAll(LITERAL, '?')
    .replace(/'[^']*$/, '?')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, TEXT_MAX);
  return {
    name: table === undefined ? verb : `${verb} ${table}`,
    attributes: {
      'db.system.name': 'postgresql',
      'db.operation.name': verb,
      ...(table !== undefined && { 'db.collection.name': table }),
      'db.query.text': plain,
    },
  };
};
