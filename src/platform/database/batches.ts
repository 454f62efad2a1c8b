import { setTimeout as pause } from 'node:timers/promises';

/** Between two batches, so that a mountain of old rows is carried off without anybody waiting for it. */
const PAUSE_MS = 50;

/** Repeats what handles up to `size` rows and says how many, until there were fewer, or `isStopped`. */
export const inBatches = async (size: number, batch: () => Promise<number>, isStopped: () => boolean): Promise<void> => {
  while ((await batch()) >= size && !isStopped()) await pause(PAUSE_MS);
};
