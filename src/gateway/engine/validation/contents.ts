import type { ContentDocument } from '../../../domain/gateway-documents.js';
import { strictText } from '../mediation/threats.js';
import { define, fieldsOf, oneOrAll } from './parameter-values.js';
import { hasRepeatedNames } from './repeated-names.js';
import type { SchemaCheck, SchemaSet } from './schema-set.js';

const JSON_TYPE = /^[^/]+\/(?:[^/]+\+)?json$/;
const FORM_TYPE = 'application/x-www-form-urlencoded';
const TEXT_TYPE = /^text\/(?!(?:[^/]+\+)?(?:xml|json)$)/;

/** A described media type, ready to be compared. */
interface Content {
  readonly type: string;
  readonly typed: SchemaCheck | null;
  readonly ofTexts: SchemaCheck | null;
}

/** The described bodies of one message. */
export class Contents {
  private readonly contents: readonly Content[];

  constructor(documents: readonly ContentDocument[], schemas: SchemaSet) {
    this.contents = documents
      .map(({ type, schema }) => ({
        type: type.split(';', 1)[0]?.trim().toLowerCase() ?? '',
        typed: schema === undefined ? null : schemas.check(schema),
        ofTexts: schema === undefined ? null : schemas.checkOfText(schema),
      }))
      // Of the ranges that a type lies in, the narrowest describes it.
      .sort((a, b) => breadth(a.type) - breadth(b.type));
  }

  get isEmpty(): boolean {
    return this.contents.length === 0;
  }

  /** Whether any body is looked into, and so has to be held. */
  get wantsBodies(): boolean {
    return this.contents.some(({ type, typed }) => typed !== null && (type.includes('*') || isReadable(type)));
  }

  /** What describes a body of this media type. */
  find(mediaType: string): Content | undefined {
    return this.contents.find(({ type }) => type === mediaType || isInRange(type, mediaType));
  }

  /** Whether bodies of this media type are looked into. */
  looksInto(mediaType: string): boolean {
    const content = this.find(mediaType);
    return content !== undefined && content.typed !== null && isReadable(mediaType);
  }

  /** What is wrong with a body that is looked into; `isStrict` where others read it after us and must not read anything else. */
  messages(mediaType: string, body: Buffer, isStrict: boolean): readonly string[] {
    const { typed, ofTexts } = this.find(mediaType) ?? {};
    if (!typed || !ofTexts) return [];
    const text = strictText(body);
    if (text === undefined) return ['body is not in UTF-8'];
    if (mediaType === FORM_TYPE) return ofTexts.messages(formOf(text), 'body');
    if (!JSON_TYPE.test(mediaType)) return ofTexts.messages(text, 'body');
    try {
      const value: unknown = JSON.parse(text);
      if (isStrict && hasRepeatedNames(text, value)) return ['body has a name twice in one object'];
      return typed.messages(value, 'body');
    } catch (err) {
      if (err instanceof SyntaxError) return ['body is not JSON'];
      throw err;
    }
  }
}

const breadth = (type: string): number => (type === '*/*' ? 2 : type.includes('*') ? 1 : 0);

const isInRange = (range: string, type: string): boolean =>
  range === '*/*' || (range.endsWith('/*') && type.startsWith(range.slice(0, -1)));

const isReadable = (type: string): boolean => JSON_TYPE.test(type) || type === FORM_TYPE || TEXT_TYPE.test(type);

const formOf = (text: string): unknown => {
  const form: Record<string, unknown> = {};
  for (const [name, values] of fieldsOf(text)) define(form, name, oneOrAll(values));
  return form;
};
