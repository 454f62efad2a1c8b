import { EVENT_ID, type Event, getScalarValue, parseEvents } from 'js-yaml';

/** Where something stands in a text: a JSON pointer and the number of its line, from 1. */
export interface Place {
  readonly pointer: string;
  readonly line: number;
}

interface Level {
  readonly pointer: string;
  /** Keys seen so far; undefined in a list. */
  readonly keys: Set<string> | undefined;
  /** The key whose value comes next; undefined where a key comes next. */
  key: string | undefined;
  items: number;
}

const DEPTH_MAX = 400;

/** A key as JSON pointers write it. */
export const pointerPart = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

/**
 * Goes through a JSON or YAML text in its order: `found` learns where each value begins and whether its key stood in the same object before. A text that
 * cannot be gone through has no places.
 */
export const walkPlaces = (text: string, found: (place: Place, isRepeated: boolean) => void): void => {
  const events = eventsOf(text);
  const lineOf = lineCounter(text);
  const levels: Level[] = [];
  for (const event of events) {
    if (event.type === EVENT_ID.DOCUMENT) continue;
    if (event.type === EVENT_ID.POP) {
      levels.pop();
      const level = levels.at(-1);
      if (level) level.key = undefined;
      continue;
    }
    const level = levels.at(-1);
    if (level?.keys && level.key === undefined) {
      level.key = event.type === EVENT_ID.SCALAR ? getScalarValue(text, event) : '';
      const pointer = `${level.pointer}/${pointerPart(level.key)}`;
      if (event.type === EVENT_ID.SCALAR) found({ pointer, line: lineOf(event.valueStart) }, level.keys.has(level.key));
      level.keys.add(level.key);
      continue;
    }
    const pointer = level === undefined ? '#' : `${level.pointer}/${level.keys ? pointerPart(level.key ?? '') : level.items++}`;
    if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) {
      if (!level?.keys) found({ pointer, line: lineOf(event.start) }, false);
      levels.push({ pointer, keys: event.type === EVENT_ID.MAPPING ? new Set() : undefined, key: undefined, items: 0 });
    } else if (level) level.key = undefined;
  }
};

const eventsOf = (text: string): readonly Event[] => {
  try {
    return parseEvents(text, { maxDepth: DEPTH_MAX });
  } catch {
    return []; // JSON that is no YAML is rare, and places are a courtesy
  }
};

/** Counts lines up to ever higher offsets. */
const lineCounter = (text: string): ((offset: number) => number) => {
  let line = 1;
  let next = text.indexOf('\n');
  return (offset) => {
    while (next >= 0 && next < offset) {
      line += 1;
      next = text.indexOf('\n', next + 1);
    }
    return line;
  };
};
