import type { BuiltInPolicy } from './flows.js';
import { readXml, type XmlLimits } from './read-xml.js';
import { bodyToCheck, strictText, threat } from './threats.js';

const TYPES = ['application/xml', 'text/xml'];
const PREFIX = 'Request is failed due to an XML schema validation failure: ';
const LIMITS: XmlLimits = { depth: 100, elements: 100, attributes: 100, attributeLength: 100, children: 100 };

/** Refuses XML bodies that are malformed, bring a document type or exceed a limit. */
export const xmlValidator: BuiltInPolicy = {
  requestBody: 'whole',
  request: () => (exchange) => {
    const body = bodyToCheck(exchange, TYPES);
    if (body === null) return undefined;
    const text = strictText(body);
    if (text === undefined) return threat(`${PREFIX}The body is not in UTF-8`);
    try {
      readXml(text, LIMITS);
      return undefined;
    } catch (err) {
      return threat(PREFIX + (err instanceof Error ? err.message : String(err)));
    }
  },
};
