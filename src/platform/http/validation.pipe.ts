import { type ArgumentMetadata, type PipeTransform, type ValidationError, ValidationPipe } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { type Finding, problem } from '../../domain/problem.js';
import { mapInTurns, nextTurn, TURN_ITEMS } from '../turns/turns.js';
import { type Class, certainBuild, nestedTypeOf } from './certain-items.js';

const BadRequest = problem(400, 400, 'Bad Request', '%s');
const EMPTY = 'Request payload cannot be empty.';
const DISALLOWED = 'One or more request body parameters contain disallowed values.';
/** Constraints that mean a value of another type, as opposed to one out of bounds. */
const TYPE_RULES = new Set([
  'isString',
  'isInt',
  'isNumber',
  'isBoolean',
  'isArray',
  'isObject',
  'isTextMap',
  'isIn',
  'isEnum',
  'nestedValidation',
]);

interface Broken {
  readonly path: string;
  readonly rule: string;
  readonly text: string;
  readonly missing: boolean;
}

/** Checks bodies against their DTO classes and words the refusals as the wire has them (`reference/error-codes.md` §3). */
export class BodyValidation implements PipeTransform {
  private readonly pipe: ValidationPipe;

  constructor(unknownProperties: 'refused' | 'dropped' = 'refused') {
    this.pipe = new ValidationPipe({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: unknownProperties === 'refused',
      forbidUnknownValues: false,
      validateCustomDecorators: false,
      exceptionFactory: (errors) => new Refused(errors),
    });
  }

  async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    if (metadata.type !== 'body' || !metadata.metatype || BUILT_IN.has(metadata.metatype)) return value;
    if (value === undefined || value === null) throw BadRequest(EMPTY);
    if (typeof value !== 'object' || (Array.isArray(value) && metadata.metatype !== Array)) throw BadRequest(DISALLOWED);
    if (!(await isStorable(value))) throw BadRequest(DISALLOWED);
    const lists = await this.longLists(metadata.metatype as Class, value as Wire); // no built-in, as was just seen
    // The lists are checked by themselves: class-validator would hold everybody up for a second over ten thousand items.
    const { value: body, broken } = await this.validated(
      withLists(value as Wire, lists, () => []),
      metadata,
    );
    const refused = [...broken, ...lists.flatMap((list) => list.broken)];
    if (refused.length > 0) throw refusalOf(refused);
    return withLists(body as Wire, lists, ({ items }) => items);
  }

  /** The instance, or what is wrong with the value. */
  private async validated(
    value: unknown,
    metadata: ArgumentMetadata,
  ): Promise<{ readonly value?: unknown; readonly broken: readonly Broken[] }> {
    try {
      return { value: await this.pipe.transform(value, metadata), broken: [] };
    } catch (err) {
      if (err instanceof Refused) return { broken: err.errors.flatMap((error) => flatten(error, '')) };
      throw err;
    }
  }

  private async longLists(type: Class, value: Wire): Promise<readonly LongList[]> {
    const lists: LongList[] = [];
    for (const [property, items] of Object.entries(value)) {
      if (!isLong(items) && !(Array.isArray(items) && items.some(holdsLong))) continue;
      const itemType = nestedTypeOf(type, property);
      const build = itemType && certainBuild(itemType);
      if (build) lists.push(await this.longList(type, property, itemType, items, await mapInTurns(items, build)));
    }
    return lists;
  }

  /** Gives the items that are not certainly good to class-validator, each in a list of its own. */
  private async longList(
    metatype: Class,
    property: string,
    itemType: Class,
    sent: readonly unknown[],
    built: (object | undefined)[],
  ): Promise<LongList> {
    const broken: Broken[] = [];
    for (const [index, item] of built.entries()) {
      if (item !== undefined || broken.length >= BROKEN_MAX) continue;
      // What else the body lacks is found with the whole body.
      const { broken: found } = await this.validated({ [property]: [sent[index]] }, { type: 'body', metatype });
      const here = found.filter(({ path }) => path === property || path.startsWith(`${property}.0`));
      broken.push(...here.map((one) => ({ ...one, path: one.path.replace(`${property}.0`, `${property}.${index}`) })));
      if (here.length === 0) built[index] = plainToInstance(itemType, sent[index]) as object; // an object, or it would be broken
      await nextTurn();
    }
    return { property, items: built, broken };
  }
}

/** A body as it came, or the instance made of it. */
type Wire = Readonly<Record<string, unknown>>;

interface LongList {
  readonly property: string;
  readonly items: readonly unknown[];
  readonly broken: readonly Broken[];
}

/** A list that would hold everybody up. */
const isLong = (value: unknown): value is readonly unknown[] => Array.isArray(value) && value.length > TURN_ITEMS;

/** Whether an item has such a list, as the only member of a product may have all of its resources. */
const holdsLong = (item: unknown): boolean => typeof item === 'object' && item !== null && Object.values(item).some(isLong);

/** More findings of one list than anybody reads. */
const BROKEN_MAX = 100;

/** The value with other items in its long lists; an instance stays one. */
const withLists = (value: Wire, lists: readonly LongList[], itemsOf: (list: LongList) => readonly unknown[]): object =>
  lists.length === 0
    ? value
    : Object.setPrototypeOf(
        { ...value, ...Object.fromEntries(lists.map((list) => [list.property, itemsOf(list)])) },
        Object.getPrototypeOf(value),
      );

/** How the pipe hands over what is wrong. */
class Refused extends Error {
  constructor(readonly errors: readonly ValidationError[]) {
    super('validation failed');
  }
}

/** Nested deeper than any definition; what walks such a value would run out of stack. */
const DEPTH_MAX = 200;

/** Values that are looked at in one turn of the event loop. */
const TURN_VALUES = 20_000;

/** Postgres has no way to hold a zero byte or half a surrogate pair, neither in a value nor in a key. */
const isStorable = async (body: object): Promise<boolean> => {
  let level: readonly object[] = [body];
  let seen = 0;
  // Level by level, so that no nesting runs out of stack.
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth >= DEPTH_MAX) return false;
    const below: object[] = [];
    for (const container of level) {
      if (!Array.isArray(container) && !Object.keys(container).every(isText)) return false;
      for (const value of Object.values(container)) {
        seen += 1;
        if (typeof value === 'string' && !isText(value)) return false;
        if (typeof value === 'object' && value !== null) below.push(value);
      }
      if (seen < TURN_VALUES) continue;
      seen = 0;
      await nextTurn();
    }
    level = below;
  }
  return true;
};

const isText = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

const BUILT_IN = new Set<unknown>([String, Number, Boolean, Object, Array]);

/** Validates an object that came another way than as a JSON body, such as the JSON inside a form field. */
export const validateAs = async <T extends object>(type: new () => T, value: unknown): Promise<T> =>
  new BodyValidation().transform(value, { type: 'body', metatype: type }) as Promise<T>; // the pipe returns an instance of the metatype

/** As {@link validateAs}, for objects that another installation wrote: properties the class does not have are left out. */
export const validateKnown = async <T extends object>(type: new () => T, value: unknown): Promise<T> =>
  new BodyValidation('dropped').transform(value, { type: 'body', metatype: type }) as Promise<T>; // as above

const refusalOf = (broken: readonly Broken[]) => {
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
