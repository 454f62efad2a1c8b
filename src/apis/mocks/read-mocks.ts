import type { MockDocument } from '../../domain/gateway-documents.js';
import { isObject, type JsonObject } from '../definitions/json-document.js';
import { operationsIn, pathsOf } from '../definitions/openapi.js';
import { readMockScript } from './mock-script.js';
import { MOCK_SCRIPT } from './write-mocks.js';

/** What the generated scripts of a definition answer, by `<VERB> <path>`. Operations with a script of somebody's own, or with none, are left out. */
export const mocksIn = (document: JsonObject): Readonly<Record<string, MockDocument>> => {
  const mocks: (readonly [string, MockDocument])[] = [];
  for (const [path, item] of pathsOf(document)) {
    for (const [verb, operation] of operationsIn(item)) {
      const script = operation[MOCK_SCRIPT];
      const read = typeof script === 'string' ? readMockScript(script) : undefined;
      if (read === undefined) continue;
      const responses = Object.entries(read.responses).map(([status, payloads]) => [status, textsOf(payloads)]);
      mocks.push([`${verb.toUpperCase()} ${path}`, { usual: read.usual, responses: Object.fromEntries(responses) }]);
    }
  }
  return Object.fromEntries(mocks);
};

const textsOf = (payloads: unknown): MockDocument['responses'][string] => {
  const { json, xml } = isObject(payloads) ? payloads : {};
  return { ...(json !== undefined && { json: JSON.stringify(json) }), ...(typeof xml === 'string' && { xml }) };
};
