import { OpenTelemetryConfig } from '../config/sections/open-telemetry.config.js';
import { spanTarget } from './trace-target.js';

const usual = new OpenTelemetryConfig().remoteTracer;

it.each([
  [{}, 'http://localhost:4318/v1/traces'],
  [{ name: 'zipkin' as const }, 'http://localhost:9411/api/v2/spans'],
  [{ name: 'jaeger' as const, hostname: 'jaeger', port: 14_250 }, 'http://jaeger:4318/v1/traces'],
  [{ name: 'jaeger' as const, port: 55_681 }, 'http://localhost:55681/v1/traces'],
  [{ url: 'https://collector.example/v1/traces' }, 'https://collector.example/v1/traces'],
])('the tracer %j posts to %s', (changes, url) => {
  expect(spanTarget({ ...usual, ...changes }, {}).url).toBe(url);
});

it('sends the headers configured', () => {
  const properties = [{ name: 'Authorization', value: 'Bearer x' }];

  expect(spanTarget({ ...usual, properties }, {}).headers).toEqual({ Authorization: 'Bearer x' });
});

it.each(['collector:4317', 'grpc://collector', 'http://'])('refuses the address %s', (url) => {
  expect(() => spanTarget({ ...usual, url }, {})).toThrow(/remote_tracer\.url/);
});
