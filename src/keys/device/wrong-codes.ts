import { Injectable } from '@nestjs/common';
import { ExpiringCache } from '../../platform/cache/expiring-cache.js';

const WINDOW_MS = 10 * 60_000;
/** Nobody mistypes that often; guessing one of a thousand waiting devices at this rate takes some fifteen years. */
const WRONG_MAX = 30;
const ADDRESSES_MAX = 50_000;

/** Counts the codes that were typed wrong at an address, so that nobody can try them out (RFC 8628 §5.1). */
@Injectable()
export class WrongCodes {
  private readonly counts = new ExpiringCache<{ count: number }>(WINDOW_MS, ADDRESSES_MAX);

  isExhausted(address: string): boolean {
    return (this.counts.peek(address)?.count ?? 0) >= WRONG_MAX;
  }

  note(address: string): void {
    const held = this.counts.peek(address);
    if (held) held.count += 1;
    else this.counts.set(address, { count: 1 });
  }
}
