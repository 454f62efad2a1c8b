import type { Application } from '../../domain/application.js';
import type { ApplicationKey } from '../keys/key-mappings.js';
import { toArchivedApplication, toKeysToRestore } from './application-archives.mapper.js';

const application: Application = {
  id: '00000007-0000-4000-8000-000000000000',
  organization: 'example.com',
  number: 7,
  name: 'Weather',
  owner: 'ann',
  status: 'APPROVED',
  throttlingPolicy: '10PerMin',
  description: '',
  tokenType: 'JWT',
  visibility: 'PRIVATE',
  consumerOrganization: '',
  groups: ['support', 'sales'],
  attributes: {},
  quotaResets: {},
  createdAt: new Date(1000),
  updatedAt: new Date(2000),
};

const key = (keyType: 'PRODUCTION' | 'SANDBOX', consumerKey: string | null, ...secrets: readonly (string | null)[]): ApplicationKey => ({
  mapping: {
    ...{ id: keyType, organization: 'example.com', applicationId: application.id, keyType },
    ...{ keyManagerOrganization: 'example.com', keyManager: 'Resident Key Manager' },
    ...{ consumerKey, clientSecret: null, mode: 'CREATED', state: 'COMPLETED', createdAt: new Date(0) },
    settings: { grantTypes: ['password'], callbackUrl: '', properties: {} },
  },
  secrets: secrets.map((secret, at) => ({ id: String(at), description: '', secret, expiresAt: null })),
});

it('writes the same application in one order, and no keys that wait for their client', () => {
  const keys = [key('SANDBOX', 'b', 's'), key('PRODUCTION', 'a', 's')];
  const subscription = {
    ...{
      id: 's',
      organization: 'example.com',
      apiOrganization: 'example.com',
      apiId: 'a',
      applicationId: application.id,
      policy: 'Gold',
      requestedPolicy: 'Gold',
    },
    ...{ state: 'UNBLOCKED' as const, createdAt: new Date(0), updatedAt: new Date(0) },
  };
  const subscribed = ['Pets', 'Birds'].map((name) => ({ subscription, api: { name, version: '1.0.0', provider: 'admin@example.com' } }));

  const archived = toArchivedApplication(application, keys, subscribed);

  expect(archived).toEqual(
    toArchivedApplication({ ...application, groups: ['sales', 'support'] }, keys.toReversed(), subscribed.toReversed()),
  );
  expect(archived.applicationInfo).toMatchObject({ owner: 'ann@example.com', groups: ['sales', 'support'] });
  expect(archived.subscribedAPIs?.map(({ apiId }) => apiId.apiName)).toEqual(['Birds', 'Pets']);
  expect(toArchivedApplication(application, [key('SANDBOX', null)], []).applicationInfo.keys).toEqual([]);
});

it('leaves out secrets that are kept as hashes alone', () => {
  const [archived] = toArchivedApplication(application, [key('PRODUCTION', 'a', null)], []).applicationInfo.keys ?? [];

  expect(archived).toMatchObject({ consumerKey: 'a', consumerSecret: '', consumerSecrets: [] });
});

it('reads what it wrote', () => {
  const { keys = [] } = toArchivedApplication(application, [key('PRODUCTION', 'a', 'first', 'sécond')], []).applicationInfo;

  expect(toKeysToRestore(keys)).toEqual([
    {
      ...{ keyManager: 'Resident Key Manager', keyType: 'PRODUCTION', mode: 'CREATED', consumerKey: 'a' },
      ...{ grantTypes: ['password'], callbackUrl: '', properties: {} },
      secrets: [
        { plain: 'first', description: '', expiresAt: null },
        { plain: 'sécond', description: '', expiresAt: null },
      ],
    },
  ]);
});

it.each([
  ['the only secret beside the list', { consumerSecret: 'c2VjcmV0' }, [{ plain: 'secret', description: '', expiresAt: null }]],
  ['no secret', {}, []],
  [
    'an end',
    { consumerSecrets: [{ secretValue: 'c2VjcmV0', additionalProperties: { expiresAt: 5 } }] },
    [{ plain: 'secret', description: '', expiresAt: new Date(5000) }],
  ],
  [
    'an end that is none',
    { consumerSecrets: [{ secretValue: 'c2VjcmV0', additionalProperties: { expiresAt: 'x' } }] },
    [{ plain: 'secret', description: '', expiresAt: null }],
  ],
  ['no value in the list', { consumerSecrets: [{}], consumerSecret: 'c2VjcmV0' }, [{ plain: 'secret', description: '', expiresAt: null }]],
])('reads %s', (_, properties, secrets) => {
  expect(toKeysToRestore([{ keyType: 'SANDBOX', consumerKey: 'a', ...properties }])[0]?.secrets).toEqual(secrets);
});

it('passes over keys without a consumer key', () => expect(toKeysToRestore([{ keyType: 'SANDBOX', consumerKey: '' }])).toEqual([]));
