const MEASURED_MAX = 8;
/** Clocks that nobody sets drift apart by less than this while the answers are remembered. */
const DRIFT_MS = 25;
const NONE = { aheadMs: 0, tookMs: Number.POSITIVE_INFINITY };

interface Measured {
  readonly aheadMs: number;
  readonly tookMs: number;
}

/** Works out how far another machine's clock is ahead of ours, from its answers to "what time is it?". */
export class StoreClock {
  private answers: readonly Measured[] = [];

  /** It was asked and had answered at these times of ours, with its own; all in epoch milliseconds. */
  measured(asked: number, itsTime: number, answered: number): void {
    const [aheadMs, tookMs] = [itsTime - (asked + answered) / 2, answered - asked];
    // Ours was set back in between.
    if (tookMs < 0) return;
    // Each is true to half of what it took. What contradicts the newest was measured before one of the clocks was set.
    const agrees = (each: Measured): boolean => Math.abs(each.aheadMs - aheadMs) <= (each.tookMs + tookMs) / 2 + DRIFT_MS;
    this.answers = [...this.answers.filter(agrees), { aheadMs, tookMs }].slice(-MEASURED_MAX);
  }

  /** By the quickest of the last answers, which is the truest. */
  get aheadMs(): number {
    const quickest = this.answers.reduce((best, each) => (each.tookMs < best.tookMs ? each : best), NONE);
    return Math.round(quickest.aheadMs);
  }
}
