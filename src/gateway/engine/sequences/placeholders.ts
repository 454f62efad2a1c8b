/** A text taken apart: what stands between `${` and `}` apart from the text around it. */
export type TextPiece = { readonly text: string } | { readonly source: string };

/** Finds the `${…}` of a text; braces in quotes are text, and one that does not close leaves the rest as it is. */
export const textPieces = (text: string): readonly TextPiece[] => {
  const pieces: TextPiece[] = [];
  let from = 0;
  for (let start = text.indexOf('${'); start >= 0; start = text.indexOf('${', from)) {
    const end = closingBrace(text, start + 1);
    if (end < 0) break;
    if (start > from) pieces.push({ text: text.slice(from, start) });
    pieces.push({ source: text.slice(start + 2, end) });
    from = end + 1;
  }
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
};

/** Where the brace that opens at `start` closes, quotes passed over; -1 when it does not. */
export const closingBrace = (text: string, start: number): number => {
  let depth = 0;
  let quote = '';
  for (let at = start; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (quote !== '') {
      if (character === '\\') at += 1;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '{') depth += 1;
    else if (character === '}') {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return -1;
};
