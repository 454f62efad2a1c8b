import { compileJsonPath } from './json-path.js';
import { type Expression, MediationError } from './message.js';
import { closingBrace, textPieces } from './placeholders.js';
import { compileSynapseExpression } from './synapse-expression.js';
import { compileXPath } from './xpath.js';

type Namespaces = ReadonlyMap<string, string>;

const TEXT_MAX = 10 * 1024 * 1024;

/**
 * Compiles an expression as policies write it (`reference/mediation.md` §7).
 *
 * | form | language | as a condition |
 * |---|---|---|
 * | `json-eval(path)` | JSONPath; `{xpath}` in it is replaced first | true when its text is `true` |
 * | `${…}` as the whole | the expressions of {@link compileSynapseExpression} | true when its text is `true` |
 * | anything else | XPath 1.0 | as XPath has it: the text `false` is true |
 *
 * @throws DefinitionError.
 */
export const compileExpression = (text: string, namespaces: Namespaces): Expression => {
  const source = text.trim();
  const path = /^json-eval\s*\(([\s\S]*)\)$/.exec(source)?.[1];
  if (path !== undefined) return compileJsonPath(path, (xpath) => compileExpression(xpath, namespaces));
  return isInBraces(source, '${') ? compileSynapseExpression(source.slice(2, -1), namespaces) : compileXPath(source, namespaces);
};

/** An attribute that may be an expression as a whole, `{…}` or `${…}`; any other text stands for itself. @throws DefinitionError. */
export const compileDynamic = (text: string, namespaces: Namespaces): Expression => {
  const source = text.trim();
  if (isInBraces(source, '${')) return compileExpression(source, namespaces);
  return isInBraces(source, '{') ? compileExpression(source.slice(1, -1), namespaces) : constant(text);
};

/** A text with `${…}` in it; each is replaced by its text. @throws DefinitionError. */
export const compileText = (text: string, namespaces: Namespaces): Expression => {
  const parts = splitPlaceholders(text, namespaces);
  const [only, second] = parts;
  if (only === undefined || (typeof only === 'string' && second === undefined)) return constant(text);
  const textOf: Expression['text'] = (message) => {
    const joined = parts.map((part) => (typeof part === 'string' ? part : part.text(message))).join('');
    if (joined.length > TEXT_MAX) throw new MediationError('0', 'the result of an expression is larger than 10 MiB');
    return joined;
  };
  return {
    usesPayload: parts.some((part) => typeof part !== 'string' && part.usesPayload),
    value: textOf,
    text: textOf,
    test: (message) => textOf(message) === 'true',
  };
};

/** The text and the `${…}` of a text, in their order. @throws DefinitionError. */
export const splitPlaceholders = (text: string, namespaces: Namespaces): readonly (string | Expression)[] =>
  textPieces(text).map((piece) => ('text' in piece ? piece.text : compileSynapseExpression(piece.source, namespaces)));

const isInBraces = (text: string, opening: string): boolean =>
  text.startsWith(opening) && closingBrace(text, opening.length - 1) === text.length - 1;

const constant = (text: string): Expression => ({ usesPayload: false, value: () => text, text: () => text, test: () => text !== '' });
