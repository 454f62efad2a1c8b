const MEASURED_MAX = 8;
const NONE = { aheadMs: 0, tookMs: Number.POSITIVE_INFINITY };

/** Works out how far another machine's clock is ahead of ours, from its answers to "what time is it?". */
export class StoreClock {
  private readonly answers: { readonly aheadMs: number; readonly tookMs: number }[] = [];

  /** It was asked and had answered at these times of ours, with its own; all in epoch milliseconds. */
  measured(asked: number, itsTime: number, answered: number): void {
    this.answers.push({ aheadMs: itsTime - (asked + answered) / 2, tookMs: answered - asked });
    if (this.answers.length > MEASURED_MAX) this.answers.shift();
  }

  /** By the quickest of the last answers, which is the truest. */
  get aheadMs(): number {
    const quickest = this.answers.reduce((best, each) => (each.tookMs < best.tookMs ? each : best), NONE);
    return Math.round(quickest.aheadMs);
  }
}
