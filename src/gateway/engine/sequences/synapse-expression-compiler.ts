import { type JsonPath, jsonOf, jsonPath } from './json-path.js';
import { DefinitionError, type Json, type Message, XmlValue } from './message.js';
import { SYNAPSE_FUNCTIONS } from './synapse-expression-functions.js';
import { operate } from './synapse-expression-operators.js';
import { type Choice, type PathParts, parseSynapseExpression, type Tree } from './synapse-expression-syntax.js';
import {
  asOperand,
  booleanOf,
  EvaluationFailure,
  finite,
  HeldText,
  jsonOfOperand,
  numberOf,
  type Operand,
  textOf,
} from './synapse-expression-values.js';
import { xmlOfValue } from './xml-of-value.js';
import { compileXPath, compileXPathFrom } from './xpath.js';

/** A part of an expression, ready to run. */
export interface Compiled {
  readonly usesPayload: boolean;
  /** @throws EvaluationFailure, MediationError. */
  run(message: Message): Operand;
}

type Namespaces = ReadonlyMap<string, string>;

const ELEMENT_NODE = 1;
const CACHE_MAX = 100;

/** @throws DefinitionError for an unknown function, a wrong number of arguments, an XPath that is not valid. */
export const compileTree = (tree: Tree, namespaces: Namespaces): Compiled => {
  const compile = (part: Tree): Compiled => compileTree(part, namespaces);
  switch (tree.kind) {
    case 'literal': {
      const { json } = tree;
      return { usesPayload: false, run: () => json };
    }
    case 'list': {
      const items = tree.items.map(compile);
      return { usesPayload: anyUses(items), run: (message) => items.map((item) => jsonOfOperand(item.run(message))) };
    }
    case 'call':
      return call(tree.name, tree.args, namespaces);
    case 'member': {
      const of = compile(tree.of);
      const path = compilePath(tree.path, namespaces);
      return { usesPayload: of.usesPayload || path.usesPayload, run: (message) => path.read(message, structureOf(of.run(message))) };
    }
    case 'payload': {
      const path = compilePath(tree.path, namespaces);
      if (tree.path.length === 0) return { usesPayload: true, run: wholePayload };
      return { usesPayload: true, run: (message) => path.read(message, message.payload.json()) };
    }
    case 'held':
      return held(tree, namespaces);
    case 'operation': {
      const first = compile(tree.first);
      const rest = tree.rest.map(({ operator, right }) => ({ operator, right: compile(right) }));
      return {
        usesPayload: first.usesPayload || rest.some(({ right }) => right.usesPayload),
        run: (message) =>
          rest.reduce<Operand>((left, { operator, right }) => operate(operator, left, () => right.run(message)), first.run(message)),
      };
    }
    case 'negative': {
      const of = compile(tree.of);
      return { usesPayload: of.usesPayload, run: (message) => finite(-numberOf(of.run(message))) };
    }
    case 'condition': {
      const [test, then, otherwise] = [compile(tree.test), compile(tree.then), compile(tree.otherwise)];
      return {
        usesPayload: anyUses([test, then, otherwise]),
        run: (message) => (booleanOf(test.run(message)) ? then : otherwise).run(message),
      };
    }
  }
};

const anyUses = (parts: readonly Compiled[]): boolean => parts.some(({ usesPayload }) => usesPayload);

/** XML as it is, without the envelope; a text as it is; anything else as JSON. */
const wholePayload = ({ payload }: Message): Operand => {
  if (payload.form === 'xml') {
    const body = Array.from(payload.envelope().documentElement.childNodes).find(
      ({ nodeType, nodeName }) => nodeType === ELEMENT_NODE && /(?:^|:)Body$/.test(nodeName),
    );
    const content = Array.from(body?.childNodes ?? []).filter(({ nodeType }) => nodeType === ELEMENT_NODE);
    return content.length === 0 ? undefined : new XmlValue(content);
  }
  return payload.form === 'text' ? payload.text() : payload.json();
};

interface CompiledPath {
  readonly usesPayload: boolean;
  read(message: Message, json: Json | undefined): Json | undefined;
}

const compilePath = (parts: PathParts, namespaces: Namespaces): CompiledPath => {
  if (parts.length === 0) return { usesPayload: false, read: (_message, json) => json };
  const compiled = parts.map((part) => (typeof part === 'string' ? part : compileTree(part, namespaces)));
  const values = compiled.filter((part) => typeof part !== 'string');
  if (values.length === 0) {
    const path = jsonPath(`$${parts.join('')}`);
    return { usesPayload: false, read: (_message, json) => (json === undefined ? undefined : path.read(json)) };
  }
  const cache = new Map<string, JsonPath>();
  return {
    usesPayload: anyUses(values),
    read: (message, json) => {
      if (json === undefined) return undefined;
      const text = `$${compiled.map((part) => (typeof part === 'string' ? part : literalOf(part.run(message)))).join('')}`;
      let path = cache.get(text);
      if (path === undefined) {
        if (cache.size >= CACHE_MAX) cache.clear();
        path = jsonPath(text);
        cache.set(text, path);
      }
      return path.read(json);
    },
  };
};

