import type { SuspendedEndpoint } from '../engine/messages.js';

/** Which endpoints rest, at how many of the workers. */
export class SuspendedEndpoints {
  private readonly byWorker = new Map<number, readonly SuspendedEndpoint[]>();

  set(worker: number, endpoints: readonly SuspendedEndpoint[]): void {
    if (endpoints.length === 0) this.byWorker.delete(worker);
    else this.byWorker.set(worker, endpoints);
  }

  /** The worker is gone, and what it knew with it. */
  forget(worker: number): void {
    this.byWorker.delete(worker);
  }

  list(): readonly (SuspendedEndpoint & { readonly workers: number })[] {
    const counted = new Map<string, SuspendedEndpoint & { workers: number }>();
    for (const endpoints of this.byWorker.values()) {
      for (const { organization, endpoint } of endpoints) {
        const key = `${organization} ${endpoint}`;
        const known = counted.get(key) ?? { organization, endpoint, workers: 0 };
        known.workers += 1;
        counted.set(key, known);
      }
    }
    return [...counted.values()];
  }
}
