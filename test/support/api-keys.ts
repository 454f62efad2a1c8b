import type { Actor } from './actor.js';
import { expected } from './actor.js';
import type { Body } from './client.js';
import { eventually } from './eventually.js';
import { gateway } from './gateway.js';
import type { GivenApi, GivenApplication } from './given.js';

export interface IssuedKey {
  readonly keyName: string;
  readonly apikey: string;
  readonly validityPeriod: number;
}

export interface ListedKey {
  readonly keyUUID: string;
  readonly keyName: string;
  readonly issuedOn: number;
  readonly validityPeriod: number;
  readonly lastUsed?: number;
  readonly associatedApp?: string;
  readonly apiName?: string;
  readonly apiUUID?: string;
}

export interface KeyList {
  readonly count: number;
  readonly list: readonly ListedKey[];
}

/** The security scheme of an API that takes tokens and keys. */
export const TOKENS_AND_KEYS = { securityScheme: ['oauth2', 'api_key', 'oauth_basic_auth_api_key_mandatory'] };

/** Makes a key of the API; gives its value and its id. */
export const keyOf = async (by: Actor, { id }: Pick<GivenApi, 'id'>, content: Body = {}): Promise<IssuedKey & { readonly id: string }> => {
  const path = { apiId: id };
  const body = { keyName: 'Key', keyType: 'PRODUCTION', ...content };
  const issued = expected(await by.devportal<IssuedKey>('POST /apis/{apiId}/api-keys/generate', { path, body }), 200);
  const { list } = expected(await by.devportal<KeyList>('GET /apis/{apiId}/api-keys', { path }), 200);
  return { ...issued, id: list.at(-1)?.keyUUID ?? '' };
};

/** Associates a key of the API with the application. */
export const associate = async (by: Actor, { id }: Pick<GivenApi, 'id'>, keyUUID: string, application: GivenApplication): Promise<void> => {
  const body = { keyUUID, applicationUUID: application.applicationId };
  expected(await by.devportal('POST /apis/{apiId}/api-keys/associate', { path: { apiId: id }, body }), 200);
};

/** Calls the API with a key until the gateway answers so. */
export const answersWithKey = (api: GivenApi, apikey: string, status: number, headers: Readonly<Record<string, string>> = {}) =>
  eventually(
    () => gateway(`${api.url}/`, { headers: { ApiKey: apikey, ...headers } }),
    (answer) => answer.status === status,
  );

/** Takes all plans from a published API: whoever has a key may call it. */
export const withoutSubscriptions = async (by: Actor, { id }: Pick<GivenApi, 'id'>): Promise<void> => {
  const path = { apiId: id };
  const stored = expected(await by.publisher('GET /apis/{apiId}', { path }), 200);
  expected(await by.publisher('PUT /apis/{apiId}', { path, body: { ...stored, policies: [] } }), 200);
};
