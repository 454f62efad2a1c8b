import type { Scripts } from '../scripts/script.js';
import { compileDynamic, compileExpression } from './expression.js';
import type { FlowMessage, Step } from './flow-message.js';
import { inOrder } from './flow-message.js';
import { type JavaPattern, javaPattern } from './java-pattern.js';
import { DefinitionError, type Expression, type Message } from './message.js';
import { type PolicyElement, SYNAPSE_NAMESPACE } from './read-document.js';

/** What carries a definition: a policy, a sequence in place of a backend, or a sequence of a SOAP-to-REST resource. */
export type Carrier = 'policy' | 'backend' | 'resource';

/** Makes one mediator ready to run. @throws DefinitionError. */
export type MediatorCompiler = (element: PolicyElement, compiler: Compiler) => Step;

const NESTING_MAX = 32;

/** Compiles the mediators of one definition, and notes what running them needs. */
export class Compiler {
  /** Whether the body has to be there, or its length. */
  usesPayload = false;
  usesLength = false;
  /** Whether it may send the request elsewhere. */
  sends = false;
  private depth = 0;

  constructor(
    readonly carrier: Carrier,
    private readonly compilerFor: (element: PolicyElement, compiler: Compiler) => MediatorCompiler,
    /** Null where a definition is only checked. */
    readonly scripts: Scripts | null,
    /** Whether the server tells backends who calls. */
    readonly hasBackendJwts: boolean,
  ) {}

  list(elements: readonly PolicyElement[]): Step {
    return inOrder(elements.map((element) => this.one(element)));
  }

  one(element: PolicyElement): Step {
    if (element.namespace !== SYNAPSE_NAMESPACE) this.refuse(element, `it is in the namespace '${element.namespace}' and no mediator`);
    if (this.depth === NESTING_MAX) this.refuse(element, `mediators are nested more than ${NESTING_MAX} deep`);
    this.depth += 1;
    const step = this.compilerFor(element, this)(element, this);
    this.depth -= 1;
    return (message: FlowMessage) => {
      message.count();
      return step(message);
    };
  }

  refuse(element: PolicyElement, reason: string): never {
    throw new DefinitionError(reason, element.name, element.line);
  }

  /** Refuses children that the mediator does not know. */
  onlyChildren(element: PolicyElement, ...names: readonly string[]): void {
    for (const child of element.children)
      if (!names.includes(child.name)) this.refuse(child, `'${child.name}' is not known in ${element.name}`);
  }

  attribute(element: PolicyElement, name: string): string {
    const value = element.attributes.get(name);
    return value === undefined || value === '' ? this.refuse(element, `the attribute '${name}' is missing`) : value;
  }

  /** One of a few words, by any letter case. */
  oneOf<T extends string>(element: PolicyElement, name: string, words: readonly T[], usual: T): T {
    const value = element.attributes.get(name);
    if (value === undefined) return usual;
    return (
      words.find((word) => word.toLowerCase() === value.trim().toLowerCase()) ??
      this.refuse(element, `'${value}' is no ${name}; use one of ${words.join(', ')}`)
    );
  }

  /** The expression of an attribute. */
  expression(element: PolicyElement, name: string): Expression {
    return this.expressionOf(element, this.attribute(element, name));
  }

  expressionOf(element: PolicyElement, text: string): Expression {
    const expression = this.placed(element, () => compileExpression(text, element.namespaces));
    if (expression.usesPayload) this.usesPayload = true;
    return expression;
  }

  /** An attribute that is a text, or an expression in braces. */
  dynamic(element: PolicyElement, text: string): (message: Message) => string {
    const compiled = this.placed(element, () => compileDynamic(text, element.namespaces));
    if (compiled.usesPayload) this.usesPayload = true;
    return (message) => compiled.text(message);
  }

  /** An inline text: an expression in braces as a whole, or what stands there. Braces around anything with quotes are JSON. */
  inline(element: PolicyElement): (message: Message) => string {
    const text = element.text.trim();
    return /^\{[^"{}]+\}$/.test(text) || /^\$?\{\$?[\w({$]/.test(text) ? this.dynamic(element, text) : () => text;
  }

  pattern(element: PolicyElement, text: string): JavaPattern {
    return this.placed(element, () => javaPattern(text));
  }

  /** A mistake in a part of an element is told with the element's place. */
  placed<T>(element: PolicyElement, compile: () => T): T {
    try {
      return compile();
    } catch (err) {
      if (!(err instanceof DefinitionError) || err.element !== null) throw err;
      throw new DefinitionError(err.reason, element.name, element.line);
    }
  }
}
