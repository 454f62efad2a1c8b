import { isIP } from 'node:net';
import type { ConditionType, DenyRuleDocument } from '../../domain/deny-rules.js';
import { addressKey, isSameFamily } from '../../domain/ip-address.js';
import { fullName, parseUserName, shownName } from '../../domain/organization.js';
import {
  AddressInvalid,
  ApiContextUnknown,
  ApplicationUnknown,
  ForeignUser,
  RangeAddressInvalid,
  RangeMixed,
  RangeReversed,
  ValueUnreadable,
} from './deny-policies.problems.js';
import type { ConditionValue, DenyPolicy } from './deny-policy.js';

/** A condition that was read. */
export interface Condition {
  readonly value: ConditionValue;
  /** See {@link DenyPolicy}. */
  readonly subject: string;
  /** For gateways; the id of a user is for others to find. */
  readonly rule: DenyRuleDocument;
}

/** Longer than any name; an index of Postgres takes no text of any length. */
const USER_NAME_LENGTH_MAX = 255;
const CONTROL = /\p{Cc}/u;

/**
 * Reads the value of a condition, which holds for the given tenant. Of what it names only the form is looked at.
 * @throws ApiContextUnknown, ApplicationUnknown, AddressInvalid and the other refusals (400) for what cannot be the value of such a condition
 */
export const conditionOf = (type: ConditionType, value: unknown, organization: string): Condition => READERS[type](value, organization);

/** The value as one text: what it is found by. */
export const textOf = ({ value }: Pick<DenyPolicy, 'value'>): string => (typeof value === 'string' ? value : JSON.stringify(value));

const ofApi = (value: unknown): Condition => {
  const path = text('API', value);
  if (!path.startsWith('/')) throw ApiContextUnknown();
  return { value: path, subject: path, rule: { type: 'API', path } };
};

const ofApplication = (value: unknown, organization: string): Condition => {
  const sent = text('APPLICATION', value);
  const colon = sent.indexOf(':');
  const owner = nameWithin(sent.slice(0, Math.max(0, colon)), organization);
  const name = sent.slice(colon + 1);
  if (owner === undefined || name === '') throw ApplicationUnknown();
  const shownOwner = shownName({ name: owner, organization });
  const shown = `${shownOwner}:${name}`;
  return { value: shown, subject: shown, rule: { type: 'APPLICATION', owner: shownOwner, name } };
};

const ofUser = (value: unknown, organization: string): Condition => {
  const name = nameWithin(text('USER', value), organization);
  if (name === undefined) throw ForeignUser(organization);
  if (name.length > USER_NAME_LENGTH_MAX || CONTROL.test(name)) throw ValueUnreadable('USER');
  return { value: fullName({ name, organization }), subject: name.toLowerCase(), rule: { type: 'USER', name, id: null } };
};

const ofAddress = (value: unknown): Condition => {
  const { fixedIp, invert } = members('IP', value);
  const address = text('IP', fixedIp);
  if (!isAddress(address)) throw AddressInvalid(address);
  const isInverted = flag('IP', invert);
  return {
    value: { fixedIp: address, invert: isInverted },
    subject: subjectOf([address], isInverted),
    rule: { type: 'IP', first: address, last: address, isInverted },
  };
};

const ofRange = (value: unknown): Condition => {
  const { startingIp, endingIp, invert } = members('IPRANGE', value);
  const [first, last] = [text('IPRANGE', startingIp), text('IPRANGE', endingIp)];
  for (const address of [first, last]) if (!isAddress(address)) throw RangeAddressInvalid(address);
  if (!isSameFamily(addressKey(first), addressKey(last))) throw RangeMixed(first, last);
  if (addressKey(first) > addressKey(last)) throw RangeReversed(first, last);
  const isInverted = flag('IPRANGE', invert);
  return {
    value: { startingIp: first, endingIp: last, invert: isInverted },
    subject: subjectOf([first, last], isInverted),
    rule: { type: 'IP', first, last, isInverted },
  };
};

const READERS: Readonly<Record<ConditionType, (value: unknown, organization: string) => Condition>> = {
  API: ofApi,
  APPLICATION: ofApplication,
  IP: ofAddress,
  IPRANGE: ofRange,
  USER: ofUser,
};

/** The name of a user of the tenant, without it; undefined for a user of another one. A name with an `@` of its own is written with its tenant. */
const nameWithin = (sent: string, organization: string): string | undefined => {
  const suffix = `@${organization}`;
  const bare = sent.endsWith(suffix) ? sent.slice(0, -suffix.length) : sent;
  if (bare.trim() === '' || (bare === sent && bare.includes('@'))) return undefined;
  return parseUserName(bare + suffix).name || undefined;
};

/** A zone names an interface of one machine, which the gateway may not be. */
const isAddress = (sent: string): boolean => isIP(sent) !== 0 && !sent.includes('%');

const subjectOf = (addresses: readonly string[], isInverted: boolean): string =>
  `${isInverted ? '!' : ''}${addresses.map(addressKey).join('-')}`;

const text = (type: ConditionType, value: unknown): string => {
  if (typeof value !== 'string') throw ValueUnreadable(type);
  return value;
};

const flag = (type: ConditionType, value: unknown): boolean => {
  if (value !== undefined && typeof value !== 'boolean') throw ValueUnreadable(type);
  return value ?? false;
};

const members = (type: ConditionType, value: unknown): Readonly<Record<string, unknown>> => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw ValueUnreadable(type);
  return { ...value };
};
