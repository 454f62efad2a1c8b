const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Whether an object in a JSON text has a name twice: backends differ in which of the two they take (RFC 8259 §4). `value` is what the text was read as. In
 * time linear in the text.
 */
export const hasRepeatedNames = (text: string, value: unknown): boolean => namesIn(text) !== namesOf(value);

/** How many names the text, which is JSON, spells out: the strings with a colon behind them. */
const namesIn = (text: string): number => {
  let names = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at)) {
    at = endOfString(text, at + 1);
    while (isBlank(text.charCodeAt(at))) at += 1;
    if (text[at] === ':') names += 1;
  }
  return names;
};

const endOfString = (text: string, from: number): number => {
  let at = from;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at + 1;
};

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;

/** How many names the objects of a value have, all together. */
const namesOf = (value: unknown): number => {
  let names = 0;
  const waiting = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== 'object' || next === null) continue;
    const members: readonly unknown[] = Object.values(next);
    if (!Array.isArray(next)) names += members.length;
    for (const member of members) waiting.push(member);
  }
  return names;
};
