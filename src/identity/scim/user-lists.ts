import { isObject, type PatchPath, type PatchVerb } from './patch-operations.js';
import { InvalidPath, InvalidValue, NoTarget } from './scim.problems.js';
import type { UserDraft } from './user-draft.js';

/** One of several values of an attribute: `{value, type, primary}`, or the parts of an address. */
export type Entry = Readonly<Record<string, unknown>>;

/** An attribute with several values, each kept in claims of its own. */
export interface ListAttribute {
  readonly name: string;
  read(claims: ReadonlyMap<string, string>): readonly Entry[];
  write(draft: UserDraft, entries: readonly Entry[]): void;
  /** As the wire shows them. */
  show(entries: readonly Entry[]): readonly unknown[];
  /** Claims that a filter looks at, for the attribute as a whole or for a part. */
  claims(part: string | undefined): readonly string[];
}

const EMAIL_TYPES = ['work', 'home', 'other'];
const EMAIL = 'emailaddress';
const MORE_EMAILS = 'emailAddresses';
const emailClaim = (type: string) => `emails.${type}`;

const PHONE_CLAIMS: ReadonlyMap<string, string> = new Map([
  ['mobile', 'mobile'],
  ['work', 'phoneNumbers.work'],
  ['home', 'phoneNumbers.home'],
  ['other', 'otherphone'],
  ['fax', 'phoneNumbers.fax'],
  ['pager', 'phoneNumbers.pager'],
]);

const ADDRESS_PARTS = ['formatted', 'streetAddress', 'locality', 'region', 'postalCode', 'country'] as const;
const HOME: Readonly<Record<(typeof ADDRESS_PARTS)[number], string>> = {
  formatted: 'addresses',
  streetAddress: 'streetaddress',
  locality: 'locality',
  region: 'region',
  postalCode: 'postalcode',
  country: 'addresses.home.country',
};
const addressClaim = (type: string, part: (typeof ADDRESS_PARTS)[number]) => (type === 'home' ? HOME[part] : `addresses.${type}.${part}`);
const ADDRESS_TYPES = ['home', 'work'];

const textIn = (entry: Entry, key: string, attribute: string): string | undefined => {
  const value = entry[key];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string' && typeof value !== 'number') throw InvalidValue(`The ${key} of ${attribute} must be a text.`);
  return String(value);
};

const typeIn = (entry: Entry, attribute: string, known: readonly string[]): string | undefined => {
  const type = textIn(entry, 'type', attribute)?.toLowerCase();
  if (type !== undefined && !known.includes(type)) throw InvalidValue(`The type ${type} of ${attribute} is not supported.`);
  return type;
};

const isPrimary = (entry: Entry): boolean => entry['primary'] === true || entry['primary'] === 'true';

const emails: ListAttribute = {
  name: 'emails',
  read: (claims) => {
    const primary = claims.get(EMAIL);
    const typed = EMAIL_TYPES.flatMap((type): Entry[] => {
      const value = claims.get(emailClaim(type));
      return value === undefined ? [] : [{ type, value, ...(value === primary && { primary: true }) }];
    });
    const more = (claims.get(MORE_EMAILS)?.split(',') ?? []).map((value): Entry => ({ value }));
    const isTyped = typed.some(({ value }) => value === primary);
    return [...typed, ...(primary !== undefined && !isTyped ? [{ value: primary, primary: true }] : []), ...more];
  },
  write: ({ claims }, entries) => {
    for (const claim of [EMAIL, MORE_EMAILS, ...EMAIL_TYPES.map(emailClaim)]) claims.delete(claim);
    const values = entries.flatMap((entry) => {
      const value = textIn(entry, 'value', 'emails');
      if (value?.includes(',')) throw InvalidValue('An e-mail address holds no comma.');
      return value === undefined ? [] : [{ value, type: typeIn(entry, 'emails', EMAIL_TYPES), primary: isPrimary(entry) }];
    });
    const primary = values.findLast((entry) => entry.primary) ?? values.find(({ type }) => type === undefined) ?? values[0];
    if (primary) claims.set(EMAIL, primary.value);
    for (const { type, value } of values) if (type !== undefined) claims.set(emailClaim(type), value);
    const more = new Set(values.filter(({ type, value }) => type === undefined && value !== primary?.value).map(({ value }) => value));
    if (more.size > 0) claims.set(MORE_EMAILS, [...more].join(','));
  },
  show: (entries) => [
    ...entries.filter(({ type }) => type !== undefined).map(({ type, value }) => ({ type, value })),
    ...entries.filter((entry) => isPrimary(entry) || entry['type'] === undefined).map(({ value }) => value),
  ],
  claims: () => [EMAIL, MORE_EMAILS, ...EMAIL_TYPES.map(emailClaim)],
};

