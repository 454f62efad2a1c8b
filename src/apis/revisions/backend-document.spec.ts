import { endpointOf } from './backend-document.js';

const suspensionOf = (config: object) => endpointOf({ production_endpoints: { url: 'http://a', config } }, 'production')?.suspension;

it('reads the timing that suspends an endpoint, numbers being texts or not', () => {
  const config = {
    suspendErrorCode: ['101504', 101_505],
    suspendDuration: '2000',
    suspendMaxDuration: 10_000,
    factor: '1.5',
    retryErroCode: ['101503'],
    retryTimeOut: '3',
    retryDelay: 200,
  };
  expect(suspensionOf(config)).toEqual({
    codes: ['101504', '101505'],
    durationMs: 2_000,
    durationMaxMs: 10_000,
    factor: 1.5,
    retryCodes: ['101503'],
    retries: 3,
    retryDelayMs: 200,
  });
});

it('suspends for half a minute where only the codes are given', () => {
  expect(suspensionOf({ suspendErrorCode: ['101503'] })).toMatchObject({ durationMs: 30_000, factor: 1, durationMaxMs: null, retries: 0 });
});

it.each([
  [{}],
  [{ actionSelect: 'fault', actionDuration: '100' }],
  [{ suspendErrorCode: ['101503'], suspendDuration: '0' }],
  [{ suspendErrorCode: [], suspendDuration: '' }],
])('never suspends with %j', (config) => {
  expect(suspensionOf(config)).toBeUndefined();
});

const member = (url: string) => ({
  url,
  onTimeout: 'fault',
  timeoutMs: null,
  suspension: expect.objectContaining({ codes: [], durationMs: 30_000 }),
});

it('makes a group of the endpoints of a failover, of each kind its own', () => {
  const config = {
    endpoint_type: 'failover',
    production_endpoints: { url: 'http://a' },
    production_failovers: [{ url: 'http://b' }, { url: 'http://c', config: { suspendDuration: '0' } }],
    sandbox_endpoints: { url: 'http://d' },
  };
  expect(endpointOf(config, 'production')).toEqual({
    ...member('http://a'),
    group: {
      others: [member('http://b'), { url: 'http://c', onTimeout: 'fault', timeoutMs: null }],
      choice: 'failover',
      failsOver: true,
      sessionMs: null,
    },
  });
  expect(endpointOf(config, 'sandbox')).toEqual(member('http://d'));
});

it.each([
  [{}, { failsOver: true, sessionMs: null }],
  [{ failOver: 'False' }, { failsOver: false, sessionMs: null }],
  [
    { failOver: true, sessionManagement: 'transport', sessionTimeOut: '300' },
    { failsOver: true, sessionMs: 300 },
  ],
  [{ sessionManagement: 'transport' }, { sessionMs: 600_000 }],
  [{ sessionManagement: 'soap' }, { sessionMs: null }],
])('shares requests between the endpoints of a load balance with %j', (rules, expected) => {
  const config = { endpoint_type: 'load_balance', production_endpoints: [{ url: 'http://a' }, { url: 'http://b' }], ...rules };
  expect(endpointOf(config, 'production')?.group).toMatchObject({ others: [member('http://b')], choice: 'round-robin', ...expected });
});

it('takes the first address only where the type knows no groups', () => {
  expect(endpointOf({ endpoint_type: 'http', production_endpoints: [{ url: 'http://a' }, { url: 'http://b' }] }, 'production')).toEqual({
    url: 'http://a',
    onTimeout: 'fault',
    timeoutMs: null,
  });
});

const securityOf = (production: object) =>
  endpointOf({ production_endpoints: { url: 'http://a' }, endpoint_security: { production } }, 'production')?.security;

it.each([
  [
    { enabled: true, type: 'BASIC', username: 'ann', password: 'v2:x' },
    { type: 'basic', username: 'ann', secrets: { password: 'v2:x' } },
  ],
  [
    { type: 'apikey', apiKeyIdentifier: 'key', apiKeyIdentifierType: 'QUERY_PARAMETER', apiKeyValue: 'v2:x' },
    { type: 'apikey', name: 'key', place: 'query', secrets: { apiKeyValue: 'v2:x' } },
  ],
  [{ enabled: false, type: 'BASIC', username: 'ann', password: 'v2:x' }, undefined],
  [{ enabled: true, type: 'NONE' }, undefined],
])('takes the credentials %j over as %j', (entry, expected) => {
  expect(securityOf(entry)).toEqual(expected);
});

it('takes the parameters of OAuth over, the secret ones among the secrets', () => {
  const entry = {
    type: 'OAUTH',
    grantType: 'PASSWORD',
    tokenUrl: 'https://a/token',
    clientId: 'c',
    clientSecret: 'v2:s',
    username: 'ann',
    password: 'v2:p',
    customParameters: JSON.stringify({ a: 'b', c: { value: 'v2:d', secured: true }, e: { value: 'f', secured: false } }),
    connectionTimeoutDuration: '100',
    socketTimeoutDuration: -1,
  };
  expect(securityOf(entry)).toEqual({
    type: 'oauth',
    grant: 'password',
    tokenUrl: 'https://a/token',
    clientId: 'c',
    username: 'ann',
    parameters: { a: 'b', e: 'f' },
    connectMs: 100,
    answerMs: null,
    secrets: { clientSecret: 'v2:s', password: 'v2:p', 'parameter:c': 'v2:d' },
  });
});

it.each(['default', 'awslambda', 'sequence_backend'])('has no address of the type %s, whatever stands in its place', (endpoint_type) => {
  expect(endpointOf({ endpoint_type, production_endpoints: { url: 'default' } }, 'production')).toBeNull();
});
