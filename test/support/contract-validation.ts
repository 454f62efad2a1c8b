import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { type Difference, exceptionName, WIRE_EXCEPTIONS } from '../wire-exceptions.js';
import { type Content, type Contract, contractsFolder, loadContract, matchOperation, type Operation, type Schema } from './contracts.js';
import { responseSchema } from './response-schema.js';

/** What one answer turned out to be; one line of `.conformance/observed/<pid>.jsonl`. */
export interface Observation {
  /** `publisher-v4 GET /apis/{apiId}`. */
  readonly operation: string;
  readonly status: number;
  readonly valid: boolean;
  readonly errors: readonly string[];
  /** Names of the wire exceptions this answer made use of. */
  readonly exceptions: readonly string[];
}

/** An answer as it came from the server; a JSON body is parsed, anything else is text or bytes. */
export interface SeenAnswer {
  readonly method: string;
  /** The path on the server, without the query. */
  readonly path: string;
  readonly status: number;
  readonly mediaType: string;
  readonly body: unknown;
}

const ajv = new Ajv({ allErrors: true, strict: false, logger: false, unicodeRegExp: false });
formats.default(ajv);
const compiled = new Map<Schema, ValidateFunction>();

const folder = contractsFolder();
if (!folder && process.env['CI']) throw new Error('The contracts are missing: set CONTRACTS_DIR, or put them at ../shared/contracts');

const observed = join(process.env['CONFORMANCE_DIR'] ?? '.conformance', 'observed');

/** Checks an answer against its contract, writes down what it showed, and gives what is wrong; does nothing where no contract has the operation or the contracts are absent. */
export const record = (answer: SeenAnswer): readonly string[] => {
  if (!folder) return [];
  const match = matchOperation(answer.method, answer.path, (name) => loadContract(name, folder));
  if (!match) return [];
  const observation = judge(loadContract(match.api.name, folder), match.operation, answer);
  mkdirSync(observed, { recursive: true });
  appendFileSync(join(observed, `${process.pid}.jsonl`), `${JSON.stringify(observation)}\n`);
  return observation.valid ? [] : [`${observation.operation} answered ${answer.status}: ${observation.errors.join('; ')}`];
};

/** Compares one answer with what the contract, and the table of exceptions, allow. */
export const judge = (contract: Contract, operation: Operation, answer: SeenAnswer): Observation => {
  const name = `${contract.name} ${operation.key}`;
  const exceptions = WIRE_EXCEPTIONS.filter((exception) => exception.operations.includes(name)).map(({ differs }) => differs);
  const used = new Set<Difference>();
  const errors =
    answer.status < 400
      ? successErrors(contract, operation, answer, exceptions, used)
      : failureErrors(contract, operation, answer, exceptions, used);
  return {
    operation: name,
    status: answer.status,
    valid: errors.length === 0,
    errors,
    exceptions: [...used].map((differs) => exceptionName(name, differs)),
  };
};

const successErrors = (
  contract: Contract,
  operation: Operation,
  answer: SeenAnswer,
  exceptions: readonly Difference[],
  used: Set<Difference>,
): readonly string[] => {
  const declared = declaredContent(operation, answer.status, exceptions, used);
  if (!declared) return [`status ${answer.status} is not declared`];
  return bodyErrors(contract, declared, answer).flatMap(({ pointer, text }) => {
    const excused = exceptions.find((differs) => 'body' in differs && pointerFits(differs.body, pointer));
    if (excused) used.add(excused);
    return excused ? [] : [text];
  });
};

