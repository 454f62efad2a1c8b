import { likePattern, type SearchTerm, type SearchValue } from '../api-query.js';

/** What stands between words, as `search_text` in the database has it, except the wildcard. */
const SEPARATORS = /[\0-)+-/:-@[-^`{-\u007f\u00a0-\u00bf\u2000-\u206f\u3000-\u303f\uff00-\uff0f]+/u;

/** A value as words: those that must be there as they are, and those with a wildcard in them. */
export interface SoughtWords {
  readonly plain: readonly string[];
  /** Patterns for SQL `LIKE`. */
  readonly patterns: readonly string[];
  /** Words in quotes that must follow each other; empty where there is nothing to check beyond the words. */
  readonly phrase: string;
}

export const soughtWords = ({ text, exact }: SearchValue): SoughtWords => {
  const all = text
    .toLowerCase()
    .split(SEPARATORS)
    .filter((word) => word.replaceAll('*', '') !== '');
  const plain = all.filter((word) => !word.includes('*'));
  const patterns = all.filter((word) => word.includes('*')).map((word) => likePattern({ text: word, exact: true }));
  return { plain, patterns, phrase: exact && patterns.length === 0 && plain.length > 1 ? ` ${plain.join(' ')} ` : '' };
};

/** Gives the placeholder of one more parameter of the statement. */
type Next = (value: unknown) => string;

/** Stands in front of a word of a text that the developer portal does not show. */
const HIDDEN = '!';

/** Which words of a text count: all of them, or those that the developer portal shows. */
export type CountingWords = 'all' | 'shown';

/**
 * Condition on `search_texts AS texts`: its words are those of one of the values, whole and in any order unless in quotes. What a wildcard stands for is
 * looked up among the words the tenant ever used. `organization` is a placeholder.
 */
export const wordsCondition = (values: readonly SearchValue[], organization: string, next: Next, counting: CountingWords = 'all'): string =>
  `(${values.map((value) => valueCondition(value, organization, next, counting)).join(' OR ')})`;

const valueCondition = (value: SearchValue, organization: string, next: Next, counting: CountingWords): string => {
  const { plain, patterns, phrase } = soughtWords(value);
  if (plain.length === 0 && patterns.length === 0) return /^\**$/.test(value.text) ? 'true' : 'false';
  // The words first, in a query of their own: joined to the texts, the planner may look through all words of a text for each of them.
  const near = (pattern: string) => `texts.words && (
    SELECT coalesce(array_agg(known.word), '{}') FROM search_words AS known WHERE known.organization = ${organization} AND ${
      counting === 'all'
        ? `known.word LIKE ANY (${next([pattern, `${HIDDEN}${pattern}`])}::text[])`
        : `known.word LIKE ${next(pattern)} AND known.word NOT LIKE '${HIDDEN}%'`
    })`;
  return [
    ...(counting === 'all' ? plain.map((word) => `texts.words && ${next([word, `${HIDDEN}${word}`])}::text[]`) : []),
    ...(counting === 'shown' && plain.length > 0 ? [`texts.words @> ${next(plain)}::text[]`] : []),
    ...patterns.map(near),
    ...(phrase === '' ? [] : [`' ' || texts.sought_text || ' ' LIKE ${next(likePattern({ text: phrase, exact: false }))}`]),
  ].join(' AND ');
};

/** As {@link wordsCondition}, of documents alone, which may also be found by a part of their name. */
export const documentsCondition = (values: readonly SearchValue[], organization: string, next: Next): string =>
  `texts.kind = 'DOC' AND texts.id IN (
    SELECT texts.id FROM search_texts AS texts WHERE texts.organization = ${organization} AND texts.kind = 'DOC' AND ${wordsCondition(values, organization, next)}
    UNION SELECT texts.id FROM search_texts AS texts
    WHERE texts.organization = ${organization} AND texts.kind = 'DOC' AND texts.sought_name LIKE ANY (${next(values.map(likePattern))}::text[]))`;

/** A term that looks for words as a condition on `search_texts AS texts`; every word of a document counts, once the document may be read. */
export const textsCondition = ({ field, values }: SearchTerm, organization: string, next: Next, counting: CountingWords = 'all'): string =>
  field === 'doc' ? documentsCondition(values, organization, next) : wordsCondition(values, organization, next, counting);
