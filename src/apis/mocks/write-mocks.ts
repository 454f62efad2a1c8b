import type { JsonObject } from '../definitions/json-document.js';
import { operationsIn, pathsOf } from '../definitions/openapi.js';
import { mockResponses } from './mock-responses.js';
import { mockScript } from './mock-script.js';
import { Sampler } from './sampler.js';

export const MOCK_SCRIPT = 'x-mediation-script';

/** The script of one operation, as the wire names it. */
export interface GeneratedMock {
  readonly path: string;
  /** In upper case. */
  readonly verb: string;
  readonly content: string;
}

/** Scripts for all operations of a definition, in its order. `document` is plain data, without exactly kept numbers. */
export function* generatedMocks(document: JsonObject, isWanted: (operation: JsonObject) => boolean = () => true): Generator<GeneratedMock> {
  const sampler = new Sampler(document);
  for (const [path, item] of pathsOf(document)) {
    for (const [verb, operation] of operationsIn(item)) {
      if (!isWanted(operation)) continue;
      yield { path, verb: verb.toUpperCase(), content: mockScript(mockResponses(document, operation, sampler)) };
    }
  }
}

/** Gives operations their scripts: all of them, or those that have none yet. */
export const writeMocks = (document: JsonObject, which: 'all' | 'missing'): void => {
  const plain: JsonObject = JSON.parse(JSON.stringify(document));
  const isWanted = (operation: JsonObject) => which === 'all' || typeof operation[MOCK_SCRIPT] !== 'string';
  const items = new Map(pathsOf(document));
  for (const { path, verb, content } of generatedMocks(plain, isWanted)) {
    const operation = items.get(path)?.[verb.toLowerCase()] as JsonObject; // the same document
    operation[MOCK_SCRIPT] = content;
  }
};
