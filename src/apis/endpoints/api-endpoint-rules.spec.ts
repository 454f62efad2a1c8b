import { Problem } from '../../domain/problem.js';
import { defaultEndpoints, endpointOf, primariesOf, type SentEndpoint } from './api-endpoint-rules.js';

const URL_OK = 'https://backend.example.com';
const CONFIG = { endpoint_type: 'http', production_endpoints: { url: URL_OK } };
const SENT: SentEndpoint = { name: ' One ', deploymentStage: 'PRODUCTION', endpointConfig: CONFIG };

const codeOf = (sent: SentEndpoint): number | undefined => {
  try {
    endpointOf(sent, 'HTTP');
    return undefined;
  } catch (err) {
    if (err instanceof Problem) return err.code;
    throw err;
  }
};

it.each<[SentEndpoint, number | undefined]>([
  [SENT, undefined],
  [{ ...SENT, name: ' ' }, 902056],
  [{ ...SENT, name: 'x'.repeat(256) }, 902056],
  [{ ...SENT, deploymentStage: 'TEST' }, 902056],
  [{ ...SENT, deploymentStage: undefined }, 902056],
  [{ ...SENT, endpointConfig: undefined }, 902044],
  [{ ...SENT, endpointConfig: {} }, 902044],
  [{ ...SENT, deploymentStage: 'SANDBOX' }, 903210],
  [{ ...SENT, endpointConfig: { production_endpoints: { url: 'nowhere' } } }, 902049],
  [{ ...SENT, endpointConfig: { ...CONFIG, endpoint_security: { production: { type: 'BASIC' } } } }, 902000],
  [{ ...SENT, endpointConfig: { endpoint_type: 'default' } }, undefined],
])('%j: %s', (sent, code) => expect(codeOf(sent)).toBe(code));

it('shows the endpoints of a configuration apart', () => {
  const both = {
    ...CONFIG,
    sandbox_endpoints: { url: 'http://sandbox' },
    endpoint_security: { production: { type: 'NONE' }, sandbox: { type: 'BASIC' } },
  };

  expect(defaultEndpoints(both)).toEqual([
    expect.objectContaining({
      id: 'default_production_endpoint',
      name: 'Default Production Endpoint',
      config: { ...CONFIG, endpoint_security: { production: { type: 'NONE' } } },
    }),
    expect.objectContaining({
      id: 'default_sandbox_endpoint',
      deploymentStage: 'SANDBOX',
      config: {
        endpoint_type: 'http',
        sandbox_endpoints: { url: 'http://sandbox' },
        endpoint_security: { sandbox: { type: 'BASIC' } },
      },
    }),
  ]);
  expect(defaultEndpoints({ ...CONFIG, sandbox_endpoints: {} })).toHaveLength(1);
  expect(defaultEndpoints(null)).toEqual([]);
});

it('gives primary endpoints to AI APIs alone', () => {
  const sent = { primaryProductionEndpointId: 'a', primarySandboxEndpointId: '' };

  expect(primariesOf({ ...sent, subtypeConfiguration: { subtype: 'AIAPI' } })).toEqual({
    primaryProductionEndpointId: 'a',
    primarySandboxEndpointId: null,
  });
  expect(primariesOf({ ...sent, subtypeConfiguration: null })).toEqual({
    primaryProductionEndpointId: null,
    primarySandboxEndpointId: null,
  });
});
