/** What one segment of a path template matches. */
export type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  /** `{name}`: anything but `,` and `:` (`reference/gateway.md` §4.3). */
  | { readonly kind: 'variable' }
  /** Literal pieces around variables or `*`, as in `{name}.json`. */
  | { readonly kind: 'mixed'; readonly pieces: readonly string[]; readonly reserved: boolean }
  /** `{+name}` at the end: the rest of the path, whatever it holds. */
  | { readonly kind: 'rest' };

export interface Template {
  readonly segments: readonly Segment[];
  /** A trailing `/*`: everything below the segments, the segments' own path included. */
  readonly wildcard: boolean;
  /** Names of the query parameters that must be there. */
  readonly query: readonly string[];
}

const VARIABLE = /\{[^{}]*\}|\*/;
const QUERY_VARIABLE = /(?:^|&)([^=&{}]+)=\{[^{}]*\}/g;

/** Reads an operation's target, for example `/pets/{petId}` or `/files/*`; throws an `Error` on unbalanced braces. */
export const parseTemplate = (target: string): Template => {
  const at = target.indexOf('?');
  const path = at < 0 ? target : target.slice(0, at);
  const query = at < 0 ? [] : Array.from(target.slice(at + 1).matchAll(QUERY_VARIABLE), ([, name]) => name ?? '');
  const wildcard = path.endsWith('/*') || path === '*';
  const texts = segmentsOf(wildcard ? path.slice(0, -1) : path);
  return { segments: texts.map((text, index) => segmentOf(text, index === texts.length - 1 && !wildcard, target)), wildcard, query };
};

/** The segments of a path; leading, trailing and missing slashes make no difference, `/` has none. */
const segmentsOf = (path: string): string[] => {
  const from = path.startsWith('/') ? 1 : 0;
  const to = path.length > from && path.endsWith('/') ? path.length - 1 : path.length;
  return to <= from ? [] : path.slice(from, to).split('/');
};

const segmentOf = (text: string, isLast: boolean, target: string): Segment => {
  if (!VARIABLE.test(text)) {
    if (/[{}]/.test(text)) throw new Error(`the template '${target}' has unbalanced braces`);
    return { kind: 'literal', text };
  }
  const pieces = text.split(new RegExp(VARIABLE, 'g'));
  if (pieces.some((piece) => /[{}]/.test(piece))) throw new Error(`the template '${target}' has unbalanced braces`);
  const reserved = text.includes('{+') || text.includes('*');
  const isWhole = pieces.length === 2 && pieces[0] === '' && pieces[1] === '';
  if (isWhole && text.startsWith('{+') && isLast) return { kind: 'rest' };
  if (isWhole && !reserved) return { kind: 'variable' };
  return { kind: 'mixed', pieces, reserved };
};

const SIMPLE_VALUE = /^[^,:]+$/;

/** Whether one segment of a request's path is a value of the template's segment. Linear in the segment's length. */
export const matchesSegment = (segment: Segment, value: string): boolean => {
  if (segment.kind === 'literal') return segment.text === value;
  if (segment.kind === 'rest') return value !== '';
  if (segment.kind === 'variable') return value !== '' && value.indexOf(',') < 0 && value.indexOf(':') < 0;
  const { pieces, reserved } = segment;
  const first = pieces[0] ?? '';
  const last = pieces[pieces.length - 1] ?? '';
  if (!value.startsWith(first) || !value.endsWith(last)) return false;
  let at = first.length;
  // Each variable takes at least one character and ends where the next literal piece is first found.
  for (let i = 1; i < pieces.length; i += 1) {
    const piece = pieces[i] ?? '';
    const end = i === pieces.length - 1 ? value.length - last.length : value.indexOf(piece, at + 1);
    if (end <= at) return false;
    if (!reserved && !SIMPLE_VALUE.test(value.slice(at, end))) return false;
    at = end + piece.length;
  }
  return true;
};
