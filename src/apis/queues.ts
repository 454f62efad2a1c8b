/** Queues by name: the works of one follow one another in the order they came, those of different ones run side by side. */
export class Queues {
  private readonly tails = new Map<string, Promise<void>>();

  /** Number of names somebody is at work under. */
  get size(): number {
    return this.tails.size;
  }

  /** What the work gives or throws, once all earlier ones of the name have ended. */
  async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.tails.get(name);
    const done = Promise.withResolvers<void>();
    this.tails.set(name, done.promise);
    try {
      await before;
      return await work();
    } finally {
      if (this.tails.get(name) === done.promise) this.tails.delete(name);
      done.resolve();
    }
  }
}
