import { parseFilter, type Term } from './filter-expression.js';
import { InvalidFilter, UnknownFilterAttribute } from './scim.problems.js';

/** How an attribute is compared in SQL: one of several texts, a date, or a set of rows. */
export type Comparable =
  | { readonly kind: 'text'; readonly expressions: readonly string[] }
  | { readonly kind: 'date'; readonly expression: string }
  /** A subquery that is true when a row matches; `?` stands for the comparison of `of`. */
  | { readonly kind: 'rows'; readonly of: string; readonly exists: string };

/** Finds what an attribute path compares with; undefined for an unknown one. */
export type Comparables = (path: string) => Comparable | undefined;

const PATTERNS: Readonly<Record<string, (value: string) => string>> = {
  sw: (value) => `${value}%`,
  ew: (value) => `%${value}`,
  co: (value) => `%${value}%`,
};
const DATE_OPERATORS: Readonly<Record<string, string>> = { eq: '=', gt: '>', ge: '>=', lt: '<', le: '<=' };

/** SQL conditions with their parameters, numbered on from those that come before. */
export class SqlConditions {
  readonly parameters: unknown[];
  private readonly conditions: string[];

  constructor(condition: string, parameters: readonly unknown[]) {
    this.conditions = [condition];
    this.parameters = [...parameters];
  }

  /** Adds a filter's terms. @throws InvalidFilter, UnknownFilterAttribute (400). */
  filter(text: string | undefined, comparables: Comparables, operators: { readonly ne: boolean } = { ne: false }): this {
    if (text === undefined || text.trim() === '') return this;
    for (const term of parseFilter(text)) {
      const comparable = comparables(term.path);
      if (!comparable) throw UnknownFilterAttribute(`The attribute ${term.path} cannot be filtered by.`);
      if (term.operator === 'ne' && !operators.ne) throw InvalidFilter('The filter operator ne is not supported.');
      this.conditions.push(this.condition(term, comparable));
    }
    return this;
  }

  toString(): string {
    return this.conditions.join(' AND ');
  }

  private condition(term: Term, comparable: Comparable): string {
    if (comparable.kind === 'date') return this.dateCondition(term, comparable.expression);
    if (comparable.kind === 'rows') return comparable.exists.replace('?', this.textCondition(term, [comparable.of]));
    return this.textCondition(term, comparable.expressions);
  }

  private dateCondition({ operator, value, path }: Term, expression: string): string {
    const sign = DATE_OPERATORS[operator];
    const date = new Date(value);
    if (!sign || Number.isNaN(date.getTime())) throw InvalidFilter(`The filter ${path} ${operator} ${value} is not supported.`);
    return `${expression} ${sign} $${this.parameters.push(date)}`;
  }

  private textCondition({ operator, value, path }: Term, expressions: readonly string[]): string {
    const comparison = this.comparison(operator, value, path);
    return `(${expressions.map((expression) => `lower(${expression}) ${comparison}`).join(' OR ')})`;
  }

  private comparison(operator: string, value: string, path: string): string {
    if (operator === 'eq') return `= lower($${this.parameters.push(value)})`;
    if (operator === 'ne') return `<> lower($${this.parameters.push(value)})`;
    const pattern = PATTERNS[operator];
    if (!pattern) throw InvalidFilter(`The filter operator ${operator} is not supported for ${path}.`);
    const escaped = value.replace(/[\\%_]/g, (sign) => `\\${sign}`);
    return `LIKE lower($${this.parameters.push(pattern(escaped))})`;
  }
}
