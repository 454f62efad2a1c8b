import type { BuiltInPolicy, Parameters } from './flows.js';
import { textOr } from './parameters.js';
import { bodyToCheck, strictText, threat } from './threats.js';

const TYPES = ['application/json', 'text/json'];
const PREFIX = 'Request is failed due to a JSON schema validation failure: ';
const VALIDATOR = 'org.wso2.carbon.apimgt.gateway.mediators.JsonSchemaValidator';
/** For a limit that is not given. */
const USUAL = 100;

/** How large the parts of a JSON text may be. */
export interface JsonLimits {
  readonly properties: number;
  readonly stringLength: number;
  readonly elements: number;
  readonly keyLength: number;
  readonly depth: number;
}

/** Refuses JSON bodies that are malformed or exceed a limit. */
export const jsonValidator: BuiltInPolicy = {
  requestBody: 'whole',
  request: (parameters) => {
    checkValidator(parameters);
    const limits: JsonLimits = {
      properties: limitOf(parameters, 'maxPropertyCount'),
      stringLength: limitOf(parameters, 'maxStringLength'),
      elements: limitOf(parameters, 'maxArrayElementCount'),
      keyLength: limitOf(parameters, 'maxKeyLength'),
      depth: limitOf(parameters, 'maxJsonDepth'),
    };
    return (exchange) => {
      const body = bodyToCheck(exchange, TYPES);
      if (body === null) return undefined;
      const text = strictText(body);
      const reason =
        text === undefined ? 'The body is not in UTF-8' : (jsonExcess(text, limits) ?? (isJson(text) ? undefined : 'The body is no JSON'));
      return reason === undefined ? undefined : threat(PREFIX + reason);
    };
  },
};

/** The product loads the validator by its name; there is this one. */
const checkValidator = (parameters: Parameters): void => {
  const name = textOr(parameters, 'jsonSchemaValidator', VALIDATOR);
  if (name !== VALIDATOR) throw new Error(`'jsonSchemaValidator' names the class '${name}', which is never supported`);
};

const limitOf = (parameters: Parameters, name: string): number => {
  const value = parameters[name];
  if (value === undefined || value === null || value === '') return USUAL;
  const limit = Number(value);
  if (!Number.isInteger(limit) || limit < 0) throw new Error(`'${name}' is no number`);
  return limit;
};

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** An object or array that is open at a place of the text. */
interface Open {
  readonly isObject: boolean;
  /** Properties or elements so far, and whether the next one has been counted. */
  count: number;
  isCounted: boolean;
}

/**
 * Which limit a JSON text exceeds. Looks at every character once and holds no more than the open brackets, so a hostile text costs no more than
 * its length; repeated keys count each time. Whether the text is JSON is not decided here.
 */
export const jsonExcess = (text: string, limits: JsonLimits): string | undefined => {
  const open: Open[] = [];
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i];
    const inside = open.at(-1);
    if (character === '}' || character === ']') {
      open.pop();
      continue;
    }
    if (character === ',') {
      if (inside) inside.isCounted = false;
      continue;
    }
    if (character === ' ' || character === '\n' || character === '\r' || character === '\t' || character === ':') continue;
    const isKey = inside?.isObject === true && !inside.isCounted;
    if (inside && !inside.isCounted) {
      inside.isCounted = true;
      inside.count += 1;
      if (inside.isObject && inside.count > limits.properties) return reached('Property Count', limits.properties);
      if (!inside.isObject && inside.count > limits.elements) return reached('Array Length', limits.elements);
    }
    if (character === '"') {
      const { end, length } = stringAt(text, i);
      if (isKey && length > limits.keyLength) return reached('Key Length', limits.keyLength);
      if (!isKey && length > limits.stringLength) return reached('String Length', limits.stringLength);
      i = end;
    } else if (character === '{' || character === '[') {
      open.push({ isObject: character === '{', count: 0, isCounted: false });
      if (open.length > limits.depth) return reached('Depth', limits.depth);
    }
  }
  return undefined;
};

const reached = (what: string, limit: number): string => `Max ${what} [${limit}] Reached`;

/** Where the string that begins here ends, and how many characters it stands for. */
const stringAt = (text: string, start: number): { readonly end: number; readonly length: number } => {
  let length = 0;
  let i = start + 1;
  while (i < text.length && text[i] !== '"') {
    i += text[i] !== '\\' ? 1 : text[i + 1] === 'u' ? 6 : 2;
    length += 1;
  }
  return { end: i, length };
};
