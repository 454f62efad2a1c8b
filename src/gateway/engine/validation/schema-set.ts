import { createRequire } from 'node:module';
import type { Ajv2020 as Ajv, ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import type { fullFormats } from 'ajv-formats/dist/formats.js';
import { linearPatterns } from './linear-pattern.js';

// Loaded when the first schema is compiled: a gateway whose APIs have none does not carry the compiler.
const require = createRequire(import.meta.url);

const MESSAGES_MAX = 10;
/** Formats whose check takes time in proportion to the text, by the table of `ajv-formats` that has such a one. */
const FULL = ['date', 'time', 'date-time', 'uuid', 'ipv4', 'ipv6', 'byte', 'int32', 'int64', 'float', 'double', 'json-pointer'] as const;
const FAST = ['email', 'uri', 'uri-reference'] as const;

/** Checks values against one schema, which is compiled when the first of them comes. */
export interface SchemaCheck {
  /** What is wrong with the value, each part as a text that begins with `label`; none when nothing is. Never quotes the value. */
  messages(value: unknown, label: string): readonly string[];
}

/**
 * The schemas of one API. Every shared schema is a unit of its own that is compiled when a value first reaches it: however large a definition is, no
 * request waits for more of it than it touches, and none of it is compiled twice.
 */
export class SchemaSet {
  private readonly typed: Compiler;
  private readonly texts: Compiler;

  constructor(shared: readonly string[]) {
    this.typed = new Compiler(shared, false);
    this.texts = new Compiler(shared, true);
  }

  /** A check of values that come with their types. */
  check(schema: string): SchemaCheck {
    return new LazyCheck(schema, this.typed, false);
  }

  /** A check of values that come as texts: they are taken for what the schema asks for, if they can be. */
  checkOfText(schema: string): SchemaCheck {
    return new LazyCheck(`{"type":"object","properties":{"value":${schema}}}`, this.texts, true);
  }

  /** Compiles everything shared. @throws Error that says what cannot be compiled. */
  verify(): void {
    this.typed.verify();
  }
}

class LazyCheck implements SchemaCheck {
  private validate: ValidateFunction | undefined;

  constructor(
    private readonly schema: string,
    private readonly compiler: Compiler,
    private readonly isWrapped: boolean,
  ) {}

  messages(value: unknown, label: string): readonly string[] {
    this.validate ??= this.compiler.compile(this.schema);
    try {
      if (this.validate(this.isWrapped ? { value } : value)) return [];
    } catch (err) {
      if (err instanceof RangeError) return [`${label} is nested too deeply`];
      throw err;
    }
    const skipped = this.isWrapped ? '/value'.length : 0;
    return (this.validate.errors ?? []).slice(0, MESSAGES_MAX).map((error) => textOf(error, label, skipped));
  }
}

const textOf = ({ instancePath, message }: ErrorObject, label: string, skipped: number): string =>
  `${label}${instancePath.slice(skipped)} ${message ?? 'is not valid'}`;

class Compiler {
  private ajv: Ajv | undefined;
  private isSharedAdded = false;
  private readonly compiled: (ValidateFunction | undefined)[] = [];

  constructor(
    private readonly shared: readonly string[],
    private readonly isCoercing: boolean,
  ) {}

  compile(schema: string): ValidateFunction {
    this.ajv ??= this.newAjv();
    if (!this.isSharedAdded && schema.includes('"$ref":"shared:')) this.addShared(this.ajv);
    return this.ajv.compile(JSON.parse(schema));
  }

  verify(): void {
    for (const index of this.shared.keys()) this.at(index);
  }

  private at(index: number): ValidateFunction {
    const known = this.compiled[index];
    if (known !== undefined) return known;
    const validate = this.compile(this.shared[index] ?? 'true');
    this.compiled[index] = validate;
    return validate;
  }

  private newAjv(): Ajv {
    const { Ajv2020 }: typeof import('ajv/dist/2020.js') = require('ajv/dist/2020.js');
    const formats: { fullFormats: typeof fullFormats; fastFormats: typeof fullFormats } = require('ajv-formats/dist/formats.js');
    const ajv = new Ajv2020({
      strict: false,
      logger: false,
      validateSchema: false,
      ownProperties: true,
      coerceTypes: this.isCoercing,
      code: { regExp: linearPattern },
    });
    for (const name of FULL) ajv.addFormat(name, formats.fullFormats[name]);
    for (const name of FAST) ajv.addFormat(name, formats.fastFormats[name]);
    ajv.addKeyword({ keyword: 'x-shared', errors: 'full', validate: this.sharedKeyword() });
    // The one that ajv has compares every item with every other.
    ajv.removeKeyword('uniqueItems');
    ajv.addKeyword({ keyword: 'uniqueItems', type: 'array', error: { message: 'must NOT have duplicate items' }, validate: isUnique });
    return ajv;
  }

  /** Makes the shared schemas known by their names, for schemas that look through references. */
  private addShared(ajv: Ajv): void {
    this.isSharedAdded = true;
    for (const [index, text] of this.shared.entries()) {
      const schema: unknown = JSON.parse(text);
      ajv.addSchema(typeof schema === 'object' && schema !== null ? schema : { allOf: [schema] }, `shared:${index}`);
    }
  }

  /** Stands for the shared schema of an index without having it compiled into its own. */
  private sharedKeyword() {
    const validate: KeywordCheck = (index: number, data: unknown, _parent?: unknown, place?: Place): boolean => {
      const check = this.at(index);
      const isValid = check(data, place);
      // A copy, as the same check may run again further up before these errors are read.
      validate.errors = isValid ? [] : [...(check.errors ?? [])];
      return isValid;
    };
    return validate;
  }
}

type Place = Parameters<ValidateFunction>[1];

interface KeywordCheck {
  (index: number, data: unknown, parent?: unknown, place?: Place): boolean;
  errors?: Partial<ErrorObject>[];
}

const isUnique = (isAsked: boolean, items: readonly unknown[]): boolean =>
  !isAsked || new Set(items.map((item) => JSON.stringify(item, inOrder))).size === items.length;

/** Objects with their keys in order, so that equal ones read the same. */
const inOrder = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** Patterns are the publisher's, texts anybody's: they are matched in time linear in the text. @throws Error for one that cannot be. */
const linearPattern = Object.assign(
  (pattern: string) => {
    const engine = linearPatterns();
    const compiled = engine.compile(engine.translateRegExp(pattern));
    return { test: (text: string): boolean => compiled.matcher(text).find() } as RegExp;
  },
  { code: 'linearPattern' },
);