const phoneNumbers: ListAttribute = {
  name: 'phoneNumbers',
  read: (claims) =>
    [...PHONE_CLAIMS].flatMap(([type, claim]) => {
      const value = claims.get(claim);
      return value === undefined ? [] : [{ type, value }];
    }),
  write: ({ claims }, entries) => {
    for (const claim of PHONE_CLAIMS.values()) claims.delete(claim);
    for (const entry of entries) {
      const claim = PHONE_CLAIMS.get(typeIn(entry, 'phoneNumbers', [...PHONE_CLAIMS.keys()]) ?? 'other');
      const value = textIn(entry, 'value', 'phoneNumbers');
      if (claim !== undefined && value !== undefined) claims.set(claim, value);
    }
  },
  show: (entries) => entries,
  claims: () => [...PHONE_CLAIMS.values()],
};

const addresses: ListAttribute = {
  name: 'addresses',
  read: (claims) =>
    ADDRESS_TYPES.flatMap((type) => {
      const parts = ADDRESS_PARTS.flatMap((part): [string, string][] => {
        const value = claims.get(addressClaim(type, part));
        return value === undefined ? [] : [[part, value]];
      });
      return parts.length > 0 ? [{ type, ...Object.fromEntries(parts) }] : [];
    }),
  write: ({ claims }, entries) => {
    for (const type of ADDRESS_TYPES) for (const part of ADDRESS_PARTS) claims.delete(addressClaim(type, part));
    for (const entry of entries) {
      const type = typeIn(entry, 'addresses', ADDRESS_TYPES) ?? 'home';
      for (const part of ADDRESS_PARTS) {
        const value = textIn(entry, part, 'addresses');
        if (value !== undefined) claims.set(addressClaim(type, part), value);
      }
    }
  },
  show: (entries) => entries,
  claims: (part) => {
    const parts = ADDRESS_PARTS.filter((name) => part === undefined || name.toLowerCase() === part);
    return ADDRESS_TYPES.flatMap((type) => parts.map((name) => addressClaim(type, name)));
  },
};

export const LIST_ATTRIBUTES: readonly ListAttribute[] = [emails, phoneNumbers, addresses];

export const listAttribute = (name: string): ListAttribute | undefined =>
  LIST_ATTRIBUTES.find((attribute) => attribute.name.toLowerCase() === name.toLowerCase());

/** The entries of a value: one or several, a bare text standing for its `value`. @throws InvalidValue (400). */
const entriesOf = (name: string, value: unknown): readonly Entry[] =>
  (Array.isArray(value) ? value : [value]).map((entry: unknown): Entry => {
    if (typeof entry === 'string') return { value: entry };
    if (isObject(entry)) return entry;
    throw InvalidValue(`A value of ${name} must be a text or an object.`);
  });

/** Applies one change to an attribute with several values. @throws InvalidValue, InvalidPath, NoTarget (400). */
export const changeList = (
  draft: UserDraft,
  attribute: ListAttribute,
  verb: PatchVerb,
  path: Omit<PatchPath, 'attribute'>,
  value: unknown,
): void => {
  const { selector, part } = path;
  const present = attribute.read(draft.claims);
  if (!selector) {
    const given = verb === 'remove' || value === null ? [] : entriesOf(attribute.name, value);
    attribute.write(draft, verb === 'add' ? [...present, ...given] : given);
    return;
  }
  if (!['type', 'value', 'primary'].includes(selector.path))
    throw InvalidPath(`The values of ${attribute.name} cannot be chosen by ${selector.path}.`);
  const isChosen = (entry: Entry) => String(entry[selector.path] ?? '').toLowerCase() === selector.value.toLowerCase();
  if (verb === 'remove') {
    if (!present.some(isChosen)) throw NoTarget(`No value of ${attribute.name} matches the path.`);
    const isWhole = part === undefined || part === 'value';
    attribute.write(
      draft,
      present.flatMap((entry) => (isChosen(entry) ? (isWhole ? [] : [{ ...entry, [part]: undefined }]) : [entry])),
    );
    return;
  }
  const [given = {}] = part === undefined ? entriesOf(attribute.name, value) : [{ [part]: value }];
  if (present.some(isChosen))
    attribute.write(
      draft,
      present.map((entry) => (isChosen(entry) ? { ...entry, ...given } : entry)),
    );
  else if (selector.path === 'type') attribute.write(draft, [...present, { type: selector.value, ...given }]);
  else throw NoTarget(`No value of ${attribute.name} matches the path.`);
};
