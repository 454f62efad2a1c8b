/**
 * Whether the whole text is the pieces with anything between them; the pieces are what a pattern's `*` separates. Takes time in proportion to the
 * text, whatever the pattern.
 */
export const matchesPieces = (pieces: readonly string[], text: string): boolean => {
  const first = pieces[0] ?? '';
  if (pieces.length < 2) return text === first;
  const last = pieces[pieces.length - 1] ?? '';
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (let i = 1; i < pieces.length - 1; i += 1) {
    const piece = pieces[i] ?? '';
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= text.length - last.length;
};
