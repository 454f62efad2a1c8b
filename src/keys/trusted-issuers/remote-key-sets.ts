import { createPublicKey, type JsonWebKeyInput, type KeyObject } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ExpiringCache } from '../../platform/cache/expiring-cache.js';
import { Log } from '../../platform/logging/log.js';
import { Outbound } from '../../platform/outbound/outbound.js';

/** A public key as an issuer publishes it. */
export interface RemoteKey {
  readonly kid: string | undefined;
  /** The only algorithm it may be used with; undefined where the issuer does not say. */
  readonly alg: string | undefined;
  readonly key: KeyObject;
}

interface KeySet {
  readonly keys: readonly RemoteKey[];
  /** Milliseconds of {@link Date.now}. */
  readonly fetchedAt: number;
}

const REMEMBERED_MS = 10 * 60_000;
const ADDRESSES_MAX = 1_000;
const DOCUMENT_BYTES_MAX = 256 * 1024;
const KEYS_MAX = 100;
/** The least time between two fetches of one address, whatever key ids tokens name and however often it fails. */
export const FETCH_FLOOR_MS = 5_000;

/** JWKS documents of outside issuers: fetched when needed, remembered, fetched again for a key id that is not in them. */
@Injectable()
export class RemoteKeySets {
  private readonly sets = new ExpiringCache<KeySet>(REMEMBERED_MS, ADDRESSES_MAX);
  private readonly fetching = new Map<string, Promise<KeySet>>();

  constructor(
    private readonly outbound: Outbound,
    private readonly log: Log,
  ) {}

  /** The keys that may have made a signature: the one of this id, or all where the token names none. */
  async keysFor(address: string, kid: string | undefined): Promise<readonly RemoteKey[]> {
    const held = this.sets.peek(address) ?? (await this.fetch(address));
    const found = matching(held, kid);
    if (found.length > 0 || Date.now() - held.fetchedAt < FETCH_FLOOR_MS) return found;
    return matching(await this.fetch(address), kid);
  }

  private fetch(address: string): Promise<KeySet> {
    const running = this.fetching.get(address) ?? this.load(address).finally(() => this.fetching.delete(address));
    this.fetching.set(address, running);
    return running;
  }

  /** What is held stays when the address does not answer: an issuer that is down for a moment is not distrusted. */
  private async load(address: string): Promise<KeySet> {
    const keys = await this.read(address).catch((err: unknown) => {
      this.log.warn({ err, address }, 'the keys of an issuer could not be fetched');
      return undefined;
    });
    const set = { keys: keys ?? this.sets.peek(address)?.keys ?? [], fetchedAt: Date.now() };
    this.sets.set(address, set);
    return set;
  }

  private async read(address: string): Promise<readonly RemoteKey[]> {
    const { status, body } = await this.outbound.get(address, DOCUMENT_BYTES_MAX, { accept: 'application/json' });
    if (status !== 200) throw new Error(`the JWKS address answered ${status}`);
    return keysOf(JSON.parse(body.toString('utf8')));
  }
}

const matching = ({ keys }: KeySet, kid: string | undefined): readonly RemoteKey[] =>
  kid === undefined ? keys : keys.filter((key) => key.kid === kid);

/** The asymmetric signing keys of a JWKS document; what else is in it is left out. */
export const keysOf = (document: unknown): readonly RemoteKey[] => {
  const list: unknown = (document as { readonly keys?: unknown } | null)?.keys;
  return Array.isArray(list) ? list.slice(0, KEYS_MAX).flatMap(keyOf) : [];
};

const keyOf = (jwk: unknown): readonly RemoteKey[] => {
  if (typeof jwk !== 'object' || jwk === null) return [];
  const { kty, use, kid, alg } = jwk as Readonly<Record<string, unknown>>;
  if ((kty !== 'RSA' && kty !== 'EC') || (use !== undefined && use !== 'sig')) return [];
  try {
    const key = createPublicKey({ key: jwk as JsonWebKeyInput['key'], format: 'jwk' });
    return [{ kid: typeof kid === 'string' ? kid : undefined, alg: typeof alg === 'string' ? alg : undefined, key }];
  } catch {
    return [];
  }
};
