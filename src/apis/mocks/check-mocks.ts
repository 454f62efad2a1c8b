import { checkScript } from '../../gateway/engine/scripts/script.js';
import { DefinitionError } from '../../gateway/engine/sequences/message.js';
import type { DefinitionFinding } from '../definitions/definition.js';
import type { JsonObject } from '../definitions/json-document.js';
import { operationsIn, pathsOf } from '../definitions/openapi.js';
import { readMockScript } from './mock-script.js';
import { MOCK_SCRIPT } from './write-mocks.js';

/** Why a script cannot run, with its line; undefined when it can. Generated ones may be long: the gateway does not run them. */
export const scriptMistake = (script: string): string | undefined => {
  try {
    checkScript(script);
    return undefined;
  } catch (err) {
    if (!(err instanceof DefinitionError)) throw err;
    return readMockScript(script) === undefined ? err.message : undefined;
  }
};

/** The mock scripts of a definition that cannot run. */
export const mockFindings = (document: JsonObject): readonly DefinitionFinding[] =>
  pathsOf(document).flatMap(([path, item]) =>
    operationsIn(item).flatMap(([verb, operation]) => {
      const script = operation[MOCK_SCRIPT];
      const mistake = typeof script === 'string' ? scriptMistake(script) : undefined;
      if (mistake === undefined) return [];
      const place = `/paths/${path.replaceAll('~', '~0').replaceAll('/', '~1')}/${verb}/${MOCK_SCRIPT}`;
      return [{ code: 400, message: 'Bad Request', description: `${place}: ${mistake}` }];
    }),
  );
