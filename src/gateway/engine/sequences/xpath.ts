import { DefinitionError, type Expression, MediationError, type Message, type Value, XmlValue } from './message.js';
import { directExpression } from './xpath-direct.js';
import { XBoolean, XNodeSet, XNumber, XPathContext, XPathParser, type XValue } from './xpath-library.js';
import { checkSyntax, type Names } from './xpath-syntax.js';
import { nodesAsText } from './xpath-text.js';

const LENGTH_MAX = 8192;
const DEPTH_MAX = 64;
const TEXT_MAX = 10 * 1024 * 1024;
const VISITS_MAX = 1_000_000;

/**
 * Compiles an XPath 1.0 expression (`reference/mediation.md` §7.1); the context is the SOAP envelope.
 *
 * | form | value |
 * |---|---|
 * | `$ctx:n`, `$axis2:n`, `$trp:n`, `$operation:n`, `$var:n` | what the scope holds; empty when there is nothing |
 * | `$url:n` | a parameter of the query; empty when it is not there |
 * | `$p:n`, any other prefix | a member of the JSON that the property `p` holds |
 * | `$body`, `$header`, `$env` | parts of the envelope |
 * | `get-property('n')`, `get-property('scope', 'n')`, `get-property('SYSTEM_DATE', 'pattern')` | a property, the time |
 * | `base64Encode`, `base64Decode`, `url-encode`, `hmac-generate` | as in the reference |
 * | XPath's core functions, with or without `fn:` | XPath 1.0 |
 *
 * As text a result is: of one node its text, of an element without text of its own its markup; of several nodes their markup; of none, nothing. Plain variables
 * and properties are read without the XPath library, and without the payload.
 *
 * @throws DefinitionError for a syntax error, an unknown function or variable, a prefix that is not declared.
 */
export const compileXPath = (source: string, namespaces: ReadonlyMap<string, string>): Expression => {
  const text = source.trim();
  const syntax = parse(text);
  const names: Names = { source: text, namespaces };
  const { usesPayload } = checkSyntax(syntax.expression, names);
  return directExpression(syntax.expression) ?? new XPathExpression(text, usesPayload, namespaces, (context) => syntax.evaluate(context));
};

/** An XPath expression whose context is a node of the caller's; `$body`, `$header` and `$env` are still those of the message. */
export interface XPathFrom {
  readonly usesPayload: boolean;
  /** @throws MediationError when it fails. */
  value(message: Message, from: Node): Value | null;
}

/** As {@link compileXPath}, for XML that is not the message's. @throws DefinitionError. */
export const compileXPathFrom = (source: string, namespaces: ReadonlyMap<string, string>): XPathFrom => {
  const text = source.trim();
  const syntax = parse(text);
  const { usesPayload } = checkSyntax(syntax.expression, { source: text, namespaces });
  return new XPathExpression(text, usesPayload, namespaces, (context) => syntax.evaluate(context));
};

const parse = (text: string) => {
  if (text === '') throw new DefinitionError('the XPath expression is empty');
  if (text.length > LENGTH_MAX) throw new DefinitionError(`an XPath expression may have ${LENGTH_MAX} characters at most`);
  let depth = 0;
  for (const character of text) {
    if (character === '(' || character === '[') depth += 1;
    else if (character === ')' || character === ']') depth -= 1;
    if (depth > DEPTH_MAX) throw new DefinitionError(`the XPath expression is nested more than ${DEPTH_MAX} deep`);
  }
  try {
    return new XPathParser().parse(text);
  } catch (error) {
    throw new DefinitionError(`the XPath expression '${text}' is not valid: ${error instanceof Error ? error.message : String(error)}`);
  }
};

class XPathExpression implements Expression {
  constructor(
    private readonly source: string,
    readonly usesPayload: boolean,
    private readonly namespaces: ReadonlyMap<string, string>,
    private readonly run: (context: InstanceType<typeof XPathContext>) => XValue,
  ) {}

  value(message: Message, from?: Node): Value | null {
    return this.evaluate(
      message,
      (result) => {
        if (result instanceof XNodeSet) return result.nodes.length === 0 ? null : new XmlValue(result.toArray());
        return primitiveOf(result);
      },
      from,
    );
  }

  text(message: Message): string {
    const text = this.evaluate(message, (result) => (result instanceof XNodeSet ? nodesAsText(result.toArray()) : result.stringValue()));
    if (text.length > TEXT_MAX) throw new MediationError('0', 'the result of an expression is larger than 10 MiB');
    return text;
  }

  test(message: Message): boolean {
    return this.evaluate(message, (result) => result.booleanValue());
  }

  private evaluate<T>(message: Message, take: (result: XValue) => T, from?: Node): T {
    const context = new XPathContext(
      null,
      { getNamespace: (prefix) => (prefix === '' ? '' : (this.namespaces.get(prefix) ?? null)) },
      null,
    );
    context.expressionContextNode = from ?? (this.usesPayload ? message.payload.envelope().documentElement : null);
    context.message = message;
    context.budget = { visits: VISITS_MAX };
    try {
      return take(this.run(context));
    } catch (error) {
      if (error instanceof MediationError) throw error;
      throw new MediationError(
        '0',
        `the XPath expression '${this.source}' failed: ${error instanceof Error ? error.message : String(error)}`,
        { cause: error },
      );
    }
  }
}

const primitiveOf = (result: XValue): string | number | boolean => {
  // The library's classes are known by their constructors alone, so the compiler cannot tell the values apart.
  const value: object = result;
  if (value instanceof XNumber) return result.numberValue();
  return value instanceof XBoolean ? result.booleanValue() : result.stringValue();
};
