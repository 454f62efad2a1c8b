import { DefinitionError, MediationError, type Message, type Value, XmlValue } from './message.js';
import { textOfValue, unwrapped, usesPayload } from './xpath-direct.js';
import { propertyOf, TEXT_FUNCTIONS } from './xpath-functions.js';
import {
  type Context,
  type NodeSet,
  type StepSyntax,
  type Syntax,
  XBoolean,
  XNodeSet,
  XNumber,
  XString,
  type XValue,
} from './xpath-library.js';
import { readVariable } from './xpath-variables.js';

/** What names mean where the expression stands. */
export interface Names {
  readonly source: string;
  readonly namespaces: ReadonlyMap<string, string>;
}

/** XPath 1.0's functions: how many arguments at least and at most, and whether without any they are about the context node. */
const CORE: ReadonlyMap<string, readonly [least: number, most: number, readsContext?: boolean]> = new Map([
  ['last', [0, 0]],
  ['position', [0, 0]],
  ['count', [1, 1]],
  ['id', [1, 1, true]],
  ['local-name', [0, 1, true]],
  ['namespace-uri', [0, 1, true]],
  ['name', [0, 1, true]],
  ['string', [0, 1, true]],
  ['concat', [2, 1000]],
  ['starts-with', [2, 2]],
  ['contains', [2, 2]],
  ['substring-before', [2, 2]],
  ['substring-after', [2, 2]],
  ['substring', [2, 3]],
  ['string-length', [0, 1, true]],
  ['normalize-space', [0, 1, true]],
  ['translate', [3, 3]],
  ['boolean', [1, 1]],
  ['not', [1, 1]],
  ['true', [0, 0]],
  ['false', [0, 0]],
  ['lang', [1, 1, true]],
  ['number', [0, 1, true]],
  ['sum', [1, 1]],
  ['floor', [1, 1]],
  ['ceiling', [1, 1]],
  ['round', [1, 1]],
] as const);
const RESULT_NODES_MAX = 20_000;
const LOCAL_NAME_OF_BODY: ReadonlyMap<string, string> = new Map([
  ['body', 'Body'],
  ['header', 'Header'],
]);

/**
 * Checks every name of a parsed expression and binds it to what it means, so that nothing is looked up while it is evaluated; bounds how many nodes it looks at.
 *
 * @returns whether it needs the payload. @throws DefinitionError.
 */
export const checkSyntax = (syntax: Syntax, names: Names): { readonly usesPayload: boolean } => {
  const check = new SyntaxCheck(names);
  check.visit(syntax);
  return { usesPayload: check.usesPayload };
};

class SyntaxCheck {
  usesPayload = false;

  constructor(private readonly names: Names) {}

  visit(syntax: Syntax): void {
    for (const part of [syntax.filter, syntax.lhs, syntax.rhs, ...(syntax.filterPredicates ?? []), ...(syntax.arguments ?? [])])
      if (part !== undefined) this.visit(part);
    if (syntax.locationPath !== undefined) {
      this.usesPayload = true;
      for (const step of syntax.locationPath.steps) this.step(step);
      boundResult(syntax);
    }
    if (syntax.variable !== undefined) this.variable(syntax, syntax.variable);
    if (syntax.functionName !== undefined) this.call(syntax, syntax.functionName);
  }

  private step(step: StepSyntax): void {
    const { prefix } = step.nodeTest;
    if (typeof prefix === 'string' && prefix !== '' && !this.names.namespaces.has(prefix))
      throw this.refused(`the namespace prefix '${prefix}' is not declared`);
    for (const predicate of step.predicates) this.visit(predicate);
    boundVisits(step);
  }

  private variable(syntax: Syntax, variable: string): void {
    if (variable === 'env' || LOCAL_NAME_OF_BODY.has(variable)) {
      this.usesPayload = true;
      syntax.evaluate = (context) => nodeSet(envelopePart(context, LOCAL_NAME_OF_BODY.get(variable)));
      return;
    }
    const read = readVariable(variable);
    syntax.evaluate = (context) => toXValue(read(messageOf(context)));
  }

