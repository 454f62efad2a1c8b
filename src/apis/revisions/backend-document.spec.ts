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
