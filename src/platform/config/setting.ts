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
  /** Shown as `(hidden)` in the documentation and never logged. */
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

const typeOf = (target: object, property: string): SettingFacts['type'] => {
  const type: unknown = Reflect.getMetadata('design:type', target, property);
  if (type === Number) return 'number';
  if (type === Boolean) return 'boolean';
  if (type === Array) return 'list';
  if (type === Object) return 'map';
  return 'string';
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
      type: typeOf(target, name),
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

export const settingsOf = (section: SectionClass): readonly SettingFacts[] => Reflect.getOwnMetadata(SETTINGS, section) ?? [];