  private call(syntax: Syntax, written: string): void {
    const name = written.replace(/^fn:/, '');
    const args = syntax.arguments ?? [];
    const core = CORE.get(name);
    if (core !== undefined) {
      this.arity(name, args.length, core[0], core[1]);
      syntax.functionName = name;
      if (core[2] === true && (args.length === 0 || name === 'id' || name === 'lang')) this.usesPayload = true;
      return;
    }
    const evaluated = (context: Context): readonly XValue[] => args.map((argument) => argument.evaluate(context));
    if (name === 'get-property') {
      this.arity(name, args.length, 1, 2);
      this.usesPayload ||= usesPayload(syntax);
      syntax.evaluate = (context) => {
        const [first = '', second] = evaluated(context).map((value) => value.stringValue());
        return toXValue(propertyOf(messageOf(context), first, second));
      };
      return;
    }
    const textFunction = TEXT_FUNCTIONS.get(name);
    if (textFunction === undefined) throw this.refused(`the function ${written}() is not supported`);
    this.arity(name, args.length, textFunction.least, textFunction.most);
    textFunction.check?.(args.map((argument) => unwrapped(argument)?.str));
    syntax.evaluate = (context) => new XString(textFunction.run(evaluated(context).map((value) => value.stringValue())));
  }

  private arity(name: string, count: number, least: number, most: number): void {
    if (count < least || count > most) throw this.refused(`the function ${name}() does not take ${count} arguments`);
  }

  private refused(reason: string): DefinitionError {
    return new DefinitionError(`the XPath expression '${this.names.source}' cannot be used: ${reason}`);
  }
}

// What an evaluation needs was put into its context by the one who began it.
const messageOf = (context: Context): Message => context.message as Message;

const boundVisits = (step: StepSyntax): void => {
  const test = step.nodeTest;
  // Tests without a name are shared by all expressions: this one gets its own.
  step.nodeTest = Object.create(test, {
    matches: {
      value: (node: Node, context: Context) => {
        const budget = context.budget as { visits: number };
        budget.visits -= 1;
        if (budget.visits < 0) throw new MediationError('0', 'an XPath expression looked at too many nodes');
        return test.matches(node, context);
      },
    },
  }) as StepSyntax['nodeTest'];
};

/** The library sorts nodes by comparing them with each other; one walk through the document does the same in linear time. */
const boundResult = (syntax: Syntax): void => {
  const evaluate = syntax.evaluate.bind(syntax);
  syntax.evaluate = (context) => {
    const result = evaluate(context);
    if (!(result instanceof XNodeSet)) return result;
    if (result.nodes.length > RESULT_NODES_MAX)
      throw new MediationError('0', `an XPath expression selected more than ${RESULT_NODES_MAX} nodes`);
    const sorted = () => inDocumentOrder(result.nodes);
    result.toArray = sorted;
    result.first = () => sorted()[0] ?? null;
    return result;
  };
};

const inDocumentOrder = (nodes: readonly Node[]): readonly Node[] => {
  const [first, second] = nodes;
  if (first === undefined || second === undefined) return nodes;
  const wanted = new Set(nodes);
  const sorted: Node[] = [];
  const take = (node: Node): void => {
    if (wanted.delete(node)) sorted.push(node);
  };
  let node: Node | null = first.ownerDocument;
  while (node !== null && wanted.size > 0) {
    take(node);
    if ('attributes' in node && node.attributes !== null)
      for (const attribute of Array.from((node as Element).attributes ?? [])) take(attribute);
    node = following(node);
  }
  return [...sorted, ...wanted];
};

const following = (from: Node): Node | null => {
  if (from.firstChild !== null) return from.firstChild;
  for (let node: Node | null = from; node !== null; node = node.parentNode) if (node.nextSibling !== null) return node.nextSibling;
  return null;
};

/** The envelope, or its child of this name. */
const envelopePart = (context: Context, name: string | undefined): readonly Node[] => {
  const envelope = messageOf(context).payload.envelope().documentElement;
  if (name === undefined) return [envelope];
  return Array.from(envelope.childNodes).filter(
    (node) => 'localName' in node && node.localName === name && envelope.namespaceURI === (node as Element).namespaceURI,
  );
};

const nodeSet = (nodes: readonly Node[]): NodeSet => {
  const set = new XNodeSet();
  set.addArray(nodes);
  return set;
};

const toXValue = (value: Value | null): XValue => {
  if (value instanceof XmlValue) return nodeSet(value.nodes);
  if (typeof value === 'number') return new XNumber(value);
  return typeof value === 'boolean' ? new XBoolean(value) : new XString(textOfValue(value));
};
