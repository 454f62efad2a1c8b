/** A query parameter as text: a repeated one arrives as a list, of which the first counts, and one with brackets as an object, which counts as none. */
export const queryText = (value: unknown): string | undefined => {
  const [first]: readonly unknown[] = Array.isArray(value) ? value : [value];
  return typeof first === 'string' ? first : undefined;
};