/** A value as a filter or an index writes it. */
const literalOf = (value: Operand): string => {
  const json = value === undefined ? null : jsonOfOperand(value);
  if (typeof json === 'string') return `'${json.replace(/[\\']/g, '\\$&')}'`;
  if (isList(json)) return `[${json.map(literalOf).join(',')}]`;
  if (typeof json === 'object' && json !== null) throw new EvaluationFailure('an object cannot stand in a path');
  return String(json);
};

const isList = (json: Json): json is readonly Json[] => Array.isArray(json);

/** What a path can lead into. */
const structureOf = (value: Operand): Json | undefined => {
  if (value === undefined || value instanceof XmlValue) return undefined;
  return value instanceof HeldText ? jsonOf(value.text) : value;
};

const held = ({ scope, choices }: Extract<Tree, { kind: 'held' }>, namespaces: Namespaces): Compiled => {
  const compiled = choices.map(({ name, path }: Choice) => ({ name, isWhole: path.length === 0, path: compilePath(path, namespaces) }));
  const readsMessage = scope === 'default' && choices.some(({ name }) => name === 'From' || name === 'FAULT');
  return {
    usesPayload: readsMessage || compiled.some(({ path }) => path.usesPayload),
    run: (message) => {
      for (const { name, isWhole, path } of compiled) {
        const value = message.get(scope, name);
        if (value === null) continue;
        return isWhole ? asOperand(value, scope !== 'var') : path.read(message, jsonOf(value));
      }
      return undefined;
    },
  };
};

const call = (name: string, args: readonly Tree[], namespaces: Namespaces): Compiled => {
  if (name === 'exists') return exists(args, namespaces);
  if (name === 'xpath') return xpath(args, namespaces);
  const known = SYNAPSE_FUNCTIONS.get(name);
  if (known === undefined) throw new DefinitionError(`the function ${name}() is not known in \${…}`);
  checkCount(name, args, known.least, known.most);
  known.check?.(args.map(literalText));
  const compiled = args.map((argument) => compileTree(argument, namespaces));
  return { usesPayload: anyUses(compiled), run: (message) => known.run(compiled.map((argument) => argument.run(message))) };
};

const checkCount = (name: string, args: readonly Tree[], least: number, most: number): void => {
  if (args.length >= least && args.length <= most) return;
  const wanted = least === most ? String(least) : `${least} to ${most}`;
  throw new DefinitionError(
    `the function ${name}() takes ${wanted} argument${most === 1 ? '' : 's'} in \${…}, and there are ${args.length}`,
  );
};

const literalText = (tree: Tree): string | undefined => (tree.kind === 'literal' && typeof tree.json === 'string' ? tree.json : undefined);

/** Whether there is something; policies also write what they ask for in quotes. */
const exists = (args: readonly Tree[], namespaces: Namespaces): Compiled => {
  checkCount('exists', args, 1, 1);
  const [argument] = args.map((tree) => {
    const quoted = literalText(tree);
    return quoted !== undefined && /^(?:vars|headers|props|properties|params|payload|\$)[.[]/.test(quoted)
      ? compileTree(parseSynapseExpression(quoted), namespaces)
      : compileTree(tree, namespaces);
  });
  return {
    usesPayload: argument?.usesPayload ?? false,
    run: (message) => {
      try {
        return (argument?.run(message) ?? null) !== null;
      } catch (error) {
        if (error instanceof EvaluationFailure) return false;
        throw error;
      }
    },
  };
};

/** An XPath on the message, or on the XML that a variable holds. */
const xpath = (args: readonly Tree[], namespaces: Namespaces): Compiled => {
  checkCount('xpath', args, 1, 2);
  const [source, variable] = args;
  const text = source === undefined ? undefined : literalText(source);
  if (text === undefined) throw new DefinitionError(`the XPath of xpath() in \${…} must be a text in quotes`);
  if (variable === undefined) {
    const expression = compileXPath(text, namespaces);
    return { usesPayload: expression.usesPayload, run: (message) => asOperand(expression.value(message), true) };
  }
  const expression = compileXPathFrom(text, namespaces);
  const name = compileTree(variable, namespaces);
  return {
    usesPayload: expression.usesPayload || name.usesPayload,
    run: (message) => asOperand(expression.value(message, rootOf(message, name.run(message))), true),
  };
};

const rootOf = (message: Message, name: Operand): Element => {
  const root = xmlOfValue(message.get('var', textOf(name)));
  if (root === undefined) throw new EvaluationFailure('the variable of xpath() holds no XML');
  return root;
};
