const TITLE_MAX = 200;
const TEXT_MAX = 4_000;

/** Control characters, marks that turn the direction of a line, and halves of characters have no business in source code. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A text of a definition on one line; undefined where there is none. */
export const lineOf = (value: unknown, max: number = TITLE_MAX): string | undefined => {
  if (typeof value !== 'string') return undefined;
  const line = value
    .slice(0, max * 2)
    .replace(UNPRINTABLE, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, max);
  return line === '' ? undefined : line;
};

/** A text of a definition with its paragraphs; undefined where there is none. */
export const textOf = (value: unknown): string | undefined => {
  if (typeof value !== 'string') return undefined;
  const lines = value.slice(0, TEXT_MAX).split(/\r\n|\r|\n/);
  const text = lines
    .map((line) => line.replace(UNPRINTABLE, ' ').trimEnd())
    .join('\n')
    .trim();
  return text === '' ? undefined : text;
};
