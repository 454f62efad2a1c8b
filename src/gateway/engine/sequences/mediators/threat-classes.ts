import { readXml, type XmlLimits } from '../../mediation/read-xml.js';
import { threat } from '../../mediation/threats.js';
import type { FlowMessage, Step } from '../flow-message.js';
import { type JavaPattern, javaPattern } from '../java-pattern.js';
import { essenceOf } from '../media-types.js';
import { MediationError, type Outcome } from '../message.js';
import { textOf } from '../values.js';

/** Classes of the product that protect from hostile bodies, told what to look for by properties (`reference/mediation.md` §8). */
const PATTERNS_MAX = 16;
const XML_PREFIX = 'Request is failed due to an XML schema validation failure: ';
const XML_TYPES: readonly string[] = ['application/xml', 'text/xml'];

const refused = (message: FlowMessage, description: string): Outcome => {
  message.ending = { kind: 'refuse', refusal: threat(description) };
  return 'stop';
};

const property = (message: FlowMessage, name: string): string => textOf(message.get('default', name));
const isOff = (message: FlowMessage, name: string): boolean => property(message, name) === 'false';

/** Refuses requests in which the pattern `regex` is found: in the body, the headers, the path and query, unless a switch leaves them out. */
export const regularExpressionProtector = (): Step => {
  const patterns = new Map<string, JavaPattern>();
  const patternOf = (source: string): JavaPattern => {
    const known = patterns.get(source);
    if (known !== undefined) return known;
    const pattern = javaPattern(source);
    if (patterns.size >= PATTERNS_MAX) patterns.clear();
    patterns.set(source, pattern);
    return pattern;
  };
  return (message) => {
    if (message.isResponse || message.isFault) return 'continue';
    const source = property(message, 'regex');
    if (source === '') return refused(message, 'Threat detection key words are missing');
    const pattern = patternOf(source);
    const found = (place: string): Outcome => refused(message, `${property(message, 'threatType')} Threat detected in ${place}`.trim());
    if (!isOff(message, 'enabledCheckPathParams') && pattern.finds(decoded(textOf(message.get('axis2', 'REST_URL_POSTFIX')))))
      return found('Query Parameters');
    if (!isOff(message, 'enabledCheckHeaders')) {
      for (const name of message.names('transport'))
        if (pattern.finds(textOf(message.get('transport', name)))) return found('HTTP Headers');
    }
    return !isOff(message, 'enabledCheckBody') && pattern.finds(message.payload.text()) ? found('Payload') : 'continue';
  };
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text; // no UTF-8: as sent
  }
};

/** Refuses XML beyond the limits that properties name; a document type is always refused. */
export const xmlSchemaValidator = (): Step => (message) => {
  const type = essenceOf(textOf(message.get('transport', 'Content-Type')));
  const isChecked = XML_TYPES.includes(type) && textOf(message.get('axis2', 'HTTP_METHOD')) !== 'GET' && !isOff(message, 'xmlValidation');
  if (message.isResponse || message.isFault || !isChecked || message.payload.isEmpty) return 'continue';
  if (property(message, 'schemaValidation') === 'true') throw new MediationError('0', 'Bodies cannot be checked against an XML schema yet');
  try {
    readXml(message.payload.write(null).toString(), limitsOf(message));
    return 'continue';
  } catch (err) {
    return refused(message, XML_PREFIX + (err instanceof Error ? err.message : String(err)));
  }
};

const limitsOf = (message: FlowMessage): XmlLimits => {
  const limit = (name: string): number => {
    const text = property(message, name);
    const value = Number(text);
    if (text !== '' && !Number.isInteger(value)) throw new MediationError('0', `'${name}' is no number`);
    return text === '' ? Number.POSITIVE_INFINITY : value;
  };
  return {
    depth: Math.min(limit('maxXMLDepth'), 500),
    elements: limit('maxElementCount'),
    attributes: limit('maxAttributeCount'),
    attributeLength: limit('maxAttributeLength'),
    children: limit('maxChildrenPerElement'),
  };
};
