import { type KeyObject, sign, verify } from 'node:crypto';

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** Signs with RS256; the header's other members (`typ`, `kid`, `x5t`) are the caller's. */
export const signJwt = (header: Readonly<Record<string, string>>, claims: object, key: KeyObject): string => {
  const text = `${encode({ alg: 'RS256', ...header })}.${encode(claims)}`;
  return `${text}.${sign('sha256', Buffer.from(text), key).toString('base64url')}`;
};

export interface Jwt {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Whether the key made the signature, with RS256 and nothing else. */
  signedBy(key: KeyObject): boolean;
}

/** Takes a compact JWS apart without trusting it; undefined when it is none. */
export const parseJwt = (token: string): Jwt | undefined => {
  const [header = '', payload = '', signature = '', ...rest] = token.split('.');
  if (rest.length > 0 || signature === '') return undefined;
  const [parsedHeader, claims] = [objectOf(header), objectOf(payload)];
  if (!parsedHeader || !claims) return undefined;
  const text = Buffer.from(`${header}.${payload}`);
  return {
    header: parsedHeader,
    claims,
    signedBy: (key) => parsedHeader['alg'] === 'RS256' && verify('sha256', text, key, Buffer.from(signature, 'base64url')),
  };
};

const objectOf = (part: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
};
