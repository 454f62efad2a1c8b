/** Lets a few at a time do heavy work, and a few more wait for it. */
export class Slots {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly runningMax: number,
    private readonly waitingMax: number,
  ) {}

  /** @throws what `full` makes when as many wait as may; whatever the work throws. */
  async run<T>(work: () => Promise<T>, full: () => Error): Promise<T> {
    if (this.running < this.runningMax) this.running += 1;
    else if (this.waiting.length >= this.waitingMax) throw full();
    // Who is called from the queue takes the place of the one that ended.
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.running -= 1;
      else next();
    }
  }
}
