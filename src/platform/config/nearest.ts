/** Edit distance between two words (insert, delete, replace). */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
};

/** The word closest to the given one, for "did you mean"; undefined when there are none. */
export const nearest = (word: string, known: readonly string[]): string | undefined =>
  known.reduce<string | undefined>(
    (best, each) => (best === undefined || distance(word, each) < distance(word, best) ? each : best),
    undefined,
  );
