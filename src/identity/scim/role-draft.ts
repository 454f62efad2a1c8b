import type { RoleChange } from '../roles/roles.service.js';
import { isStorable } from '../users/user-rules.js';
import { field, isObject, type PatchOperation } from './patch-operations.js';
import type { Member, RoleFace } from './role-resource.js';
import { InvalidPath, InvalidSyntax, InvalidValue, Mutability, NoTarget } from './scim.problems.js';
import { isUuid } from './scim-users.service.js';

const SERVER_SAID = new Set(['schemas', 'id', 'meta', 'audience', 'associatedapplications', 'properties', 'externalid']);

/** A role while a request changes it. */
export class RoleDraft {
  displayName: string | undefined;
  members: readonly string[] | undefined;
  permissions: readonly string[] | undefined;

  constructor(
    private readonly face: RoleFace,
    private readonly present: { readonly members: readonly Member[]; readonly permissions: readonly string[] } = {
      members: [],
      permissions: [],
    },
  ) {}

  get change(): Omit<RoleChange, 'name'> {
    return { ...(this.members && { members: this.members }), ...(this.permissions && { permissions: this.permissions }) };
  }

  /** Takes a whole resource. @throws InvalidSyntax, InvalidValue (400). */
  applyResource(body: unknown): this {
    if (!isObject(body)) throw InvalidSyntax('The request body is not a JSON object.');
    for (const [key, value] of Object.entries(body)) this.put(this.nameOf(key), 'replace', value, false);
    return this;
  }

  /** Applies operations in order. @throws InvalidPath, InvalidValue, NoTarget, Mutability (400). */
  applyOperations(operations: readonly PatchOperation[]): this {
    for (const operation of operations) {
      const { verb, path, value } = operation;
      if (path) this.patch(operation, this.nameOf(path.attribute));
      else if (verb === 'remove') throw InvalidPath('The operation remove needs a path.');
      else if (!isObject(value)) throw InvalidSyntax(`The operation ${verb} without a path needs an object as its value.`);
      else for (const [key, part] of Object.entries(value)) this.put(this.nameOf(key), verb, part, true);
    }
    return this;
  }

  private nameOf(path: string): string {
    const name = path.toLowerCase();
    const schema = `${this.face.schema.toLowerCase()}:`;
    return name.startsWith(schema) ? name.slice(schema.length) : name;
  }

  private patch({ verb, path, value }: PatchOperation, name: string): void {
    if (!path?.selector) {
      this.put(name, verb, value, true);
      return;
    }
    if (name !== this.face.members || verb !== 'remove' || path.part !== undefined)
      throw InvalidPath(`The path ${name}[…] is not supported here.`);
    const { path: by, value: wanted } = path.selector;
    if (by !== 'value' && by !== 'display') throw InvalidPath(`The ${this.face.members} cannot be chosen by ${by}.`);
    const members = this.members ?? this.present.members.map(({ id }) => id);
    const names = new Map(this.present.members.map(({ id, name }) => [id, name]));
    const rest = members.filter((id) => (by === 'value' ? id : names.get(id))?.toLowerCase() !== wanted.toLowerCase());
    if (rest.length === members.length) throw NoTarget(`None of the ${this.face.members} matches the path.`);
    this.members = rest;
  }

  private put(name: string, verb: PatchOperation['verb'], value: unknown, isStrict: boolean): void {
    if (name === 'displayname') this.displayName = verb === 'remove' ? '' : displayNameOf(value);
    else if (name === this.face.members) this.putMembers(verb, value);
    else if (this.face.kind === 'Role' && name === 'permissions') this.putPermissions(verb, value);
    else if (this.face.kind === 'Role' && name === 'groups') refuseGroups(value);
    else if (isStrict && SERVER_SAID.has(name.split('.')[0] ?? '')) {
      if (name !== 'schemas') throw Mutability(`The attribute ${name} is read only.`);
    } else if (isStrict) throw InvalidPath(`The attribute ${name} is not known.`);
  }

  private putMembers(verb: PatchOperation['verb'], value: unknown): void {
    const held = this.members ?? this.present.members.map(({ id }) => id);
    this.members = combined(verb, held, value, (entry) => memberId(entry));
  }

  private putPermissions(verb: PatchOperation['verb'], value: unknown): void {
    const held = this.permissions ?? this.present.permissions;
    this.permissions = combined(verb, held, value, (entry) => permissionOf(entry));
  }
}

const combined = (
  verb: PatchOperation['verb'],
  held: readonly string[],
  value: unknown,
  read: (entry: unknown) => string,
): readonly string[] => {
  const isNothing = value === undefined || value === null;
  const given = isNothing ? [] : (Array.isArray(value) ? value : [value]).map(read);
  if (verb === 'remove') return isNothing ? [] : held.filter((entry) => !given.includes(entry));
  return [...new Set(verb === 'add' ? [...held, ...given] : given)];
};

const displayNameOf = (value: unknown): string => {
  if (typeof value !== 'string') throw InvalidValue('The value of displayName must be a text.');
  return value;
};

const memberId = (entry: unknown): string => {
  const id = isObject(entry) ? field(entry, 'value') : entry;
  if (typeof id !== 'string' || !isUuid(id)) throw InvalidValue(`There is no user with the id : ${String(id)}.`);
  return id.toLowerCase();
};

const permissionOf = (entry: unknown): string => {
  const permission = isObject(entry) ? field(entry, 'value') : entry;
  if (typeof permission !== 'string' || !isStorable(permission)) throw InvalidValue('A permission must be a text.');
  return permission;
};

const refuseGroups = (value: unknown): void => {
  if (Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null)
    throw InvalidValue('Groups are roles themselves and hold no roles.');
};
