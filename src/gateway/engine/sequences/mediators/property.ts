import type { Compiler, MediatorCompiler } from '../compiler.js';
import { type FlowMessage, inOrder, type Step } from '../flow-message.js';
import type { Scope, Value } from '../message.js';
import type { PolicyElement } from '../read-document.js';
import { converted, VALUE_TYPES, type ValueType } from '../value-types.js';
import { textOf } from '../values.js';
import { copyOf } from '../xml-text.js';

const SCOPES: ReadonlyMap<string, Scope | null> = new Map<string, Scope | null>([
  ['default', 'default'],
  ['axis2', 'axis2'],
  ['transport', 'transport'],
  ['operation', 'operation'],
  // Accepted, and nobody reads them here.
  ['axis2-client', null],
  ['analytics', null],
  ['trace', null],
]);
const WHOLE_BODY: readonly string[] = ['messageType', 'NO_ENTITY_BODY', 'FORCE_POST_PUT_NOBODY', 'FAULTS_AS_HTTP_200'];
/** Without effect they would promise what does not happen. */
const LATER: readonly string[] = ['FORCE_SC_ACCEPTED', 'SC_ACCEPTED', 'HTTP_ETAG'];
const LENGTH: readonly string[] = ['DISABLE_CHUNKING', 'FORCE_HTTP_CONTENT_LENGTH', 'COPY_CONTENT_LENGTH_FROM_INCOMING', 'FORCE_HTTP_1.0'];

/** Sets or removes a property (`reference/mediation.md` §3.1). */
export const property: MediatorCompiler = (element, compiler) => {
  const nameText = compiler.attribute(element, 'name');
  const name = compiler.dynamic(element, nameText);
  const scope = scopeOf(element, compiler);
  noteUse(element, nameText, scope, compiler);
  if (compiler.oneOf(element, 'action', ['set', 'remove'], 'set') === 'remove') {
    return (message) => {
      if (scope !== null) message.remove(scope, name(message));
      return 'continue';
    };
  }
  const value = valueSource(element, compiler);
  return (message) => {
    const result = value(message);
    if (scope !== null) message.set(scope, name(message), result ?? '');
    return 'continue';
  };
};

export const propertyGroup: MediatorCompiler = (element, compiler) => {
  compiler.onlyChildren(element, 'property');
  return inOrder(element.children.map((child) => property(child, compiler)));
};

const scopeOf = (element: PolicyElement, compiler: Compiler): Scope | null => {
  const text = element.attributes.get('scope') ?? 'default';
  const scope = SCOPES.get(text);
  if (scope !== undefined) return scope;
  if (text === 'registry' || text === 'system') compiler.refuse(element, `the scope '${text}' is never supported`);
  return compiler.refuse(element, `'${text}' is no scope; use default, axis2, transport or operation`);
};

/** What changes the body, or how it is sent, needs it. */
const noteUse = (element: PolicyElement, name: string, scope: Scope | null, compiler: Compiler): void => {
  if (scope !== 'axis2') return;
  if (LATER.includes(name)) compiler.refuse(element, `the property '${name}' is not supported yet`);
  if (WHOLE_BODY.includes(name) || name.includes('{')) compiler.usesPayload = true;
  else if (LENGTH.includes(name)) compiler.usesLength = true;
};

const valueSource = (element: PolicyElement, compiler: Compiler): ((message: FlowMessage) => Value | null) => {
  const type = compiler.oneOf(element, 'type', VALUE_TYPES, 'STRING');
  const pick = picker(element, compiler);
  const literal = element.attributes.get('value');
  const [child] = element.children;
  if (literal !== undefined) {
    return () => pick(converted(literal, type));
  }
  if (child !== undefined) {
    const { node } = child;
    // Whoever has it may take it apart: each message gets its own.
    return () => converted(copyOf(node), 'OM');
  }
  if (!element.attributes.has('expression')) return compiler.refuse(element, 'it needs a value or an expression');
  const expression = compiler.expression(element, 'expression');
  return (message) => pick(converted(isStructured(type) ? expression.value(message) : expression.text(message), type));
};

const isStructured = (type: ValueType): boolean => type === 'OM' || type === 'XML' || type === 'JSON';

/** The part of a text that `pattern` and `group` name. */
const picker = (element: PolicyElement, compiler: Compiler): ((value: Value | null) => Value | null) => {
  const patternText = element.attributes.get('pattern');
  const groupText = element.attributes.get('group');
  if (patternText === undefined) return groupText === undefined ? (value) => value : compiler.refuse(element, 'group needs a pattern');
  const pattern = compiler.pattern(element, patternText);
  const group = Number(groupText ?? 0);
  if (!Number.isInteger(group) || group < 0 || group > pattern.groupCount)
    compiler.refuse(element, `the pattern has no group '${groupText}'`);
  return (value) => (typeof value === 'string' ? (pattern.group(value, group) ?? '') : value);
};

/** `<variable>`: like a property of the scope `var`. */
export const variable: MediatorCompiler = (element, compiler): Step => {
  const name = compiler.dynamic(element, compiler.attribute(element, 'name'));
  if (compiler.oneOf(element, 'action', ['set', 'remove'], 'set') === 'remove') {
    return (message) => {
      message.remove('var', name(message));
      return 'continue';
    };
  }
  const value = valueSource(element, compiler);
  return (message) => {
    const result = value(message);
    message.set('var', name(message), result ?? textOf(result));
    return 'continue';
  };
};