const declaredContent = (
  operation: Operation,
  status: number,
  exceptions: readonly Difference[],
  used: Set<Difference>,
): Content | undefined => {
  const excused = exceptions.find(
    (differs) => ('instead' in differs && differs.instead === status) || ('also' in differs && differs.also === status),
  );
  if (excused && ('instead' in excused || 'also' in excused)) {
    used.add(excused);
    return (excused.of !== undefined && operation.responses.get(String(excused.of))) || new Map();
  }
  // Where another status stands in for this one, the contract's own is not to be answered any more.
  if (exceptions.some((differs) => 'instead' in differs && differs.of === status)) return undefined;
  // A conditional read may always be answered so: our answers carry an ETag.
  if (status === 304) return new Map();
  return operation.responses.get(String(status)) ?? operation.responses.get('default');
};

/**
 * Refusals by authentication, validation, media type and the product's error list come before or within any operation, declared or not;
 * their body is always the error object. A 5xx is never meant.
 */
const failureErrors = (
  contract: Contract,
  operation: Operation,
  answer: SeenAnswer,
  exceptions: readonly Difference[],
  used: Set<Difference>,
): readonly string[] => {
  if (answer.status >= 500) return [`status ${answer.status} is a failure of the server`];
  if (operation.method === 'HEAD') return [];
  const unshaped = exceptions.find((differs) => 'unshaped' in differs && differs.unshaped === answer.status);
  if (unshaped && !/json/.test(answer.mediaType)) {
    used.add(unshaped);
    return [];
  }
  const shaped = exceptions.find((differs) => 'also' in differs && differs.also === answer.status);
  if (shaped) used.add(shaped);
  const status = shaped && 'also' in shaped && shaped.of !== undefined ? shaped.of : answer.status;
  const declared = operation.responses.get(String(status));
  const content = declared && declared.size > 0 ? declared : errorContent(operation);
  return bodyErrors(contract, content, answer).flatMap(({ pointer, text }) => {
    const excused = exceptions.find((differs) => 'refusal' in differs && pointerFits(differs.refusal, pointer));
    if (excused) used.add(excused);
    return excused ? [] : [text];
  });
};

/** The error object of the API, taken from any refusal the operation declares with a body. */
const errorContent = (operation: Operation): Content =>
  [...operation.responses].find(([status, content]) => /^[45]/.test(status) && content.size > 0)?.[1] ?? new Map();

interface BodyError {
  readonly pointer: string;
  readonly text: string;
}

const bodyErrors = (contract: Contract, content: Content, answer: SeenAnswer): readonly BodyError[] => {
  const media = [...content.keys()];
  const json = media.find((type) => /json/.test(type));
  if (!json) return [];
  const empty = answer.body === undefined || answer.body === '';
  if (empty) return [{ pointer: '', text: `no body, although the contract declares ${json}` }];
  if (!/json/.test(answer.mediaType)) {
    return media.some((type) => !/json/.test(type))
      ? []
      : [{ pointer: '', text: `answered ${answer.mediaType || 'no media type'} instead of ${json}` }];
  }
  const schema = content.get(json);
  if (!schema) return [];
  const validate = compiled.get(schema) ?? ajv.compile(responseSchema(contract, schema));
  compiled.set(schema, validate);
  return validate(answer.body) ? [] : (validate.errors ?? []).map(worded);
};

const worded = (error: ErrorObject): BodyError => {
  const missing = error.keyword === 'required' ? `/${error.params['missingProperty']}` : '';
  const additional = error.keyword === 'additionalProperties' ? `/${error.params['additionalProperty']}` : '';
  const pointer = `${error.instancePath}${missing}${additional}`;
  if (missing) return { pointer, text: `${pointer} is missing` };
  if (additional) return { pointer, text: `${pointer} is not in the contract` };
  const values = error.keyword === 'enum' ? `: ${JSON.stringify(error.params['allowedValues'])}` : '';
  return { pointer, text: `${pointer || 'the body'} ${error.message ?? error.keyword}${values}` };
};

const pointerFits = (pattern: string, pointer: string): boolean => {
  const wanted = pattern.split('/');
  const parts = pointer.split('/');
  return wanted.length <= parts.length && wanted.every((part, index) => part === '*' || part === parts[index]);
};
