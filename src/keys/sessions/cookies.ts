import type { IncomingMessage } from 'node:http';

/** One cookie of a request; the first where a name is sent several times. */
export const cookieOf = (request: IncomingMessage, name: string): string | undefined => {
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [key = '', ...value] = pair.split('=');
    if (key.trim() === name) return value.join('=').trim();
  }
  return undefined;
};

/** The names of a request's cookies that begin like this. */
export const cookieNames = (request: IncomingMessage, prefix: string): readonly string[] =>
  (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.split('=', 1)[0]?.trim() ?? '')
    .filter((name) => name.startsWith(prefix));

interface CookieTraits {
  /** Unreadable by scripts, and not sent along when another site embeds or posts to us. */
  readonly isPrivate: boolean;
  /** Undefined ends with the browser, 0 removes the cookie. */
  readonly maxAgeSeconds?: number;
}

/** A `Set-Cookie` header for the whole server, over TLS only. */
export const cookieHeader = (name: string, value: string, { isPrivate, maxAgeSeconds }: CookieTraits): string =>
  [
    `${name}=${value}`,
    'Path=/',
    ...(maxAgeSeconds === undefined ? [] : [`Max-Age=${maxAgeSeconds}`]),
    'Secure',
    ...(isPrivate ? ['HttpOnly', 'SameSite=Lax'] : ['SameSite=None']),
  ].join('; ');
