import { atPointer, isObject, type JsonObject, objectAt, objectIn } from '../definitions/json-document.js';

interface Component {
  readonly section: string;
  readonly name: string;
  readonly value: unknown;
}

/** References outside the components are replaced by what they name. Two levels of them are more than anybody writes; more could grow without end. */
const INLINED_DEPTH_MAX = 2;

/**
 * Puts into `document` those components of `definition` to which the values refer, directly or through one another, and gives the values with
 * their references following. A component whose name is taken by another one gets `suffix` added to its name; equal ones are shared.
 */
export const takeComponents = (
  document: JsonObject,
  definition: JsonObject,
  suffix: string,
  values: readonly JsonObject[],
): readonly JsonObject[] => {
  const wanted = referredTo(definition, values);
  const names = freeNames(document, definition, suffix, wanted);
  const components = objectIn(document, 'components');
  for (const [pointer, { section, name, value }] of wanted) {
    put(objectIn(components, section), names.get(pointer) ?? name, rewritten(definition, value, names));
  }
  if (Object.keys(components).length === 0) delete document['components'];
  // Objects stay objects.
  return values.map((value) => rewritten(definition, value, names) as JsonObject);
};

/** Whatever the name is: an assignment to `__proto__` would not add a property. */
const put = (object: JsonObject, name: string, value: unknown): void => {
  Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
};

/** The components behind the references of the values, by pointer. */
const referredTo = (definition: JsonObject, values: readonly unknown[]): ReadonlyMap<string, Component> => {
  const found = new Map<string, Component>();
  const pending: unknown[] = [...values];
  const look = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const reference of referencesOf(value)) {
      const parts = partsOf(reference);
      if (parts === undefined) {
        if (reference.startsWith('#/') && depth < INLINED_DEPTH_MAX) look(atPointer(definition, reference.slice(1)), depth + 1);
      } else if (!found.has(parts.pointer)) {
        const component = atPointer(definition, parts.pointer);
        if (component === undefined) continue;
        found.set(parts.pointer, { section: parts.section, name: parts.name, value: component });
        pending.push(component);
      }
    }
    for (const child of Object.values(value)) look(child, depth);
  };
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) look(next, 0);
  return found;
};

/** A name for each component: its own where that is free, or taken by an equal component. */
const freeNames = (
  document: JsonObject,
  definition: JsonObject,
  suffix: string,
  wanted: ReadonlyMap<string, Component>,
): ReadonlyMap<string, string> => {
  const names = new Map<string, string>();
  const components = objectAt(document, 'components');
  const isTaken = (section: string, name: string): boolean => Object.hasOwn(objectAt(components, section), name);
  // A component that refers to a renamed one is another one itself: repeated until nothing more is renamed.
  for (let changed = true; changed; ) {
    changed = false;
    for (const [pointer, { section, name, value }] of wanted) {
      if (names.has(pointer) || !isTaken(section, name)) continue;
      const known = objectAt(components, section)[name];
      if (JSON.stringify(known) === JSON.stringify(rewritten(definition, value, names))) continue;
      const stem = `${name}_${suffix.replace(/[^\w.-]+/g, '_')}`;
      const used = new Set([...names].map(([other, given]) => `${wanted.get(other)?.section} ${given}`));
      let free = stem;
      for (let count = 2; isTaken(section, free) || used.has(`${section} ${free}`); count += 1) free = `${stem}_${count}`;
      names.set(pointer, free);
      changed = true;
    }
  }
  return names;
};

/** A copy whose references lead to where the components are now. */
const rewritten = (definition: JsonObject, value: unknown, names: ReadonlyMap<string, string>, depth = 0): unknown => {
  if (Array.isArray(value)) return value.map((item) => rewritten(definition, item, names, depth));
  if (!isObject(value)) return value;
  const { $ref: reference } = value;
  if (typeof reference === 'string' && reference.startsWith('#/') && partsOf(reference) === undefined) {
    return depth < INLINED_DEPTH_MAX ? rewritten(definition, atPointer(definition, reference.slice(1)) ?? {}, names, depth + 1) : {};
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => {
      if (key === '$ref' && typeof child === 'string') return [key, renamed(child, names)];
      if (key === 'discriminator' && isObject(child) && isObject(child['mapping'])) {
        const mapping = Object.entries(child['mapping']).map(([word, to]) => [word, typeof to === 'string' ? renamed(to, names) : to]);
        return [key, { ...child, mapping: Object.fromEntries(mapping) }];
      }
      return [key, rewritten(definition, child, names, depth)];
    }),
  );
};

const renamed = (reference: string, names: ReadonlyMap<string, string>): string => {
  const parts = partsOf(reference);
  const name = parts && names.get(parts.pointer);
  return parts && name !== undefined ? `#/components/${parts.section}/${name}${parts.rest}` : reference;
};

/** `#/components/<section>/<name>` and what may follow; `pointer` is the part up to the name. */
const partsOf = (reference: string) => {
  const [, section, name, rest = ''] = /^#\/components\/([^/]+)\/([^/]+)(\/.*)?$/.exec(reference) ?? [];
  if (section === undefined || name === undefined) return undefined;
  return { section, name: plain(name), rest, pointer: `/components/${section}/${name}` };
};

/** A part of a pointer as the key it stands for. */
const plain = (part: string): string => {
  const unescaped = part.replaceAll('~1', '/').replaceAll('~0', '~');
  try {
    return decodeURIComponent(unescaped);
  } catch {
    return unescaped;
  }
};

/** The references an object holds itself; those of its children are theirs. */
const referencesOf = (value: object): readonly string[] => {
  if (!isObject(value)) return [];
  const { $ref: reference, discriminator } = value;
  const mapping = isObject(discriminator) ? Object.values(objectAt(discriminator, 'mapping')) : [];
  return [reference, ...mapping].filter((word) => typeof word === 'string');
};
