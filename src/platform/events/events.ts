import { Injectable } from '@nestjs/common';
import type { EventMap, EventName } from '../../domain/events.js';
import { Log } from '../logging/log.js';

type Listener = (payload: never) => void | Promise<void>;

/** The process's own events, typed by {@link EventMap}. A listener that fails is our bug: it reaches the log, never the sender. */
@Injectable()
export class Events {
  private readonly listeners = new Map<EventName, Set<Listener>>();

  constructor(private readonly log: Log) {}

  /** Adds a listener; the returned function removes it. */
  on<K extends EventName>(name: K, listener: (payload: EventMap[K]) => void | Promise<void>): () => void {
    const set = this.listeners.get(name) ?? new Set();
    this.listeners.set(name, set.add(listener));
    return () => set.delete(listener);
  }

  emit<K extends EventName>(name: K, payload: EventMap[K]): void {
    for (const listener of this.listeners.get(name) ?? []) void this.deliver(name, listener, payload);
  }

  private async deliver<K extends EventName>(name: K, listener: Listener, payload: EventMap[K]): Promise<void> {
    try {
      // The set of a name holds only listeners of that name's payload, which the map's type cannot say.
      await listener(payload as never);
    } catch (err) {
      this.log.error({ err, event: name }, 'event listener failed');
    }
  }
}
