import type { SuspensionDocument } from '../../../domain/gateway-documents.js';
import { EndpointHealth } from './endpoint-health.js';

const healthOf = (rules: Partial<SuspensionDocument> = {}): EndpointHealth =>
  new EndpointHealth({ codes: [], durationMs: 100, durationMaxMs: null, factor: 1, retryCodes: [], retries: 0, retryDelayMs: 0, ...rules });

it('rests after a failure until the duration is over', () => {
  const health = healthOf();
  expect(health.isUsable(1_000)).toBe(true);

  health.failed('101503', 1_000);

  expect(health.isUsable(1_099)).toBe(false);
  expect(health.isUsable(1_100)).toBe(true);
});

it('rests only for the codes it is told', () => {
  const health = healthOf({ codes: ['101504'] });

  health.failed('101503', 1_000);
  expect(health.isUsable(1_001)).toBe(true);
  health.failed('101504', 1_000);
  expect(health.isUsable(1_001)).toBe(false);
});

it('rests longer after each further failure, up to the most, and anew as long as at first after a success', () => {
  const health = healthOf({ factor: 3, durationMaxMs: 400 });

  health.failed('1', 1_000);
  health.failed('1', 1_050); // was on its way already
  expect(health.isUsable(1_100)).toBe(true);
  health.failed('1', 1_100);
  expect([health.isUsable(1_399), health.isUsable(1_400)]).toEqual([false, true]);
  health.failed('1', 1_400);
  expect([health.isUsable(1_799), health.isUsable(1_800)]).toEqual([false, true]);
  health.succeeded(1_800);
  health.failed('1', 2_000);
  expect([health.isUsable(2_099), health.isUsable(2_100)]).toEqual([false, true]);
});

it('is not woken by a late answer', () => {
  const health = healthOf();

  health.failed('1', 1_000);
  health.succeeded(1_050);

  expect(health.isUsable(1_060)).toBe(false);
});

it('is retried as often as told before it is suspended', () => {
  const health = healthOf({ codes: ['101503'], retryCodes: ['101504'], retries: 2, retryDelayMs: 10 });

  health.failed('101504', 1_000);
  expect([health.isUsable(1_009), health.isUsable(1_010)]).toEqual([false, true]);
  health.failed('101504', 1_010);
  expect([health.isUsable(1_019), health.isUsable(1_020)]).toEqual([false, true]);
  health.failed('101504', 1_020);
  expect([health.isUsable(1_119), health.isUsable(1_120)]).toEqual([false, true]);
});
