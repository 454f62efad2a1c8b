import type { KeyManager } from './key-manager.js';

/** What an administrator allows an application to set (`reference/key-manager.md` §9.4). */
export interface SettingConstraint {
  readonly type: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** Constraints by the name of the property. */
export type SettingConstraints = Readonly<Record<string, SettingConstraint>>;

/** The constraints that an administrator set at the key manager. */
export const constraintsOf = ({ additionalProperties }: Pick<KeyManager, 'additionalProperties'>): SettingConstraints => {
  const { constraints } = additionalProperties;
  if (typeof constraints !== 'object' || constraints === null) return {};
  return Object.fromEntries(Object.entries(constraints).filter((entry): entry is [string, SettingConstraint] => isConstraint(entry[1])));
};

const isConstraint = (value: unknown): value is SettingConstraint =>
  typeof value === 'object' &&
  value !== null &&
  'type' in value &&
  typeof value.type === 'string' &&
  'value' in value &&
  typeof value.value === 'object' &&
  value.value !== null;
