import { type ArgumentMetadata, type PipeTransform, type ValidationError, ValidationPipe } from '@nestjs/common';
import { type Finding, problem } from '../../domain/problem.js';

const BadRequest = problem(400, 400, 'Bad Request', '%s');
const EMPTY = 'Request payload cannot be empty.';
const DISALLOWED = 'One or more request body parameters contain disallowed values.';
/** Constraints that mean a value of another type, as opposed to one out of bounds. */
const TYPE_RULES = new Set(['isString', 'isInt', 'isNumber', 'isBoolean', 'isArray', 'isObject', 'isIn', 'isEnum', 'nestedValidation']);

interface Broken {
  readonly path: string;
  readonly rule: string;
  readonly text: string;
  readonly missing: boolean;
}

/** Checks bodies against their DTO classes and words the refusals as the wire has them (`reference/error-codes.md` §3). */
export class BodyValidation implements PipeTransform {
  private readonly pipe = new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    forbidUnknownValues: false,
    validateCustomDecorators: false,
    exceptionFactory: (errors) => refusalOf(errors),
  });

  async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type !== 'body' || !metadata.metatype || BUILT_IN.has(metadata.metatype)) return value;
    if (value === undefined || value === null) throw BadRequest(EMPTY);
    if (typeof value !== 'object' || (Array.isArray(value) && metadata.metatype !== Array)) throw BadRequest(DISALLOWED);
    if (!isStorable(value)) throw BadRequest(DISALLOWED);
    return this.pipe.transform(value, metadata);
  }
}

/** Nested deeper than any definition; what walks such a value would run out of stack. */
const DEPTH_MAX = 200;

/** Postgres has no way to hold a zero byte or half a surrogate pair, neither in a value nor in a key. */
const isStorable = (value: unknown, depth = 0): boolean => {
  if (typeof value === 'string') return !value.includes('\0') && value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  return depth < DEPTH_MAX && Object.entries(value).every(([key, item]) => isStorable(key) && isStorable(item, depth + 1));
};

const BUILT_IN = new Set<unknown>([String, Number, Boolean, Object, Array]);

/** Validates an object that came another way than as a JSON body, such as the JSON inside a form field. */
export const validateAs = async <T extends object>(type: new () => T, value: unknown): Promise<T> =>
  new BodyValidation().transform(value, { type: 'body', metatype: type }) as Promise<T>; // the pipe returns an instance of the metatype

const refusalOf = (errors: readonly ValidationError[]) => {
  const broken = errors.flatMap((error) => flatten(error, ''));
  const unknown = broken.find(({ rule }) => rule === 'whitelistValidation');
  if (unknown) return BadRequest(`Unrecognized property '${unknown.path.split('.').at(-1) ?? ''}'`);
  if (broken.some(({ rule, missing }) => TYPE_RULES.has(rule) && !missing)) return BadRequest(DISALLOWED);
  const findings: Finding[] = broken.map(({ path, text }) => ({ code: `400_${path}`, message: `${path}: ${text}` }));
  return BadRequest('Validation Error').withFindings(findings);
};

const flatten = (error: ValidationError, parent: string): readonly Broken[] => {
  const path = parent ? `${parent}.${error.property}` : error.property;
  const missing = error.value === undefined || error.value === null;
  const own = Object.entries(error.constraints ?? {}).map(([rule, text]) => ({
    path,
    rule,
    text: missing ? 'must not be null' : text.replace(`${error.property} `, ''),
    missing,
  }));
  // One finding for a missing property, however many rules it breaks.
  return [...(missing ? own.slice(0, 1) : own), ...(error.children ?? []).flatMap((child) => flatten(child, path))];
};
