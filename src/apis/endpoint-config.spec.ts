import type { ApiType } from '../domain/api.js';
import { Problem } from '../domain/problem.js';
import { checkEndpointConfig, withCircuitBreakers } from './endpoint-config.js';

const URL_OK = 'https://backend.example.com/v1';
const at = (url: unknown, type = 'http') => ({ endpoint_type: type, production_endpoints: { url } });
const timed = (config: unknown) => ({ endpoint_type: 'http', production_endpoints: { url: URL_OK, config } });
const lambda = (more: object) => ({ endpoint_type: 'awslambda', ...more });
const oauth = (more: object) =>
  secured({ type: 'OAUTH', grantType: 'CLIENT_CREDENTIALS', tokenUrl: URL_OK, clientId: 'a', clientSecret: 'b', ...more });
const secured = (security: object) => ({ ...at(URL_OK), endpoint_security: { production: security } });

const codeOf = (config: Record<string, unknown>, type?: ApiType): number | undefined => {
  try {
    checkEndpointConfig(config, type);
    return undefined;
  } catch (err) {
    if (err instanceof Problem) return err.code;
    throw err;
  }
};

it.each([
  [at(URL_OK), undefined],
  [at('http://{uri.var.host}:80/x'), undefined],
  [at(undefined), 903210],
  [at(''), 903210],
  [at('not a url'), 900346],
  [at('ftp://host'), 900346],
  [at(5), 900346],
  [at('ws://host/x', 'ws'), undefined],
  [at('http://host/x', 'ws'), 900346],
  [at('default', 'default'), undefined],
  [{ endpoint_type: 'load_balance', production_endpoints: [{ url: URL_OK }, { url: 'x' }] }, 900346],
  [{ endpoint_type: 'failover', production_endpoints: { url: URL_OK }, production_failovers: [{}] }, 903210],
  [{ ...at(URL_OK), sessionTimeOut: 'soon' }, 902012],
  [{ ...at(URL_OK), sessionTimeOut: '10' }, undefined],
  [secured({ type: 'BASIC', username: 'ann', password: 'x' }), undefined],
  [secured({ type: 'BASIC', username: 'ann', password: '' }), undefined],
  [secured({ type: 'BASIC', username: 'ann' }), 902000],
  [secured({ type: 'BASIC', username: ' ', password: 'x' }), 902000],
  [secured({ type: 'MAGIC' }), 903213],
  [secured({ type: 'MAGIC', enabled: false }), undefined],
  [secured({ type: 'NONE' }), undefined],
  [secured({ type: 'OAUTH', grantType: 'CLIENT_CREDENTIALS', tokenUrl: URL_OK, clientId: 'a', clientSecret: 'b' }), undefined],
  [secured({ type: 'OAUTH', grantType: 'CLIENT_CREDENTIALS', clientId: 'a', clientSecret: 'b' }), 902000],
  [secured({ enabled: true }), 903214],
  [secured({ enabled: false, type: 'BASIC', password: 5 }), 903213],
  [secured({ type: 'constructor' }), 903213],
  [secured({ type: 'apikey', apiKeyIdentifier: 'k', apiKeyIdentifierType: 'HEADER', apiKeyValue: '' }), undefined],
  [secured({ type: 'apikey', apiKeyIdentifier: 'k', apiKeyIdentifierType: 'COOKIE', apiKeyValue: 'v' }), 903213],
  [secured({ type: 'aws', accessKey: 'a', region: 'r', service: 's' }), 902000],
  [oauth({ grantType: 'IMPLICIT' }), 903213],
  [oauth({ grantType: 'PASSWORD' }), 902000],
  [oauth({ grantType: 'PASSWORD', username: 'ann', password: '' }), undefined],
  [oauth({ tokenUrl: 'nowhere' }), 903213],
  [oauth({ customParameters: '{"a":"b"}', connectionTimeoutDuration: -1, socketTimeoutDuration: '1000' }), undefined],
  [oauth({ customParameters: 'a=b' }), 903213],
  [oauth({ customParameters: { a: { value: 5, secured: true } } }), 903213],
  [oauth({ socketTimeoutDuration: 'soon' }), 903213],
  [oauth({ proxyConfigs: { proxyEnabled: true, proxyHost: 'proxy', proxyPort: '3128', proxyProtocol: 'http' } }), undefined],
  [oauth({ proxyConfigs: { proxyEnabled: true, proxyHost: 'proxy', proxyPort: 70000 } }), 903213],
  [oauth({ proxyConfigs: { proxyEnabled: false } }), undefined],
  [timed({ actionSelect: 'discard', actionDuration: '3000', suspendErrorCode: ['101503', 101504], factor: 1.5 }), undefined],
  [timed({ actionSelect: '', actionDuration: '', suspendErrorCode: [] }), undefined],
  [timed({ actionSelect: 'wait' }), 902012],
  [timed({ suspendDuration: 'long' }), 902012],
  [timed({ retryDelay: -1 }), 902012],
  [timed({ retryErroCode: ['x'] }), 902012],
  [timed([]), 902012],
  [{ endpoint_type: 'load_balance', production_endpoints: [{ url: URL_OK }], algoCombo: {} }, 902012],
  [{ endpoint_type: 'load_balance', production_endpoints: [{ url: URL_OK }], algoCombo: 'org.apache.synapse.RoundRobin' }, undefined],
  [{ ...at(URL_OK), production_endpoints: { url: URL_OK, advanceEndpointConfig: { circuitBreakers: { maxRequests: 'x' } } } }, 902012],
  [lambda({ access_method: 'role-supplied', amznAccessKey: '', amznSecretKey: '' }), undefined],
  [lambda({ access_method: 'stored', amznAccessKey: 'a', amznSecretKey: 'AWS_SECRET_KEY', amznRegion: 'eu-west-1' }), undefined],
  [lambda({ access_method: 'stored', amznAccessKey: 'a', amznSecretKey: 'k' }), 902012],
  [lambda({ access_method: 'guessed' }), 902012],
  [lambda({ amznSecretKey: 5 }), 902012],
  [lambda({ assume_role: true, amznRoleArn: 'arn' }), 902012],
  [{ endpoint_type: 'sequence_backend' }, undefined],
  [{ endpoint_type: 'service', production_endpoints: { url: URL_OK } }, undefined],
  [{ endpoint_type: 'graphql', production_endpoints: { url: URL_OK } }, undefined],
  [{ endpoint_type: 'address', production_endpoints: { url: 'x' } }, 900346],
  [{ endpoint_type: 5 }, 902012],
])('%j: %s', (config, code) => {
  expect(codeOf(config)).toBe(code);
});

it.each<[object, ApiType, number | undefined]>([
  [at('http://host/x'), 'WS', 900346],
  [at('wss://host/x', 'http'), 'WS', undefined],
  [{ endpoint_type: 'sequence_backend' }, 'SOAP', 902012],
])('%j of an API of type %s: %s', (config, type, code) => {
  expect(codeOf({ ...config }, type)).toBe(code);
});

describe('circuit breakers', () => {
  const breakers = { circuitBreakers: { maxConnections: 3 } };

  it('reach the endpoints that exist, and no others', () => {
    const config = { ...at(URL_OK), sandbox_endpoints: [] };

    expect(withCircuitBreakers(config, { production: breakers, sandbox: breakers })).toEqual({
      ...config,
      production_endpoints: { url: URL_OK, advanceEndpointConfig: breakers },
    });
    expect(withCircuitBreakers(null, { production: breakers })).toBeNull();
  });

  it('go when the definition has none any more', () => {
    const config = { production_endpoints: [{ url: URL_OK, advanceEndpointConfig: breakers }] };

    expect(withCircuitBreakers(config, {})).toEqual({ production_endpoints: [{ url: URL_OK }] });
  });
});
