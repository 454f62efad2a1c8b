import { HealthController } from './health.controller.js';
import { type GatewayHealth, Readiness } from './readiness.js';

const gateway = (isLoaded: boolean): GatewayHealth => ({
  isReady: true,
  isLoaded,
  hasSuspendedEndpoints: false,
  areCountersAway: undefined,
});

it.each([
  ['a server that has not started', false, undefined, 503],
  ['a server without a gateway', true, undefined, 200],
  ['a gateway that has heard nothing of its APIs yet', true, gateway(false), 503],
  ['a gateway with all its APIs', true, gateway(true), 200],
] as const)('%s', (_, isStarted, of, status) => {
  const readiness = new Readiness();
  Object.assign(readiness, { isStarted, gateway: of });

  expect(new HealthController(readiness, null, null).loaded().status).toBe(status);
});
