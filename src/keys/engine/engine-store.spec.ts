import { type OAuthClient, SERVER_LIFETIMES } from '../clients/oauth-client.js';
import type { EngineRecord, EngineRecords, NewRecord } from './engine-records.js';
import { engineStore, toClientMetadata } from './engine-store.js';
import { listedResponseTypes } from './response-types.js';

const client: OAuthClient = {
  clientId: 'tool',
  organization: 'acme.com',
  name: 'tool',
  displayName: 'tool',
  owner: 'ann',
  grantTypes: ['authorization_code', 'implicit', 'password'],
  callbackUrl: 'https://a.com/cb',
  saas: false,
  tokenType: 'JWT',
  lifetimes: SERVER_LIFETIMES,
  pkceMandatory: true,
  pkceSupportPlain: false,
  bypassClientCredentials: false,
  skipConsent: false,
  scopes: [],
};

describe('a client in the engine', () => {
  const metadata = (served: readonly string[], further: Partial<OAuthClient> = {}) =>
    toClientMetadata({ ...client, ...further }, new Set(served), { user: 60, id: 30 });

  it.each([
    [
      ['authorization_code', 'password'],
      ['code', 'none'],
    ],
    [['implicit'], ['id_token', 'id_token token']],
    [['password'], []],
  ])('may ask for what the served grants %p open', (served, types) => expect(metadata(served).response_types).toEqual(types));

  it('has no secret when it is public', () => {
    expect(metadata([], { bypassClientCredentials: true })).toMatchObject({ token_endpoint_auth_method: 'none' });
    expect(metadata([], { bypassClientCredentials: true })).not.toHaveProperty('client_secret');
  });
});

it('lists an access token alone where it lists one beside an ID token', () => {
  expect(listedResponseTypes(['implicit'])).toEqual(['id_token', 'token', 'id_token token']);
  expect(listedResponseTypes(['authorization_code'])).toEqual(['code', 'none']);
});

describe('the engine’s records', () => {
  const written: NewRecord[] = [];
  const ofTenant = (organization: string): EngineRecord => ({ id: 'secret', organization, payload: { uid: 'u' }, consumedAt: 7 });
  // Only what the store asks of them.
  const records = {
    put: async (record: NewRecord) => {
      written.push(record);
    },
    find: async (_: string, id: string) => ofTenant(id),
  } as unknown as EngineRecords;
  const store = engineStore('acme.com', async () => undefined, records);

  it('hold no id', async () => {
    await store('Session').upsert('secret', { jti: 'secret', accountId: 'ann' }, 60);

    expect(written).toEqual([{ kind: 'Session', id: 'secret', organization: 'acme.com', payload: { accountId: 'ann' }, lifeSeconds: 60 }]);
  });

  it('come back with it, and with the moment of their use, in their own tenant only', async () => {
    expect(await store('AuthorizationCode').find('acme.com')).toEqual({ uid: 'u', jti: 'secret', consumed: 7 });
    expect(await store('AuthorizationCode').find('other.org')).toBeUndefined();
  });

  it('are no tokens', async () => {
    await expect(store('AccessToken').upsert('id', {}, 60)).rejects.toThrow('the engine keeps no AccessToken');
    expect(await store('AccessToken').find('acme.com')).toBeUndefined();
  });
});
