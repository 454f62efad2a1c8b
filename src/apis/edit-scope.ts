import { plainToInstance } from 'class-transformer';
import type { User } from '../domain/user.js';
import { EditOutOfScope } from './apis.problems.js';
import { APIDto } from './dto/api.dto.js';

const CREATING_SCOPES: readonly string[] = ['apim:api_create', 'apim:api_import_export', 'apim:api_manage'];

/** What a caller who only publishes may change (`reference/publisher.md` §1). */
const PUBLISHERS_FIELDS: ReadonlySet<string> = new Set([
  'lifeCycleStatus',
  'tags',
  'policies',
  'organizationPolicies',
  'apiThrottlingPolicy',
  'visibility',
  'visibleRoles',
  'visibleOrganizations',
  'subscriptionAvailability',
  'additionalProperties',
  'additionalPropertiesMap',
  'businessInformation',
  'categories',
  'lastUpdatedTime',
  // The same moment, written otherwise.
  'lastUpdatedTimestamp',
]);

/**
 * What an update means: for a caller who only publishes, and for everybody in the portal-only mode, the fields of others that are left out stay as they are.
 * @throws EditOutOfScope (403) when such a caller sends one of them with another value than the stored one.
 */
export const editInScope = (caller: Pick<User, 'scopes'>, current: APIDto, sent: APIDto, portalOnly = false): APIDto => {
  if (!portalOnly && CREATING_SCOPES.some((scope) => caller.scopes.has(scope))) return sent;
  return editOfPublisher(APIDto, current, sent);
};

/** An update of what the wire describes by the class that changes publishers' fields alone. @throws EditOutOfScope (403). */
export const editOfPublisher = <T extends object>(type: new () => T, current: T, sent: T): T => {
  // Read as a request, so that what requests cannot set is missing on both sides.
  const before: Readonly<Record<string, unknown>> = JSON.parse(JSON.stringify(plainToInstance(type, current)));
  const after: Readonly<Record<string, unknown>> = JSON.parse(JSON.stringify(sent));
  for (const [field, value] of Object.entries(after)) {
    if (!PUBLISHERS_FIELDS.has(field) && !isSame(before[field], value)) throw EditOutOfScope();
  }
  const kept = Object.entries(before).filter(([field]) => !PUBLISHERS_FIELDS.has(field));
  return Object.assign(new type(), Object.fromEntries(kept), after);
};

/** Equal, where null, an empty text, list or object and an absent property mean the same. */
const isSame = (a: unknown, b: unknown): boolean => {
  if (isEmpty(a) && isEmpty(b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = a as Readonly<Record<string, unknown>>; // both are objects or both are lists
  const right = b as Readonly<Record<string, unknown>>;
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((key) => isSame(left[key], right[key]));
};

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (typeof value === 'object' && Object.values(value).every(isEmpty));
