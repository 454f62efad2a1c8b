import type { Compiler, MediatorCompiler } from '../compiler.js';
import type { Step } from '../flow-message.js';
import type { PolicyElement } from '../read-document.js';
import { jsonEnrichment } from './enrich-json.js';
import { xmlEnrichment } from './enrich-xml.js';

const SOURCES = ['custom', 'body', 'property', 'inline', 'envelope'] as const;
const TARGETS = ['custom', 'body', 'property', 'envelope', 'key'] as const;
const ACTIONS = ['replace', 'child', 'sibling', 'remove'] as const;
/** Pairs that mean nothing (`reference/mediation.md` §3.6). */
const REFUSED: readonly string[] = [
  'envelope custom',
  'envelope body',
  'envelope envelope',
  'body body',
  'body envelope',
  'custom envelope',
];

/** One side of an `enrich`. */
export interface Side<T extends string = string> {
  readonly element: PolicyElement;
  readonly type: T;
  /** The expression of `custom`, the name of `property`; empty for others. */
  readonly at: string;
}

export interface Enrichment {
  readonly source: Side<(typeof SOURCES)[number]>;
  readonly target: Side<(typeof TARGETS)[number]>;
  readonly action: (typeof ACTIONS)[number];
  /** Whether the source is moved, not copied. */
  readonly moves: boolean;
}

/** Puts a part of a message, a property or a given text into another place (`reference/mediation.md` §3.6). */
export const enrich: MediatorCompiler = (element, compiler) => {
  compiler.onlyChildren(element, 'source', 'target');
  const child = (name: string) => element.children.find((other) => other.name === name) ?? compiler.refuse(element, `it needs a ${name}`);
  const [from, to] = [child('source'), child('target')];
  const source = { element: from, type: compiler.oneOf(from, 'type', SOURCES, 'custom'), at: '' };
  const target = { element: to, type: compiler.oneOf(to, 'type', TARGETS, 'custom'), at: '' };
  const enrichment: Enrichment = {
    source: { ...source, at: placeOf(source, compiler) },
    target: { ...target, at: placeOf(target, compiler) },
    action: compiler.oneOf(to, 'action', ACTIONS, 'replace'),
    moves: from.attributes.get('clone') === 'false',
  };
  check(enrichment, compiler);
  compiler.usesPayload = true;
  return stepOf(enrichment, compiler);
};

const placeOf = ({ element, type }: Pick<Side, 'element' | 'type'>, compiler: Compiler): string => {
  if (element.attributes.has('key') && type === 'inline')
    compiler.refuse(element, 'a source by key is never supported: there is no registry');
  if (type === 'custom' || type === 'key') return compiler.attribute(element, 'xpath').trim();
  return type === 'property' ? compiler.attribute(element, 'property') : '';
};

const check = ({ source, target, action }: Enrichment, compiler: Compiler): void => {
  if (REFUSED.includes(`${source.type} ${target.type}`))
    compiler.refuse(target.element, `a source of the type ${source.type} cannot go to a target of the type ${target.type}`);
  if (target.type === 'envelope' && action !== 'replace') compiler.refuse(target.element, 'an envelope can only be replaced');
  if (target.type === 'key' && action !== 'replace') compiler.refuse(target.element, 'a key can only be replaced');
  if (action === 'remove' && source.type !== 'custom') compiler.refuse(source.element, 'only what an expression names can be removed');
};

/** What a side can be: JSON alone, XML alone, or either. */
const kindOf = ({ type, at, element }: Side): 'json' | 'xml' | 'either' => {
  if (type === 'key') return 'json';
  if (type === 'envelope') return 'xml';
  if (type === 'custom') return at.startsWith('json-eval(') ? 'json' : 'xml';
  if (type === 'inline' && element.children.length > 0) return 'xml';
  return 'either';
};

const stepOf = (enrichment: Enrichment, compiler: Compiler): Step => {
  const kinds = [kindOf(enrichment.source), kindOf(enrichment.target)];
  if (kinds.includes('json') && !kinds.includes('xml')) return jsonEnrichment(enrichment, compiler);
  if (kinds.includes('xml')) return xmlEnrichment(enrichment, compiler);
  const json = jsonEnrichment(enrichment, compiler);
  const xml = xmlEnrichment(enrichment, compiler);
  // An inline text that is JSON makes JSON of a payload that is none yet.
  const isJsonText = /^\s*[[{]/.test(enrichment.source.element.text) && enrichment.source.type === 'inline';
  return (message) => (isJsonText || message.payload.form === 'json' ? json : xml)(message);
};
