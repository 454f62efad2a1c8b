/** Any JSON object whose shape is not ours to decide. */
export type JsonObject = { [key: string]: unknown };

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value);

/** The object under a key; an empty one, not attached, when there is none. */
export const objectAt = (parent: JsonObject, key: string): JsonObject => {
  const value = parent[key];
  return isObject(value) ? value : {};
};

/** The object under a key, made when there is none. */
export const objectIn = (parent: JsonObject, key: string): JsonObject => {
  const value = parent[key];
  if (isObject(value)) return value;
  const made: JsonObject = {};
  parent[key] = made;
  return made;
};

export const textAt = (parent: JsonObject, key: string): string | undefined => {
  const value = parent[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
};

export const textsAt = (parent: JsonObject, key: string): readonly string[] => {
  const value = parent[key];
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
};

/** What a JSON pointer below `#` names, or undefined. */
export const atPointer = (document: JsonObject, pointer: string): unknown => {
  let at: unknown = document;
  for (const part of pointer.split('/').slice(1)) {
    if (typeof at !== 'object' || at === null) return undefined;
    const key = decoded(part).replaceAll('~1', '/').replaceAll('~0', '~');
    if (!Object.hasOwn(at, key)) return undefined;
    at = (at as JsonObject)[key]; // an array answers to its indexes as well
  }
  return at;
};

/** The text behind percent escapes; where they are none, as it is. */
export const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};
