import type { Compiler, MediatorCompiler } from '../compiler.js';
import type { FlowMessage } from '../flow-message.js';
import { essenceOf } from '../media-types.js';
import { MediationError, type Value } from '../message.js';
import { endsInString, type FormatPiece, formatPieces, type Insertion, intoJson, intoXml } from '../payload-format.js';
import type { PolicyElement } from '../read-document.js';
import { isTrue, textOf } from '../values.js';
import { parseXml, unescapedXml, xmlText } from '../xml-text.js';

const MEDIA_TYPES = ['xml', 'json', 'text'] as const;
type MediaType = (typeof MEDIA_TYPES)[number];
const XML_TYPES: readonly string[] = ['application/xml', 'text/xml', 'application/soap+xml'];

interface Argument extends Pick<Insertion, 'isLiteral' | 'isXPath'> {
  value(message: FlowMessage): Value | null;
}

type Part = (message: FlowMessage, quotesTexts: boolean) => string;

/** Replaces the payload by a format with values in it (`reference/mediation.md` §3.5). */
export const payloadFactory: MediatorCompiler = (element, compiler) => {
  const mediaType = compiler.oneOf(element, 'media-type', MEDIA_TYPES, 'xml');
  const template = element.attributes.get('template-type');
  if (template !== undefined && template !== 'default') compiler.refuse(element, `the template type '${template}' is never supported`);
  compiler.onlyChildren(element, 'format', 'args');
  const format = element.children.find(({ name }) => name === 'format') ?? compiler.refuse(element, 'it needs a format');
  if (format.attributes.has('key')) compiler.refuse(format, 'a format by key is never supported: there is no registry');
  const args = (element.children.find(({ name }) => name === 'args')?.children ?? []).map((child) => argumentOf(child, compiler));
  const parts = partsOf(format, mediaType, args, compiler);
  compiler.usesPayload = true;
  return (message) => {
    const quotesTexts = isTrue(message.get('default', 'QUOTE_STRING_IN_PAYLOAD_FACTORY_JSON'));
    put(message, mediaType, parts.map((part) => part(message, quotesTexts)).join(''));
    message.remove('axis2', 'NO_ENTITY_BODY');
    return 'continue';
  };
};

const put = (message: FlowMessage, mediaType: MediaType, text: string): void => {
  if (mediaType === 'json') {
    message.payload.setJsonText(text.trim());
    message.set('axis2', 'messageType', 'application/json');
  } else if (mediaType === 'text') {
    message.payload.setText(text);
    message.set('axis2', 'messageType', 'text/plain');
  } else {
    message.payload.setXml(rootOf(text));
    const type = message.messageType ?? textOf(message.get('axis2', 'ContentType'));
    if (!XML_TYPES.includes(essenceOf(type))) message.set('axis2', 'messageType', 'application/xml');
  }
};

const rootOf = (text: string): Element => {
  try {
    return parseXml(text).documentElement;
  } catch (err) {
    throw new MediationError('0', `The payload made is no XML: ${err instanceof Error ? err.message : String(err)}`, { cause: err });
  }
};

/** The format's markup, without what is white space only. */
const markupOf = (format: PolicyElement): string => format.children.map(({ node }) => xmlText(node).replace(/>\s+</g, '><')).join('');

const partsOf = (format: PolicyElement, mediaType: MediaType, args: readonly Argument[], compiler: Compiler): readonly Part[] => {
  const isMarkup = mediaType === 'xml' && format.children.length > 0;
  const text = isMarkup ? markupOf(format) : format.text;
  if (text.trim() === '') compiler.refuse(format, 'the format is empty');
  const parts: Part[] = [];
  let isQuoted = false;
  let isStopped = false;
  for (const piece of formatPieces(text)) {
    const argument = isStopped ? undefined : valueSource(piece, format, isMarkup, args, compiler);
    if (argument === undefined) {
      // A number that has no argument ends the replacing; it and what follows stay as they are.
      if ('argument' in piece) isStopped = true;
      const copied = sourceOf(piece);
      isQuoted = endsInString(copied, isQuoted);
      parts.push(() => copied);
    } else parts.push(inserting(argument, mediaType, isQuoted));
  }
  return parts;
};

const sourceOf = (piece: FormatPiece): string => ('text' in piece ? piece.text : 'source' in piece ? piece.source : `$${piece.argument}`);

const valueSource = (
  piece: FormatPiece,
  format: PolicyElement,
  isMarkup: boolean,
  args: readonly Argument[],
  compiler: Compiler,
): Argument | undefined => {
  if ('text' in piece) return undefined;
  if ('argument' in piece) return args[piece.argument - 1];
  const expression = compiler.expressionOf(format, isMarkup ? unescapedXml(piece.source) : piece.source);
  return { isLiteral: false, isXPath: false, value: (message) => expression.value(message) };
};

const inserting = ({ value, isLiteral, isXPath }: Argument, mediaType: MediaType, isQuoted: boolean): Part => {
  if (mediaType === 'text') return (message) => textOf(value(message));
  if (mediaType === 'xml') return (message) => intoXml(value(message), { isLiteral });
  return (message, quotesTexts) => intoJson(value(message), { isLiteral, isXPath, isQuoted, quotesTexts });
};

const argumentOf = (element: PolicyElement, compiler: Compiler): Argument => {
  if (element.name !== 'arg') compiler.refuse(element, `'${element.name}' is not known in args`);
  const evaluator = compiler.oneOf(element, 'evaluator', ['xml', 'json'], 'xml');
  const isLiteral = element.attributes.get('literal') === 'true';
  const literal = element.attributes.get('value');
  if (literal !== undefined) return { isLiteral, isXPath: true, value: () => literal };
  const source = compiler.attribute(element, 'expression').trim();
  const isPath = evaluator === 'json' && !source.startsWith('json-eval(') && !source.startsWith('${');
  const expression = compiler.expressionOf(element, isPath ? `json-eval(${source})` : source);
  const isXPath = evaluator === 'xml' && !source.startsWith('json-eval(') && !source.startsWith('${');
  return { isLiteral, isXPath, value: (message) => expression.value(message) };
};
