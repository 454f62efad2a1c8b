interface State {
  startedAt: number;
  isRunning: boolean;
  isQueued: boolean;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Runs a job by key: never twice at a time for one key, never more than `runningMax` at a time in all, and for wishes at most once in `floorMs` for each
 * key. A wish that comes too early is granted when its time has come. What was not asked for during a whole floor is forgotten.
 */
export class SpacedRuns {
  private readonly states = new Map<string, State>();
  private queue: string[] = [];
  private running = 0;
  private stopped = false;

  /** `job` must not reject. */
  constructor(
    private readonly job: (key: string) => Promise<void>,
    private readonly floorMs: number,
    private readonly runningMax: number,
  ) {}

  /** Asks for a run, later if the last one began a moment ago. */
  want(key: string): void {
    const state = this.states.get(key);
    if (state === undefined) {
      this.now(key);
      return;
    }
    if (state.isQueued || state.timer !== undefined || this.stopped) return;
    const waitMs = Math.max(0, state.startedAt + this.floorMs - Date.now());
    state.timer = setTimeout(() => {
      state.timer = undefined;
      this.now(key);
    }, waitMs).unref();
  }

  /** Asks for a run at once, or right after the one that is under way. */
  now(key: string): void {
    if (this.stopped) return;
    const state = this.states.get(key) ?? { startedAt: 0, isRunning: false, isQueued: false, timer: undefined };
    this.states.set(key, state);
    if (state.isQueued) return;
    state.isQueued = true;
    this.queue.push(key);
    this.startNext();
  }

  /** Starts nothing more; what is under way is told by {@link isStopped}. */
  stop(): void {
    this.stopped = true;
    this.queue = [];
    for (const { timer } of this.states.values()) clearTimeout(timer);
  }

  get isStopped(): boolean {
    return this.stopped;
  }

  private startNext(): void {
    if (this.running >= this.runningMax) return;
    const at = this.queue.findIndex((key) => !this.states.get(key)?.isRunning);
    const [key] = at < 0 ? [] : this.queue.splice(at, 1);
    const state = key === undefined ? undefined : this.states.get(key);
    if (key === undefined || state === undefined) return;
    Object.assign(state, { isQueued: false, isRunning: true, startedAt: Date.now() });
    this.running += 1;
    void this.job(key).finally(() => {
      state.isRunning = false;
      this.running -= 1;
      this.forgetLater(key, state);
      this.startNext();
    });
  }

  private forgetLater(key: string, state: State): void {
    setTimeout(() => {
      const isIdle = !state.isRunning && !state.isQueued && state.timer === undefined && Date.now() - state.startedAt >= this.floorMs;
      if (isIdle) this.states.delete(key);
    }, this.floorMs).unref();
  }
}
