import type { Exchange } from '../exchange.js';
import type { ApiKey } from './api-key.js';
import type { BackendJwts } from './backend-jwts.js';
import { decode } from './jwt.js';
import type { VerifiedToken } from './tokens.js';

/** Claims by name: those of an object under `<its name>.<theirs>`, lists joined with `|`. */
export type FlatClaims = ReadonlyMap<string, string>;

/** What the tokens for backends say of callers, read once for each token. */
export class CallerClaims {
  private readonly read = new WeakMap<VerifiedToken | ApiKey, { readonly jwt: string; readonly claims: FlatClaims }>();

  constructor(private readonly jwts: Pick<BackendJwts, 'ofCaller'>) {}

  /** Null for a caller of whom backends are told nothing; a promise until the first token is signed. */
  of(exchange: Exchange): FlatClaims | null | Promise<FlatClaims | null> {
    const holder = exchange.token ?? exchange.apiKey;
    const jwt = this.jwts.ofCaller(exchange);
    if (holder === null || jwt === null) return null;
    if (typeof jwt === 'string') return this.claimsIn(holder, jwt);
    return jwt.then((signed) => (signed === null ? null : this.claimsIn(holder, signed)));
  }

  private claimsIn(holder: VerifiedToken | ApiKey, jwt: string): FlatClaims {
    const known = this.read.get(holder);
    if (known?.jwt === jwt) return known.claims;
    const claims = flatClaims(decode(jwt.split('.')[1] ?? '') ?? {});
    this.read.set(holder, { jwt, claims });
    return claims;
  }
}

export const flatClaims = (claims: Readonly<Record<string, unknown>>): FlatClaims => {
  const flat = new Map<string, string>();
  addTo(flat, '', claims);
  return flat;
};

const addTo = (flat: Map<string, string>, prefix: string, claims: object): void => {
  for (const [name, value] of Object.entries(claims)) {
    const path = prefix + name;
    if (Array.isArray(value)) flat.set(path, value.map(textOf).join('|'));
    else if (typeof value === 'object' && value !== null) addTo(flat, `${path}.`, value);
    else if (value !== null) flat.set(path, String(value));
  }
};

const textOf = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));
