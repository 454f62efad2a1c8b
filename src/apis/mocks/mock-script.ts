import { isObject } from '../definitions/json-document.js';
import type { MockPayloads, MockResponses } from './mock-responses.js';

const NOT_IMPLEMENTED: MockPayloads = {
  json: { code: 501, description: 'Not Implemented' },
  xml: '<response><code>501</code><description>Not Implemented</description></response>',
};

/** How a script chooses among its responses; `mc` is the gateway's message (`reference/mediation.md` §5). */
const CHOICE = `
var asked = mc.getProperty('query.param.responseCode');
var status = asked === null || asked === undefined || asked === '' ? usual : String(asked);
var isStatus = /^[1-5][0-9][0-9]$/.test(status);
var response = (isStatus && (responses[status] || responses[status.charAt(0) + 'XX'])) || responses['default'];
if (!response) {
  status = '501';
  response = notImplemented;
} else if (!isStatus) {
  status = '200';
}

var accept = String(mc.getProperty('AcceptHeader') || '').toLowerCase();
var prefersXml = accept.indexOf('xml') >= 0 && accept.indexOf('json') < 0;
mc.setProperty('HTTP_SC', status);
if (response.xml !== undefined && (prefersXml || response.json === undefined)) {
  mc.setProperty('CONTENT_TYPE', 'application/xml');
  mc.setPayloadXML(response.xml);
} else {
  mc.setProperty('CONTENT_TYPE', 'application/json');
  mc.setPayloadJSON(response.json === undefined ? {} : response.json);
}
`;

/**
 * The script that answers for an operation: with the status of the query parameter \`responseCode\`, the lowest declared one where there is none; for
 * a status that is not declared the default response, else 501; in the media type of \`Accept\` as far as it is declared.
 */
export const mockScript = (responses: MockResponses): string =>
  [
    `var responses = ${literal(responses)};`,
    `var notImplemented = ${literal(NOT_IMPLEMENTED)};`,
    `var usual = ${literal(usualStatus(responses))};`,
    CHOICE,
  ].join('\n');

const HEAD = 'var responses = ';
const MIDDLE = `;\nvar notImplemented = ${JSON.stringify(NOT_IMPLEMENTED, null, 2)};\nvar usual = `;
const END = `;\n${CHOICE}`;

/** What a generated script says, also after somebody changed nothing but its payloads; undefined for any other script, which only JavaScript can tell. */
export const readMockScript = (
  script: string,
): { readonly responses: Readonly<Record<string, unknown>>; readonly usual: string } | undefined => {
  const middle = script.lastIndexOf(MIDDLE);
  if (!script.startsWith(HEAD) || middle < 0 || !script.endsWith(END)) return undefined;
  try {
    const responses: unknown = JSON.parse(script.slice(HEAD.length, middle).replaceAll('["__proto__"]:', '"__proto__":'));
    const usual: unknown = JSON.parse(script.slice(middle + MIDDLE.length, -END.length));
    return isObject(responses) && typeof usual === 'string' ? { responses, usual } : undefined;
  } catch {
    return undefined;
  }
};

/** The lowest declared status; a range counts as its first one. */
const usualStatus = (responses: MockResponses): string => {
  const statuses = Object.keys(responses).map((status) => Number(status.replace('XX', '00')));
  const declared = statuses.filter(Number.isInteger);
  return declared.length > 0 ? String(Math.min(...declared)) : 'default';
};

/** The value as JavaScript; a key that would set the prototype is computed. */
const literal = (value: unknown): string => JSON.stringify(value, null, 2).replaceAll('"__proto__":', '["__proto__"]:');
