import { networkOf } from '../../platform/origin/network.js';

interface Bucket {
  readonly left: number;
  readonly at: number;
}

const ADDRESSES_MAX = 20_000;
const MINUTE_MS = 60_000;

/**
 * Failed logins by client address, against many accounts tried with a few passwords each: each address may fail `burst` times at once and regains
 * `perMinute` a minute. What is remembered is bounded; addresses that failed longest ago are forgotten first.
 */
export class AddressThrottle {
  private readonly buckets = new Map<string, Bucket>();

  constructor(
    private readonly burst: number,
    private readonly perMinute: number,
    private readonly now: () => number = Date.now,
  ) {}

  /** Seconds until the address may try again; 0 when it may now. */
  waitSeconds(address: string): number {
    if (this.burst === 0) return 0;
    const left = this.left(networkOf(address));
    return left >= 1 ? 0 : ((1 - left) * 60) / this.perMinute;
  }

  failed(address: string): void {
    if (this.burst === 0) return;
    const network = networkOf(address);
    const left = Math.max(0, this.left(network) - 1);
    this.buckets.delete(network);
    if (this.buckets.size >= ADDRESSES_MAX) {
      const [oldest] = this.buckets.keys();
      if (oldest !== undefined) this.buckets.delete(oldest);
    }
    this.buckets.set(network, { left, at: this.now() });
  }

  private left(network: string): number {
    const bucket = this.buckets.get(network);
    return bucket ? Math.min(this.burst, bucket.left + ((this.now() - bucket.at) / MINUTE_MS) * this.perMinute) : this.burst;
  }
}
