import { isObject, type PatchOperation } from './patch-operations.js';
import { InvalidPath, InvalidSyntax, InvalidValue, Mutability } from './scim.problems.js';
import { attributeAt, isExtension, partsOf, withoutCoreSchema } from './user-attributes.js';
import type { UserDraft } from './user-draft.js';
import { changeList, listAttribute } from './user-lists.js';

/** Said by the server, never by a client; whole resources sent back carry them. */
const SERVER_SAID = new Set(['schemas', 'id', 'meta']);
/** Changed through groups and roles. */
const MEMBERSHIPS = new Set(['groups', 'roles']);
const WHOLE = { selector: undefined, part: undefined };

/** The `userName` of a request, without the primary store's name. @throws InvalidValue (400). */
export const userNameOf = (body: Readonly<Record<string, unknown>>): string => {
  const [, name] = Object.entries(body).find(([key]) => withoutCoreSchema(key).toLowerCase() === 'username') ?? [];
  if (typeof name !== 'string' || name === '') throw InvalidValue('Required attribute userName is missing in the SCIM Object.');
  return name.replace(/^PRIMARY\//i, '');
};

/**
 * Puts the attributes of a whole resource into a draft. Attributes nobody knows are passed over.
 * @throws InvalidValue, Mutability (400).
 */
export const applyResource = (draft: UserDraft, body: unknown): void => {
  if (!isObject(body)) throw InvalidSyntax('The request body is not a JSON object.');
  for (const [key, value] of Object.entries(body)) {
    const name = withoutCoreSchema(key);
    if (!SERVER_SAID.has(name.toLowerCase()) && !MEMBERSHIPS.has(name.toLowerCase())) put(draft, name, value, 'replace', false);
  }
};

/** Applies the operations of a PATCH in order. @throws InvalidValue, InvalidPath, NoTarget, Mutability (400). */
export const applyOperations = (draft: UserDraft, operations: readonly PatchOperation[]): void => {
  for (const { verb, path, value } of operations) {
    if (!path) {
      if (verb === 'remove') throw InvalidPath('The operation remove needs a path.');
      if (!isObject(value)) throw InvalidSyntax(`The operation ${verb} without a path needs an object as its value.`);
      for (const [key, part] of Object.entries(value)) patch(draft, { verb, path: { attribute: key, ...WHOLE }, value: part });
    } else patch(draft, { verb, path, value });
  }
};

const patch = (draft: UserDraft, { verb, path, value }: PatchOperation & { readonly path: NonNullable<PatchOperation['path']> }): void => {
  const name = withoutCoreSchema(path.attribute);
  if (MEMBERSHIPS.has(name.toLowerCase().split('.')[0] ?? '')) throw Mutability(`The attribute ${name} is read only here.`);
  if (SERVER_SAID.has(name.toLowerCase().split('.')[0] ?? '')) {
    if (name.toLowerCase() !== 'schemas') throw Mutability(`The attribute ${name} is read only.`);
    return;
  }
  const list = listAttribute(name);
  if (list) changeList(draft, list, verb, path, value);
  else if (path.selector) throw InvalidPath(`The values of ${name} cannot be chosen.`);
  else put(draft, name, verb === 'remove' ? undefined : value, verb, true);
};

/** Sets one attribute, simple or complex; undefined removes it. */
const put = (draft: UserDraft, name: string, value: unknown, verb: PatchOperation['verb'], isStrict: boolean): void => {
  const lower = name.toLowerCase();
  const list = listAttribute(name);
  if (lower === 'username') checkUserName(draft, value);
  else if (lower === 'password') setPassword(draft, value);
  else if (lower === 'name' || isExtension(name)) putParts(draft, name, value, verb, isStrict);
  else if (list) changeList(draft, list, value === undefined ? 'remove' : verb, WHOLE, value);
  else putSimple(draft, name, value, isStrict);
};

const putSimple = (draft: UserDraft, name: string, value: unknown, isStrict: boolean): void => {
  const attribute = attributeAt(name);
  if (!attribute) {
    if (isStrict) throw InvalidPath(`The attribute ${name} is not known.`);
  } else if (!attribute.readOnly) draft.set(attribute, value);
  else if (isStrict) throw Mutability(`The attribute ${name} is read only.`);
};

const putParts = (draft: UserDraft, name: string, value: unknown, verb: PatchOperation['verb'], isStrict: boolean): void => {
  const separator = name.toLowerCase() === 'name' ? '.' : ':';
  if (value === undefined || value === null) {
    removeParts(draft, name, separator);
    return;
  }
  if (!isObject(value)) throw InvalidValue(`The value of ${name} must be an object.`);
  for (const [part, own] of Object.entries(value)) put(draft, `${name}${separator}${part}`, own ?? undefined, verb, isStrict);
};

const removeParts = (draft: UserDraft, name: string, separator: string): void => {
  const paths = partsOf(name, draft.claims);
  for (const part of paths) {
    const attribute = attributeAt(`${name}${separator}${part}`);
    if (attribute && !attribute.readOnly && !attribute.column) draft.set(attribute, undefined);
  }
};

const checkUserName = (draft: UserDraft, value: unknown): void => {
  const same = typeof value === 'string' && value.replace(/^PRIMARY\//i, '').toLowerCase() === draft.userName.toLowerCase();
  if (!same) throw Mutability('Attribute userName cannot be modified.');
};

const setPassword = (draft: UserDraft, value: unknown): void => {
  if (typeof value !== 'string') throw InvalidValue('The value of password must be a text.');
  // Portals send whole users back with an empty password.
  if (value !== '') draft.password = value;
};
