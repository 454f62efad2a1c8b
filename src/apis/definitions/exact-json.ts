import type { JsonObject } from './json-document.js';

/** Also of numbers that are too large for JavaScript. */
export const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * The number of a text, or the text itself kept for `JSON.stringify` where JavaScript would write another: whole numbers beyond 2^53, `1.0`, `-0`,
 * many decimals.
 */
export const exactNumber = (value: number, written: string): number | RawJson =>
  String(value) !== written && JSON_NUMBER.test(written) ? JSON.rawJSON(written) : value;

/** As `JSON.parse`, with every number such that `JSON.stringify` writes it as it was. */
export const parseExact = (text: string): unknown =>
  JSON.parse(text, (_, value, { source }) => (typeof value === 'number' && source !== undefined ? exactNumber(value, source) : value));

/** A stored definition, exactly. */
export const parseDocument = (content: string): JsonObject => parseExact(content) as JsonObject; // only objects are stored
