import { setTimeout as pause } from 'node:timers/promises';

const WAIT_MS_MAX = 30_000;
const PAUSE_MS = 15;

/**
 * Repeats a read until it fulfils the condition and gives its value; throws after thirty seconds with the last value.
 * For what follows a write a moment later, such as a deployment reaching the gateway.
 */
export const eventually = async <T>(read: () => Promise<T>, condition: (value: T) => boolean, waitMs = WAIT_MS_MAX): Promise<T> => {
  const deadline = Date.now() + waitMs;
  for (;;) {
    const value = await read();
    if (condition(value)) return value;
    if (Date.now() > deadline) throw new Error(`still not so after ${waitMs} ms: ${JSON.stringify(value)}`);
    await pause(PAUSE_MS);
  }
};
