import type { JsonPath, Location } from './json-path.js';
import { type Json, MediationError } from './message.js';

type JsonObject = { readonly [key: string]: Json };

/**
 * Changes of JSON at a path, for `enrich` (`reference/mediation.md` §3.6). Each gives new JSON and leaves the old as it is; every place that the path leads
 * to is changed, and a path that leads nowhere is a fault.
 *
 * | function | at each place |
 * |---|---|
 * | `replaceAt` | the value becomes another; the root too |
 * | `appendAt` | a list gets one more item, an object the members of another object |
 * | `insertAfter` | the list that holds the place gets an item after it |
 * | `removeAt` | the value is taken out of its object or list |
 * | `renameAt` | the member's name becomes another, its position stays |
 */
export const replaceAt = (json: Json, path: JsonPath, value: Json): Json =>
  located(json, path).reduce((now, location) => changed(now, location, () => value), json);

/** @throws MediationError where neither a list nor two objects meet, or the path leads nowhere. */
export const appendAt = (json: Json, path: JsonPath, value: Json): Json =>
  located(json, path).reduce(
    (now, location) =>
      changed(now, location, (held) => {
        if (isList(held)) return [...held, value];
        if (isObject(held) && isObject(value)) return { ...held, ...value };
        throw new MediationError('0', `cannot add a child at '${path.source}': it is neither an array nor an object that gets an object`);
      }),
    json,
  );

/** @throws MediationError where the place is not in a list, or the path leads nowhere. */
export const insertAfter = (json: Json, path: JsonPath, value: Json): Json =>
  backwards(located(json, path)).reduce(
    (now, location) =>
      changed(now, location.slice(0, -1), (parent) => {
        const index = location.at(-1);
        if (!isList(parent) || typeof index !== 'number')
          throw new MediationError('0', `cannot add a sibling at '${path.source}': it is not an item of an array`);
        return [...parent.slice(0, index + 1), value, ...parent.slice(index + 1)];
      }),
    json,
  );

/** @throws MediationError for the root, or when the path leads nowhere. */
export const removeAt = (json: Json, path: JsonPath): Json =>
  backwards(located(json, path)).reduce((now, location) => {
    const key = location.at(-1);
    if (key === undefined) throw new MediationError('0', `cannot remove '${path.source}': it is the whole payload`);
    return changed(now, location.slice(0, -1), (parent) => {
      if (isList(parent)) return parent.filter((_, index) => index !== key);
      return isObject(parent) ? Object.fromEntries(Object.entries(parent).filter(([name]) => name !== key)) : parent;
    });
  }, json);

/** @throws MediationError where the place is no member of an object, or the path leads nowhere. */
export const renameAt = (json: Json, path: JsonPath, name: string): Json =>
  backwards(located(json, path)).reduce(
    (now, location) =>
      changed(now, location.slice(0, -1), (parent) => {
        const key = location.at(-1);
        if (!isObject(parent) || typeof key !== 'string')
          throw new MediationError('0', `cannot rename '${path.source}': it is not a member of an object`);
        const others = Object.entries(parent).filter(([each]) => each === key || each !== name);
        return Object.fromEntries(others.map(([each, value]) => [each === key ? name : each, value]));
      }),
    json,
  );

const located = (json: Json, path: JsonPath): readonly Location[] => {
  const locations = path.locate(json);
  if (locations.length === 0) throw new MediationError('0', `the path '${path.source}' leads to nothing in the payload`);
  return locations;
};

/** Later items and deeper values first, so that the places that are left stay true. */
const backwards = (locations: readonly Location[]): readonly Location[] =>
  [...locations].sort((a, b) => {
    const at = a.findIndex((key, index) => key !== b[index]);
    const [left, right] = [at < 0 ? undefined : a[at], at < 0 ? undefined : b[at]];
    if (typeof left === 'number' && typeof right === 'number') return right - left;
    return b.length - a.length;
  });

const changed = (json: Json, location: Location, change: (json: Json) => Json): Json => {
  const [key, ...rest] = location;
  if (key === undefined) return change(json);
  if (isList(json)) return json.map((item, index) => (index === key ? changed(item, rest, change) : item));
  if (!isObject(json) || typeof key !== 'string' || !Object.hasOwn(json, key)) return json;
  return { ...json, [key]: changed(json[key] ?? null, rest, change) };
};

const isList = (json: Json): json is readonly Json[] => Array.isArray(json);

const isObject = (json: Json): json is JsonObject => typeof json === 'object' && json !== null && !Array.isArray(json);
