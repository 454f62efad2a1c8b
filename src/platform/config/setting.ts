import 'reflect-metadata';
import { ValidateNested } from 'class-validator';

/** A configuration section or a list of them; its class carries the defaults. */
export type SectionClass = new () => object;

export interface SettingFacts {
  readonly property: string;
  /** The key as `deployment.toml` spells it. */
  readonly key: string;
  readonly description: string;
  /** Set for a nested section. */
  readonly section?: SectionClass;
  /** Set for an array of tables. */
  readonly listOf?: SectionClass;
  /** Marked in the documentation and never logged. */
  readonly secret?: boolean;
  readonly type: 'string' | 'number' | 'boolean' | 'list' | 'table' | 'tables' | 'map';
}

const SETTINGS = Symbol('settings');

const register = (target: object, facts: SettingFacts) => {
  const owner = target.constructor;
  const own: SettingFacts[] = Reflect.getOwnMetadata(SETTINGS, owner) ?? [];
  Reflect.defineMetadata(SETTINGS, [...own, facts], owner);
};

const snakeCase = (property: string) => property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** A literal union leaves no type behind at run time; the default value always does. */
const typeOf = (value: unknown): SettingFacts['type'] => {
  if (typeof value === 'number') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  if (Array.isArray(value)) return 'list';
  return typeof value === 'object' ? 'map' : 'string';
};

/** One key of a section. The key is the property in snake_case unless given; the text is the documentation. */
export const Setting =
  (description: string, options: { readonly key?: string; readonly secret?: boolean } = {}): PropertyDecorator =>
  (target, property) => {
    const name = String(property);
    register(target, {
      property: name,
      key: options.key ?? snakeCase(name),
      description,
      type: 'string',
      ...(options.secret && { secret: true }),
    });
  };

/** A table below this section. */
export const Section =
  (section: SectionClass, description = '', key?: string): PropertyDecorator =>
  (target, property) => {
    const name = String(property);
    register(target, { property: name, key: key ?? snakeCase(name), description, type: 'table', section });
    ValidateNested()(target, property);
  };

/** An array of tables. */
export const Sections =
  (listOf: SectionClass, description: string, key?: string): PropertyDecorator =>
  (target, property) => {
    const name = String(property);
    register(target, { property: name, key: key ?? snakeCase(name), description, type: 'tables', listOf });
    ValidateNested({ each: true })(target, property);
  };

/** Those of the section's parent come first. */
const registeredOf = (section: object | null): readonly SettingFacts[] => {
  if (section === null || section === Function.prototype) return [];
  const own: readonly SettingFacts[] = Reflect.getOwnMetadata(SETTINGS, section) ?? [];
  return [...registeredOf(Object.getPrototypeOf(section)), ...own];
};

/** The keys of a section, in the order of its properties. */
export const settingsOf = (section: SectionClass): readonly SettingFacts[] => {
  const registered = registeredOf(section);
  const defaults = new section();
  return registered.map((facts) =>
    facts.section || facts.listOf ? facts : { ...facts, type: typeOf(Reflect.get(defaults, facts.property)) },
  );
};
