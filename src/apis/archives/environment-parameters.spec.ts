import { environmentConfig, targetsOf, withParameters } from './environment-parameters.js';

const URL_A = { url: 'http://a' };
const URL_B = { url: 'http://b' };
const stored = { name: 'Pets', policies: ['Gold'], endpointConfig: { endpoint_type: 'http', production_endpoints: URL_A } };

describe('the parameters of an environment', () => {
  it.each([
    [{ policies: ['Gold'] }, { policies: ['Gold'] }],
    [{ name: 'prod', configs: { policies: [] } }, { policies: [] }],
    [{ environments: [{ name: 'prod', configs: { policies: [] } }] }, { policies: [] }],
    [{ environments: [{ name: 'prod' }] }, {}],
  ])('in %j are %j', (params, config) => expect(environmentConfig(params)).toEqual(config));

  it.each([
    [{ environments: [] }],
    [{ environments: [{ configs: {} }, { configs: {} }] }],
    [{ environments: ['prod'] }],
  ])('are refused in %j', (params) => expect(() => environmentConfig(params)).toThrow('900908'));
});

describe('an API object', () => {
  it.each([
    ['says nothing of it', {}, {}],
    ['names plans', { policies: ['Silver'] }, { policies: ['Silver'] }],
    [
      'names addresses',
      { endpoints: { production: URL_B, sandbox: URL_A } },
      { endpointConfig: { endpoint_type: 'http', production_endpoints: URL_B, sandbox_endpoints: URL_A } },
    ],
    [
      'names a SOAP address',
      { endpointType: 'soap', endpoints: { sandbox: URL_A } },
      { endpointConfig: { endpoint_type: 'address', sandbox_endpoints: URL_A } },
    ],
    [
      'names none',
      { endpointType: 'dynamic' },
      {
        endpointConfig: {
          endpoint_type: 'default',
          production_endpoints: { url: 'default' },
          sandbox_endpoints: { url: 'default' },
          failOver: false,
        },
      },
    ],
    [
      'names functions',
      { endpointType: 'aws', awsLambdaEndpoints: { accessMethod: 'stored', amznRegion: 'eu', amznAccessKey: 'a', amznSecretKey: 'b' } },
      { endpointConfig: { endpoint_type: 'awslambda', access_method: 'stored', amznRegion: 'eu', amznAccessKey: 'a', amznSecretKey: 'b' } },
    ],
    [
      'names fallbacks',
      { endpointRoutingPolicy: 'failover', failoverEndpoints: { production: URL_A, productionFailovers: [URL_B] } },
      {
        endpointConfig: {
          endpoint_type: 'failover',
          failOver: true,
          production_endpoints: URL_A,
          production_failovers: [{ endpoint_type: 'http', template_not_supported: false, ...URL_B }],
        },
      },
    ],
    [
      'names credentials',
      { security: { production: { enabled: true, type: 'oauth', grantType: 'client-credentials' } } },
      {
        endpointConfig: {
          ...stored.endpointConfig,
          endpoint_security: { production: { enabled: true, type: 'OAUTH', grantType: 'CLIENT_CREDENTIALS' } },
        },
      },
    ],
  ])('whose environment %s', (_, params, changed) => expect(withParameters(stored, params)).toEqual({ ...stored, ...changed }));

  it('is spread over the addresses of a group', () => {
    const params = {
      endpointType: 'soap',
      endpointRoutingPolicy: 'load_balanced',
      loadBalanceEndpoints: { production: [URL_A, URL_B], sessionManagement: 'soap', sessionTimeOut: 60 },
    };

    expect(withParameters(stored, params)['endpointConfig']).toMatchObject({
      endpoint_type: 'load_balance',
      sessionManagement: 'soap',
      sessionTimeOut: 60,
      production_endpoints: [URL_A, { endpoint_type: 'address', template_not_supported: false, ...URL_B }],
    });
  });

  it('keeps the credentials of the key type that the parameters leave out', () => {
    const basic = { type: 'BASIC', username: 'ann', password: '' };
    const secured = { ...stored, endpointConfig: { ...stored.endpointConfig, endpoint_security: { sandbox: basic } } };

    const { endpointConfig } = withParameters(secured, { endpoints: { production: URL_B }, security: { production: { type: 'apikey' } } });

    expect(endpointConfig).toEqual({
      endpoint_type: 'http',
      production_endpoints: URL_B,
      endpoint_security: { sandbox: basic, production: { type: 'apikey' } },
    });
  });
});

it.each([
  [
    [{ deploymentEnvironment: 'A', deploymentVhost: 'h', displayOnDevportal: false }],
    [{ environment: 'A', vhost: 'h', displayOnDevportal: false }],
  ],
  [[{ deploymentEnvironment: 'A', displayOnDevportal: 'false' }], [{ environment: 'A', displayOnDevportal: false }]],
  [[{ deploymentEnvironment: 'A' }], [{ environment: 'A', displayOnDevportal: true }]],
  [[], []],
  [[{}], undefined],
  [['A'], undefined],
  ['A', undefined],
])('deploys %j to %j', (entries, targets) => expect(targetsOf(entries)).toEqual(targets));
