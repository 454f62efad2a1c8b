/** Which hosts are reached through the forward proxy, as `[apim.proxy_config]` says it. */
export interface ProxiedHosts {
  /** Patterns of hosts that are not; `*` is any text. */
  readonly except: readonly string[];
  /** Patterns of the only hosts that are; empty: all others. */
  readonly only: readonly string[];
}

/** Patterns as the product writes them: one text, parted by `|` or commas. */
export const hostPatterns = (text: string): readonly string[] =>
  text
    .split(/[|,]/)
    .map((pattern) => pattern.trim().toLowerCase())
    .filter((pattern) => pattern !== '');

/** Whether requests to the host go through the proxy. An exception wins over `only`. */
export const isProxied = ({ except, only }: ProxiedHosts, host: string): boolean => {
  const name = host.toLowerCase().replace(/^\[|\]$/g, '');
  const isAmong = (patterns: readonly string[]): boolean => patterns.some((pattern) => matches(pattern, name));
  return !isAmong(except) && (only.length === 0 || isAmong(only));
};

/** In time proportional to the text, whatever the pattern. */
const matches = (pattern: string, text: string): boolean => {
  const pieces = pattern.split('*');
  const [first = ''] = pieces;
  const last = pieces.at(-1) ?? '';
  if (pieces.length === 1) return text === pattern;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= text.length - last.length;
};
