import type { ClientSettings, TokenLifetimes } from '../../keys/clients/oauth-client.js';
import type { PropertyValue } from '../../keys/managers/key-manager.js';
import { CallbackMissing, PropertiesInvalid, PropertyUnknown } from './application-keys.problems.js';

export const APPLICATION_LIFETIME = 'application_access_token_expiry_time';

/** What `additionalProperties` say to the resident key manager (`reference/key-manager.md` §9.2). */
const LIFETIMES: Readonly<Record<keyof TokenLifetimes, string>> = {
  application: APPLICATION_LIFETIME,
  user: 'user_access_token_expiry_time',
  refresh: 'refresh_token_expiry_time',
  id: 'id_token_expiry_time',
};
const SWITCHES = ['pkceMandatory', 'pkceSupportPlain', 'bypassClientCredentials'] as const;
const SCOPES = 'application_scopes';

/** Stands for "as the server has it". */
const NOT_SET = 'N/A';
const SECONDS_MAX = 2_147_483_647;
const SCOPES_MAX = 500;
const SCOPE_LENGTH_MAX = 255;

export type Properties = Readonly<Record<string, unknown>>;

/** Properties as they are stored and shown. */
export type StoredProperties = Readonly<Record<string, PropertyValue>>;

const KNOWN: ReadonlySet<string> = new Set([...Object.values(LIFETIMES), ...SWITCHES, SCOPES]);
const BLANK = new Set<unknown>([undefined, null, '', NOT_SET]);

/**
 * The properties as they are stored and shown: left-out ones get their default.
 * @throws PropertiesInvalid (400) for values that mean nothing, PropertyUnknown (400) for a value under a name the key manager does not know.
 */
export const storedProperties = (sent: Properties): StoredProperties => {
  const unknown = Object.keys(sent).find((name) => !KNOWN.has(name) && !BLANK.has(sent[name]));
  if (unknown !== undefined) throw PropertyUnknown(unknown);
  return storedOf(sent);
};

const storedOf = (sent: Properties): StoredProperties => ({
  ...Object.fromEntries(Object.values(LIFETIMES).map((name) => [name, secondsOf(sent[name]) ?? NOT_SET])),
  ...Object.fromEntries(SWITCHES.map((name) => [name, booleanOf(sent[name])])),
  [SCOPES]: textsOf(sent[SCOPES]),
});

/** What of a client its application decides. */
type AskedSettings = Omit<ClientSettings, 'skipConsent'>;

/** The properties of a client that exists already. */
export const propertiesOf = ({
  lifetimes,
  pkceMandatory,
  pkceSupportPlain,
  bypassClientCredentials,
  scopes,
}: AskedSettings): StoredProperties =>
  storedOf({
    ...Object.fromEntries(Object.entries(LIFETIMES).map(([kind, name]) => [name, positive(lifetimes[kind as keyof TokenLifetimes])])), // the keys of LIFETIMES
    ...{ pkceMandatory, pkceSupportPlain, bypassClientCredentials, [SCOPES]: scopes },
  });

const positive = (seconds: number | null): number | null => (seconds !== null && seconds > 0 ? seconds : null);

export const applicationScopesOf = (properties: Properties): readonly string[] => textsOf(properties[SCOPES]);

/** What the properties mean for an OAuth client. @throws PropertiesInvalid (400) */
export const clientSettings = (sent: Properties): AskedSettings => ({
  lifetimes: {
    application: secondsOf(sent[LIFETIMES.application]),
    user: secondsOf(sent[LIFETIMES.user]),
    refresh: secondsOf(sent[LIFETIMES.refresh]),
    id: secondsOf(sent[LIFETIMES.id]),
  },
  pkceMandatory: booleanOf(sent['pkceMandatory']),
  pkceSupportPlain: booleanOf(sent['pkceSupportPlain']),
  bypassClientCredentials: booleanOf(sent['bypassClientCredentials']),
  scopes: applicationScopesOf(sent),
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
  if (!Array.isArray(value) || value.length > SCOPES_MAX) throw PropertiesInvalid();
  if (!value.every((item) => typeof item === 'string' && item.length <= SCOPE_LENGTH_MAX)) throw PropertiesInvalid();
  return value;
};

const REDIRECTING: ReadonlySet<string> = new Set(['authorization_code', 'implicit']);

/** Grants that redirect need somewhere to redirect to. @throws CallbackMissing (400) */
export const checkCallback = (grantTypes: readonly string[], callbackUrl: string): void => {
  if (callbackUrl.trim() === '' && grantTypes.some((grant) => REDIRECTING.has(grant))) throw CallbackMissing();
};
