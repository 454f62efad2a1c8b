import type { SuspensionDocument } from '../../../domain/gateway-documents.js';

/**
 * Whether an endpoint takes requests (`reference/gateway.md` §8). It is known to one worker alone: each learns of a failing backend by itself.
 * Times are monotonic milliseconds.
 */
export class EndpointHealth {
  private restsUntil = 0;
  private isSuspended = false;
  private lastDurationMs = 0;
  private retriesLeft: number;

  constructor(
    private readonly rules: SuspensionDocument,
    /** Told when it begins to rest. */
    private readonly rested?: () => void,
  ) {
    this.retriesLeft = rules.retries;
  }

  isUsable(now: number): boolean {
    return now >= this.restsUntil;
  }

  /** The backend answered. What it answers to requests from before its suspension does not end that. */
  succeeded(now: number): void {
    if (now < this.restsUntil) return;
    this.isSuspended = false;
    this.lastDurationMs = 0;
    this.retriesLeft = this.rules.retries;
  }

  /** A request failed with the code. Those that fail during a rest were on their way before it. */
  failed(code: string, now: number): void {
    if (now < this.restsUntil) return;
    const { codes, retryCodes, retryDelayMs } = this.rules;
    const isRetried = retryCodes.includes(code);
    if (isRetried && !this.isSuspended && this.retriesLeft > 0) {
      this.retriesLeft -= 1;
      this.restsUntil = now + retryDelayMs;
      this.rested?.();
    } else if (isRetried || codes.length === 0 || codes.includes(code)) {
      this.suspend(now);
    }
  }

  private suspend(now: number): void {
    const { durationMs, durationMaxMs, factor } = this.rules;
    const wanted = this.lastDurationMs === 0 ? durationMs : this.lastDurationMs * factor;
    this.lastDurationMs = Math.min(wanted, durationMaxMs ?? Number.MAX_SAFE_INTEGER);
    this.isSuspended = true;
    this.restsUntil = now + this.lastDurationMs;
    this.rested?.();
  }
}
