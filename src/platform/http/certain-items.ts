import { TransformationType } from 'class-transformer';
import storage from 'class-transformer/cjs/storage.js';
import { getMetadataStorage } from 'class-validator';

export type Class = new () => object;
type Rule = (value: unknown) => boolean;

/** Gives an instance of a wire class made of the value, or undefined when only the real validation can tell whether the value is good. */
export type Build = (value: unknown) => object | undefined;

/** The rules of class-validator that are read here; a class with another one is left to the real validation. */
const RULES: Readonly<Record<string, Rule>> = {
  isString: (value) => typeof value === 'string',
  isInt: Number.isInteger,
  isBoolean: (value) => typeof value === 'boolean',
  isArray: Array.isArray,
  isObject: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

interface Property {
  readonly isOptional: boolean;
  /** Of the value, and of each item where it is a list. */
  readonly rules: readonly Rule[];
  readonly itemRules: readonly Rule[];
  readonly nested: Build | undefined;
}

const builds = new Map<Class, Build | undefined>();

/**
 * The fast way through the validation for the items of long lists: the decorators of the class, read once. It says yes to what they certainly allow
 * and leaves everything else, refusals above all, to class-validator. Undefined for a class with decorators that are not known here.
 */
export const certainBuild = (type: Class): Build | undefined => {
  if (!builds.has(type)) builds.set(type, compiled(type));
  return builds.get(type);
};

const compiled = (type: Class): Build | undefined => {
  const properties = propertiesOf(type);
  if (properties === undefined) return undefined;
  return (value) => {
    if (!RULES['isObject']?.(value)) return undefined;
    const sent = value as Readonly<Record<string, unknown>>; // an object, as was just seen
    const built = new type() as Record<string, unknown>; // its properties are set one by one
    for (const [key, item] of Object.entries(sent)) {
      const property = properties.get(key);
      const result = property === undefined ? DOUBT : checked(property, item);
      if (result === DOUBT) return undefined;
      built[key] = result;
    }
    for (const [key, { isOptional }] of properties) if (!isOptional && built[key] === undefined) return undefined;
    return built;
  };
};

const DOUBT = Symbol('left to the real validation');

const checked = ({ isOptional, rules, itemRules, nested }: Property, value: unknown): unknown => {
  if (value === undefined || value === null) return isOptional ? value : DOUBT;
  if (!rules.every((rule) => rule(value))) return DOUBT;
  if (!Array.isArray(value)) return itemRules.length > 0 ? DOUBT : nested ? (nested(value) ?? DOUBT) : value;
  if (!value.every((item) => itemRules.every((rule) => rule(item)))) return DOUBT;
  if (nested === undefined) return value;
  const built = value.map(nested);
  return built.includes(undefined) ? DOUBT : built;
};

const propertiesOf = (type: Class): ReadonlyMap<string, Property> | undefined => {
  const byProperty = Map.groupBy(
    getMetadataStorage().getTargetValidationMetadatas(type, '', false, false),
    ({ propertyName }) => propertyName,
  );
  const properties = new Map<string, Property>();
  for (const [name, metadata] of byProperty) {
    if (storage.defaultMetadataStorage.findTransformMetadatas(type, name, TransformationType.PLAIN_TO_CLASS).length > 0) return undefined;
    const rules: Rule[] = [];
    const itemRules: Rule[] = [];
    let isOptional = false;
    let nested: Build | undefined;
    for (const { type: kind, name: ruleName = '', each } of metadata) {
      const rule = RULES[ruleName];
      if (kind === 'conditionalValidation' && ruleName === 'isOptional') isOptional = true;
      else if (kind === 'nestedValidation') nested = certainBuild(nestedTypeOf(type, name) ?? Object);
      else if (kind === 'customValidation' && rule) (each ? itemRules : rules).push(rule);
      else return undefined;
    }
    if (metadata.some(({ type: kind }) => kind === 'nestedValidation') && nested === undefined) return undefined;
    properties.set(name, { isOptional, rules, itemRules, nested });
  }
  return properties.size > 0 ? properties : undefined;
};

/** The class that `@Type` names for a property. */
export const nestedTypeOf = (type: Class, property: string): Class | undefined =>
  storage.defaultMetadataStorage.findTypeMetadata(type, property)?.typeFunction?.() as Class | undefined; // always a class here
