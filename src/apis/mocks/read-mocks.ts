import type { MockDocument } from '../../domain/gateway-documents.js';
import { isObject, type JsonObject } from '../definitions/json-document.js';
import { operationsIn, pathsOf } from '../definitions/openapi.js';
import { scriptMistake } from './check-mocks.js';
import { readMockScript } from './mock-script.js';
import { MOCK_SCRIPT } from './write-mocks.js';

/** What the scripts of a definition answer, by `<VERB> <path>`. Operations with none, or with one that cannot run, are left out. */
export const mocksIn = (document: JsonObject): Readonly<Record<string, MockDocument>> => {
  const mocks: (readonly [string, MockDocument])[] = [];
  for (const [path, item] of pathsOf(document)) {
    for (const [verb, operation] of operationsIn(item)) {
      const script = operation[MOCK_SCRIPT];
      const mock = typeof script === 'string' ? mockOf(script) : undefined;
      if (mock !== undefined) mocks.push([`${verb.toUpperCase()} ${path}`, mock]);
    }
  }
  return Object.fromEntries(mocks);
};

/** A generated script as plain data, any other as it is. */
const mockOf = (script: string): MockDocument | undefined => {
  const read = readMockScript(script);
  if (read === undefined) return scriptMistake(script) === undefined ? { usual: '501', responses: {}, script } : undefined;
  const responses = Object.entries(read.responses).map(([status, payloads]) => [status, textsOf(payloads)]);
  return { usual: read.usual, responses: Object.fromEntries(responses) };
};

const textsOf = (payloads: unknown): MockDocument['responses'][string] => {
  const { json, xml } = isObject(payloads) ? payloads : {};
  return { ...(json !== undefined && { json: JSON.stringify(json) }), ...(typeof xml === 'string' && { xml }) };
};
