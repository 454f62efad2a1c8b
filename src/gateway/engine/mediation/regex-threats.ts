import type { BuiltInPolicy } from './flows.js';
import { threat } from './threats.js';

/** Quotes and words of SQL (`reference/gateway.md` §16). Nothing in it repeats over what another match could begin with: its time is linear. */
const WORDS = /'|\b(?:alter|create|drop|truncate|delete\s+from|insert\s+into)\b/i;
const SELECT = /\bselect\b/i;
const FROM = /\bfrom\b/i;
const UNICODE_ESCAPE = /\\u([0-9a-fA-F]{4})/g;

const InQuery = threat('SQL-Injection Threat detected in Query Parameters');
const InHeaders = threat('SQL-Injection Threat detected in HTTP Headers');
const InPayload = threat('SQL-Injection Threat detected in Payload');

const isSuspicious = (text: string): boolean => {
  if (WORDS.test(text)) return true;
  const select = text.search(SELECT);
  return select >= 0 && FROM.test(text.slice(select));
};

/** The path and query with everything decoded that can be. */
const decoded = (rest: string): string => {
  if (!/[%+]/.test(rest)) return rest;
  const bytes = rest
    .replaceAll('+', ' ')
    .replace(/%([0-9a-fA-F]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
  return Buffer.from(bytes, 'latin1').toString();
};

const unescaped = (text: string): string =>
  text.includes('\\u') ? text.replace(UNICODE_ESCAPE, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))) : text;

/** Refuses requests with words of SQL in path, query, headers or body, also where they are percent-encoded or escaped as JSON does. */
export const regexPolicy: BuiltInPolicy = {
  requestBody: 'whole',
  request: () => (exchange) => {
    const { rest, outbound, body } = exchange;
    if (isSuspicious(decoded(rest)) || isSuspicious(decoded(decoded(rest)))) return InQuery;
    for (const part of outbound) if (isSuspicious(part)) return InHeaders;
    return body !== null && isSuspicious(unescaped(body.toString())) ? InPayload : undefined;
  },
};
