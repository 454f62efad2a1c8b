import { DefinitionError } from './message.js';
import { XmlWriter } from './template-context.js';
import { type Operation, type Part, parseParts } from './template-syntax.js';
import { applyFilter, compareValues, isTrue, memberOf, printed } from './template-values.js';

/** A policy's template, read once and rendered for each place where the policy is attached. */
export interface Template {
  /** The XML with these parameters. @throws DefinitionError with the line when a value cannot stay where it is put, or the result grows beyond 1 MiB. */
  render(parameters: Readonly<Record<string, unknown>>): string;
  /**
   * The XML with neutral values for what the defaults do not name, so often that each branch of every `{% if %}` is in one of the texts at least and each loop
   * runs once: what can be compiled before the policy is attached (`reference/mediation.md` §9.2).
   */
  variants(defaults: Readonly<Record<string, unknown>>): readonly string[];
}

const TEXT_MAX = 1024 * 1024;
const ROUNDS_MAX = 100_000;
const NEUTRAL = 'neutral';

/**
 * Reads the template of a policy (`reference/mediation.md` §1.3, §1.4): a small part of Jinja.
 *
 * | construct | known |
 * |---|---|
 * | `{{ … }}`, `{# … #}`, `{% if %}` with `elif` and `else`, `{% for x in list %}` with `loop.index`, `{% set %}`, `{% raw %}`, `{%-` and `-%}` | yes |
 * | `==`, `!=`, `<`, `<=`, `>`, `>=`, `and`, `or`, `not`, `in`, `is defined`, `is none`, `a.b`, `a['b']`, `a[0]`, texts, numbers, lists | yes |
 * | the filters default, lower, upper, trim, replace, length, join, escape, e, int, tojson, split | yes |
 * | other tags, filters and tests, calls, arithmetic, names of prototypes | refused |
 *
 * False are `false`, none, undefined, `0`, empty text, the text `false` in any letter case, and an empty list. Values are never rendered again, and are
 * written so that they cannot leave their place (`XmlWriter`).
 *
 * @throws DefinitionError with the line.
 */
export const parseTemplate = (source: string): Template => {
  const parts = parseParts(source);
  const branches = branchesOf(parts);
  return {
    render: (parameters) => new Rendering(parameters, undefined).run(parts),
    variants: (defaults) => [...new Set(Array.from({ length: branches }, (_, index) => new Rendering(defaults, index).run(parts)))],
  };
};

/** How many texts are needed for each branch to be in one of them. */
const branchesOf = (parts: readonly Part[]): number =>
  parts.reduce((most, part) => {
    if (part.kind === 'for') return Math.max(most, branchesOf(part.parts));
    if (part.kind !== 'if') return most;
    // Within a branch the same number chooses again: with this many texts each pair of branches is reached.
    const inner = Math.max(branchesOf(part.otherwise), ...part.branches.map((branch) => branchesOf(branch.parts)));
    return Math.max(most, Math.min((part.branches.length + 1) * inner, 256));
  }, 1);

class Rendering {
  private readonly writer = new XmlWriter(TEXT_MAX);
  private readonly values: Map<string, unknown>;
  private rounds = 0;

  constructor(
    parameters: Readonly<Record<string, unknown>>,
    /** The number of the variant; undefined for the real parameters. */
    private readonly variant: number | undefined,
  ) {
    this.values = new Map(Object.entries(parameters));
  }

  run(parts: readonly Part[]): string {
    this.parts(parts, this.variant ?? 0);
    return this.writer.toString();
  }

  private parts(parts: readonly Part[], variant: number): void {
    for (const part of parts) this.part(part, variant);
  }

  private part(part: Part, variant: number): void {
    switch (part.kind) {
      case 'text':
        this.writer.literal(part.text);
        return;
      case 'print':
        this.writer.value(printed(this.evaluate(part.operation)), part.line);
        return;
      case 'set':
        this.values.set(part.name, this.evaluate(part.operation));
        return;
      case 'if':
        this.branch(part, variant);
        return;
      case 'for':
        this.loop(part, variant);
    }
  }

  private branch({ branches, otherwise }: Extract<Part, { kind: 'if' }>, variant: number): void {
    if (this.variant !== undefined) {
      const count = branches.length + 1;
      this.parts(branches[variant % count]?.parts ?? otherwise, Math.floor(variant / count));
      return;
    }
    this.parts(branches.find(({ condition }) => isTrue(this.evaluate(condition)))?.parts ?? otherwise, variant);
  }

  private loop({ name, list, parts }: Extract<Part, { kind: 'for' }>, variant: number): void {
    const value = this.evaluate(list);
    const found = Array.isArray(value) ? value : typeof value === 'object' && value !== null ? Object.keys(value) : [];
    const items: readonly unknown[] = this.variant !== undefined && found.length === 0 ? [NEUTRAL] : found;
    const outer = [this.values.get(name), this.values.get('loop')];
    items.forEach((item, index) => {
      this.rounds += 1;
      if (this.rounds > ROUNDS_MAX) throw new DefinitionError(`the template goes through its loops more than ${ROUNDS_MAX} times`);
      this.values.set(name, item);
      this.values.set('loop', {
        index: index + 1,
        index0: index,
        first: index === 0,
        last: index === items.length - 1,
        length: items.length,
      });
      this.parts(parts, variant);
    });
    this.values.set(name, outer[0]);
    this.values.set('loop', outer[1]);
  }

  private evaluate(operation: Operation): unknown {
    switch (operation.kind) {
      case 'literal':
        return operation.value;
      case 'list':
        return operation.items.map((item) => this.evaluate(item));
      case 'name':
        return this.known(this.values.get(operation.name));
      case 'member':
        return this.known(memberOf(this.evaluate(operation.of), this.evaluate(operation.key)));
      case 'filter':
        return applyFilter(
          operation.filter,
          this.evaluate(operation.of),
          operation.args.map((arg) => this.evaluate(arg)),
        );
      case 'not':
        return !isTrue(this.evaluate(operation.of));
      case 'negative':
        return -Number(this.evaluate(operation.of));
      case 'and':
        return this.shortened(operation, false);
      case 'or':
        return this.shortened(operation, true);
      case 'test': {
        const value = this.evaluate(operation.of);
        return operation.test === 'defined' ? value !== undefined : value === null;
      }
      case 'compare':
        return compareValues(operation.operator, this.evaluate(operation.left), this.evaluate(operation.right));
    }
  }

  private shortened({ left, right }: { readonly left: Operation; readonly right: Operation }, endsWith: boolean): unknown {
    const value = this.evaluate(left);
    return isTrue(value) === endsWith ? value : this.evaluate(right);
  }

  private known(value: unknown): unknown {
    return value === undefined && this.variant !== undefined ? NEUTRAL : value;
  }
}
