import { TooManyRequests } from '../http/too-many-requests.js';

interface Waiter {
  readonly start: () => void;
  readonly refuse: (reason: Error) => void;
}

export interface FairQueueLimits {
  /** Works that run at a time. */
  readonly running: number;
  /** Works that wait, all keys together. */
  readonly waiting: number;
  /** Works of one key that wait. */
  readonly waitingOfOne: number;
  /** What a refused caller is told to wait, in seconds. */
  readonly retryAfterSeconds: number;
}

/**
 * Runs a bounded number of works at a time and lets the keys take turns, so that one with many works delays the others by one turn each. What waits is bounded:
 * a full queue lets a newcomer in by refusing the last work of the key that has most.
 */
export class FairQueue {
  private running = 0;
  private waiting = 0;
  /** In the order in which the keys have their turns. */
  private readonly queues = new Map<string, Waiter[]>();

  constructor(private readonly limits: FairQueueLimits) {}

  /** @throws TooManyRequests (429) when there is no room to wait. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    if (this.running >= this.limits.running) await this.wait(key);
    else this.running++;
    try {
      return await work();
    } finally {
      const next = this.next();
      if (next) next.start();
      else this.running--;
    }
  }

  private wait(key: string): Promise<void> {
    const queue = this.queues.get(key) ?? [];
    if (queue.length >= this.limits.waitingOfOne || (this.waiting >= this.limits.waiting && !this.makeRoom(queue.length)))
      throw TooManyRequests(this.limits.retryAfterSeconds);
    this.queues.set(key, queue);
    this.waiting++;
    return new Promise((start, refuse) => queue.push({ start, refuse }));
  }

  /** Refuses the newest work of the key with most, when that has more than the newcomer's. */
  private makeRoom(ownLength: number): boolean {
    let longest: Waiter[] = [];
    for (const queue of this.queues.values()) if (queue.length > longest.length) longest = queue;
    if (longest.length <= ownLength + 1) return false;
    longest.pop()?.refuse(TooManyRequests(this.limits.retryAfterSeconds));
    this.waiting--;
    return true;
  }

  private next(): Waiter | undefined {
    for (const [key, queue] of this.queues) {
      const waiter = queue.shift();
      this.queues.delete(key);
      if (queue.length > 0) this.queues.set(key, queue); // to the end: its next turn comes after everybody else's
      if (waiter) {
        this.waiting--;
        return waiter;
      }
    }
    return undefined;
  }
}
