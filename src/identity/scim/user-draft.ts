import type { Claims, UserEntity } from '../users/user.entity.js';
import type { UserChange } from '../users/users.service.js';
import { isObject } from './patch-operations.js';
import { InvalidValue } from './scim.problems.js';
import type { UserAttribute } from './user-attributes.js';

/** A user while a request changes it; nothing is written before the whole request went well. */
export class UserDraft {
  readonly claims: Map<string, string>;
  locked: boolean;
  disabled: boolean;
  password: string | undefined;
  /** Whether the request said that the account is not locked. */
  unlocks = false;

  constructor(
    readonly userName: string,
    user: Pick<UserEntity, 'claims' | 'locked' | 'disabled'> = { claims: {}, locked: false, disabled: false },
  ) {
    this.claims = new Map(Object.entries(user.claims));
    this.locked = user.locked;
    this.disabled = user.disabled;
  }

  get change(): UserChange & { readonly claims: Claims; readonly locked: boolean; readonly disabled: boolean } {
    const { locked, disabled, password, unlocks } = this;
    return {
      ...{ claims: Object.fromEntries(this.claims), locked, disabled },
      ...(password !== undefined && { password }),
      ...(unlocks && { forgetFailures: true }),
    };
  }

  /** Sets an attribute; nothing (null, an empty text) removes it. @throws InvalidValue (400). */
  set(attribute: UserAttribute, value: unknown): void {
    if (attribute.column) this.setColumn(attribute.column, value ?? attribute.column === 'active', attribute);
    else if (value === null || value === undefined || value === '') this.claims.delete(attribute.claim);
    else this.claims.set(attribute.claim, textOf(attribute, value));
  }

  private setColumn(column: NonNullable<UserAttribute['column']>, value: unknown, attribute: UserAttribute): void {
    const isOn = textOf(attribute, value) === 'true';
    if (column === 'locked') {
      this.locked = isOn;
      this.unlocks = !isOn;
    } else this.disabled = column === 'active' ? !isOn : isOn;
  }
}

const textOf = ({ name, type }: UserAttribute, value: unknown): string => {
  if (type === 'boolean') {
    const text = String(value).toLowerCase();
    if (text !== 'true' && text !== 'false') throw InvalidValue(`The value of ${name} must be true or false.`);
    return text;
  }
  if (type === 'integer') {
    if (!Number.isSafeInteger(Number(value)) || typeof value === 'boolean')
      throw InvalidValue(`The value of ${name} must be a whole number.`);
    return String(Number(value));
  }
  const plain = isObject(value) ? value['value'] : value;
  if (typeof plain !== 'string' && typeof plain !== 'number' && typeof plain !== 'boolean')
    throw InvalidValue(`The value of ${name} must be a text.`);
  return String(plain);
};

/** The wire's value of a stored text. */
export const wireValue = (type: UserAttribute['type'], text: string): unknown => {
  if (type === 'boolean') return text === 'true';
  return type === 'integer' ? Number(text) : text;
};
