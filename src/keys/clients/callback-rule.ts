import { RE2JS } from 're2js';

const PATTERN = /^regexp=(.*)$/s;
/** In 4.7's default reading these mean themselves when a letter or digit follows: `https://a.com` must not match `https://aXcom`. */
const LITERALS = /(\\.)|([.?+])(?=[A-Za-z0-9])/gs;
const LOOPBACK = /^(http:\/\/127\.0\.0\.1)(?::\d+)?(?=[/?#]|$)/;

/**
 * Whether a redirect URI is one the client registered (`reference/key-manager.md` §2.4): a plain URL must be equal, except for the port of
 * `http://127.0.0.1`; `regexp=<pattern>` must match as a whole. The pattern runs in time linear in the URI; one that does not compile matches nothing.
 */
export const isCallbackAllowed = (registered: string, uri: string, enforceLiteralCharacters = true): boolean => {
  const [, pattern] = PATTERN.exec(registered) ?? [];
  if (pattern === undefined) return registered !== '' && withoutLoopbackPort(registered) === withoutLoopbackPort(uri);
  return compiled(enforceLiteralCharacters ? literal(pattern) : pattern)?.matches(uri) ?? false;
};

/** What was escaped already stays as it is. */
const literal = (pattern: string): string => pattern.replace(LITERALS, (whole, escaped?: string) => escaped ?? `\\${whole}`);

const withoutLoopbackPort = (uri: string): string => uri.replace(LOOPBACK, '$1');

const compiled = (pattern: string): RE2JS | undefined => {
  try {
    return RE2JS.compile(pattern);
  } catch {
    return undefined;
  }
};
