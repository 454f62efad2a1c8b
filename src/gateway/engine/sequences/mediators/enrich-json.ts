import type { Compiler } from '../compiler.js';
import type { FlowMessage, Step } from '../flow-message.js';
import { appendAt, insertAfter, removeAt, renameAt, replaceAt } from '../json-edit.js';
import { type JsonPath, jsonPath } from '../json-path.js';
import { type Json, JsonValue, MediationError, type Value } from '../message.js';
import type { PolicyElement } from '../read-document.js';
import { textOf } from '../values.js';
import type { Enrichment, Side } from './enrich.js';

/** `enrich` over JSON. */
export const jsonEnrichment = (enrichment: Enrichment, compiler: Compiler): Step => {
  const { source, target, action, moves } = enrichment;
  if (action === 'remove') return removal(enrichment, compiler);
  const read = reader(source, compiler);
  const write = writer(enrichment, compiler);
  const moved = moves && source.type === 'custom' ? pathOf(source, compiler) : null;
  return (message) => {
    const value = read(message);
    if (moved !== null) message.payload.setJson(removeAt(bodyOf(message), moved));
    if (moves && source.type === 'property') message.remove('default', source.at);
    write(message, value);
    if (target.type !== 'property' && message.messageType === null && textOf(message.get('axis2', 'ContentType')) === '')
      message.set('axis2', 'messageType', 'application/json');
    return 'continue';
  };
};

type Reader = (message: FlowMessage) => Json;

const bodyOf = ({ payload }: FlowMessage): Json => payload.json() ?? {};

const pathOf = ({ element, at }: Side, compiler: Compiler): JsonPath => pathIn(element, at, compiler);

const pathIn = (element: PolicyElement, text: string, compiler: Compiler): JsonPath => {
  const inner = /^json-eval\(([\s\S]*)\)$/.exec(text.trim())?.[1] ?? text;
  return compiler.placed(element, () => jsonPath(inner.trim()));
};

const reader = (source: Side, compiler: Compiler): Reader => {
  switch (source.type) {
    case 'custom': {
      const expression = compiler.expressionOf(source.element, source.at);
      return (message) => {
        const value = expression.value(message);
        if (value === null) throw new MediationError('0', `enrich: '${source.at}' names nothing in the message`);
        return jsonOf(value);
      };
    }
    case 'body':
      return bodyOf;
    case 'property':
      return (message) => jsonOf(message.get('default', source.at));
    default:
      return inline(source.element, compiler);
  }
};

/** What a property holds as JSON; a text that is none stays a text. */
const jsonOf = (value: Value | null): Json => {
  if (value === null) return null;
  if (value instanceof JsonValue) return value.json;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return parsedOr(textOf(value));
};

const parsedOr = (text: string): Json => {
  if (!/^\s*[[{"\d-]|^\s*(?:true|false|null)\s*$/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

const inline = (element: PolicyElement, compiler: Compiler): Reader => {
  const text = compiler.inline(element);
  return (message) => parsedOr(text(message));
};

type Writer = (message: FlowMessage, value: Json) => void;

const writer = ({ target, action }: Enrichment, compiler: Compiler): Writer => {
  switch (target.type) {
    case 'property':
      return (message, value) => {
        if (action === 'replace') message.set('default', target.at, textOf(new JsonValue(value)));
        else message.set('default', target.at, JSON.stringify(appended(jsonOf(message.get('default', target.at)), value)));
      };
    case 'body':
      if (action !== 'replace') return compiler.refuse(target.element, 'a JSON body can only be replaced');
      return (message, value) => {
        if (typeof value !== 'object' || value === null)
          throw new MediationError('0', 'enrich: the body can only become an object or an array');
        message.payload.setJson(value);
      };
    case 'key': {
      const path = pathOf(target, compiler);
      return (message, value) => message.payload.setJson(renameAt(bodyOf(message), path, textOf(new JsonValue(value))));
    }
    default: {
      const path = pathOf(target, compiler);
      if (path.source === '$' || path.source === '$.')
        return compiler.refuse(target.element, 'the whole body cannot be a custom target; use type="body"');
      const change = { replace: replaceAt, child: appendAt, sibling: insertAfter, remove: replaceAt }[action];
      return (message, value) => message.payload.setJson(change(bodyOf(message), path, value));
    }
  }
};

const appended = (held: Json, value: Json): Json => {
  if (!Array.isArray(held)) throw new MediationError('0', 'enrich: the property holds no array to add to');
  return [...held, value];
};

/** The source is what to remove; several paths are separated by commas. */
const removal = ({ source, target }: Enrichment, compiler: Compiler): Step => {
  const inner = /^json-eval\(([\s\S]*)\)$/.exec(source.at)?.[1] ?? '';
  const paths = inner.split(/,(?![^[]*\])/).map((path) => pathIn(source.element, path, compiler));
  const removed = (json: Json): Json => paths.reduce((left, path) => removeAt(left, path), json);
  if (target.type === 'property')
    return (message) => {
      message.set('default', target.at, JSON.stringify(removed(jsonOf(message.get('default', target.at)))));
      return 'continue';
    };
  if (target.type !== 'body') return compiler.refuse(target.element, 'things are removed from the body or from a property');
  return (message) => {
    message.payload.setJson(removed(bodyOf(message)));
    return 'continue';
  };
};
