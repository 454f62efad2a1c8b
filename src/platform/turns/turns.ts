import { setImmediate as nextImmediate } from 'node:timers/promises';

/** Lists longer than this are walked in several turns of the event loop. */
export const TURN_ITEMS = 1_000;
/** How deep {@link jsonInTurns} looks for long lists. */
const DEPTH_MAX = 4;

/** Lets everything else that waits for the main thread go first. */
export const nextTurn = (): Promise<void> => nextImmediate();

/** As `items.map(change)`, a stretch at a time, so that a long list holds nobody up. */
export const mapInTurns = async <T, U>(items: readonly T[], change: (item: T, index: number) => U): Promise<U[]> => {
  if (items.length <= TURN_ITEMS) return items.map(change);
  const changed: U[] = [];
  for (let start = 0; start < items.length; start += TURN_ITEMS) {
    const end = Math.min(start + TURN_ITEMS, items.length);
    for (let index = start; index < end; index += 1) changed.push(change(items[index] as T, index)); // within the list's length
    await nextTurn();
  }
  return changed;
};

/** As `JSON.stringify(value)` of plain data; long lists in the upper levels are written a stretch at a time. */
export const jsonInTurns = async (value: unknown): Promise<string> => {
  if (!hasLongList(value, DEPTH_MAX)) return JSON.stringify(value);
  if (Array.isArray(value)) return listInTurns(value);
  const fields: string[] = [];
  for (const [key, field] of Object.entries(value as object)) {
    if (field === undefined || typeof field === 'function') continue;
    fields.push(`${JSON.stringify(key)}:${await jsonInTurns(field)}`);
  }
  return `{${fields.join(',')}}`;
};

const listInTurns = async (items: readonly unknown[]): Promise<string> => {
  const stretches: string[] = [];
  for (let start = 0; start < items.length; start += TURN_ITEMS) {
    const text = JSON.stringify(items.slice(start, start + TURN_ITEMS));
    stretches.push(text.slice(1, -1));
    await nextTurn();
  }
  return `[${stretches.join(',')}]`;
};

/** Whether there is a list to write in turns; what writes itself (`toJSON`) is left to do so. */
const hasLongList = (value: unknown, depth: number): boolean => {
  if (typeof value !== 'object' || value === null || depth === 0) return false;
  if (Array.isArray(value)) return value.length > TURN_ITEMS;
  return !('toJSON' in value) && Object.values(value).some((field) => hasLongList(field, depth - 1));
};
