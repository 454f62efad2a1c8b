import type { ClientSettings, TokenLifetimes } from '../../keys/clients/oauth-client.js';
import { CallbackMissing, PropertiesInvalid } from './application-keys.problems.js';

/** What `additionalProperties` say to the resident key manager (`reference/key-manager.md` §9.2). */
const LIFETIMES: Readonly<Record<keyof TokenLifetimes, string>> = {
  application: 'application_access_token_expiry_time',
  user: 'user_access_token_expiry_time',
  refresh: 'refresh_token_expiry_time',
  id: 'id_token_expiry_time',
};
const SWITCHES = ['pkceMandatory', 'pkceSupportPlain', 'bypassClientCredentials'] as const;
const SCOPES = 'application_scopes';

/** Stands for "as the server has it". */
const NOT_SET = 'N/A';
const SECONDS_MAX = 2_147_483_647;

export type Properties = Readonly<Record<string, unknown>>;

/** The properties as they are stored and shown. */
export type StoredProperties = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/**
 * Left-out properties get their default, ones the key manager does not know are dropped.
 * @throws PropertiesInvalid (400) for values that mean nothing.
 */
export const storedProperties = (sent: Properties): StoredProperties => ({
  ...Object.fromEntries(Object.values(LIFETIMES).map((name) => [name, secondsOf(sent[name]) ?? NOT_SET])),
  ...Object.fromEntries(SWITCHES.map((name) => [name, booleanOf(sent[name])])),
  [SCOPES]: textsOf(sent[SCOPES]),
});

/**
 * What the properties mean for an OAuth client. The application scopes are kept and shown, but open nothing: as in the product by default, only roles do,
 * or whoever owns an application could grant itself the scopes of every API. @throws as {@link storedProperties}
 */
export const clientSettings = (sent: Properties): Omit<ClientSettings, 'skipConsent'> => ({
  lifetimes: {
    application: secondsOf(sent[LIFETIMES.application]),
    user: secondsOf(sent[LIFETIMES.user]),
    refresh: secondsOf(sent[LIFETIMES.refresh]),
    id: secondsOf(sent[LIFETIMES.id]),
  },
  pkceMandatory: booleanOf(sent['pkceMandatory']),
  pkceSupportPlain: booleanOf(sent['pkceSupportPlain']),
  bypassClientCredentials: booleanOf(sent['bypassClientCredentials']),
  scopes: [],
});

const secondsOf = (value: unknown): number | null => {
  if (value === undefined || value === null || value === '' || value === NOT_SET) return null;
  const seconds = typeof value === 'string' || typeof value === 'number' ? Number(value) : Number.NaN;
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > SECONDS_MAX) throw PropertiesInvalid();
  return seconds === 0 ? null : seconds;
};

/** Portals send their checkboxes as booleans or as text. */
const booleanOf = (value: unknown): boolean => {
  if (value === undefined || value === null || value === '') return false;
  const text = String(value).toLowerCase();
  if (text !== 'true' && text !== 'false') throw PropertiesInvalid();
  return text === 'true';
};

const textsOf = (value: unknown): readonly string[] => {
  if (value === undefined || value === null || value === '') return [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) throw PropertiesInvalid();
  return value;
};

const REDIRECTING: ReadonlySet<string> = new Set(['authorization_code', 'implicit']);

/** Grants that redirect need somewhere to redirect to. @throws CallbackMissing (400) */
export const checkCallback = (grantTypes: readonly string[], callbackUrl: string): void => {
  if (callbackUrl.trim() === '' && grantTypes.some((grant) => REDIRECTING.has(grant))) throw CallbackMissing();
};
