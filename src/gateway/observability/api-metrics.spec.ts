import { type ApiFigures, BUCKETS_MS, COUNTS_AT, DURATIONS_AT, FIGURES } from '../engine/observability/figures.js';
import { ApiMetrics } from './api-metrics.js';

const figures = (api: string, changes: Readonly<Record<number, number>>): ApiFigures => {
  const values = new Float64Array(FIGURES);
  for (const [at, value] of Object.entries(changes)) values[Number(at)] = value;
  return { organization: 'carbon.super', api, version: '1.0.0', values };
};
/** GET answered with 2xx. */
const GET_OK = COUNTS_AT + 2;
const SUM = DURATIONS_AT + BUCKETS_MS.length + 1;
const linesOf = (metrics: ApiMetrics, start: string): readonly string[] =>
  metrics
    .render()
    .split('\n')
    .filter((line) => line.startsWith(start));

it('adds up what workers report, in seconds and with buckets that include those below', () => {
  const metrics = new ApiMetrics(1_000);

  metrics.add([figures('Pizza', { [GET_OK]: 2, [DURATIONS_AT]: 1, [DURATIONS_AT + 2]: 1, [SUM]: 5 })]);
  metrics.add([figures('Pizza', { [GET_OK]: 1, [DURATIONS_AT + BUCKETS_MS.length]: 1, [SUM]: 20_000 })]);

  const labels = 'api="Pizza",version="1.0.0",organization="carbon.super"';
  expect(linesOf(metrics, 'apim_http_requests_total{')).toEqual([`apim_http_requests_total{${labels},method="GET",status="2xx"} 3`]);
  expect(linesOf(metrics, 'apim_request_duration_seconds').slice(0, 3)).toEqual([
    `apim_request_duration_seconds_bucket{${labels},le="0.001"} 1`,
    `apim_request_duration_seconds_bucket{${labels},le="0.0025"} 1`,
    `apim_request_duration_seconds_bucket{${labels},le="0.005"} 2`,
  ]);
  expect(linesOf(metrics, 'apim_request_duration_seconds').slice(-4)).toEqual([
    `apim_request_duration_seconds_bucket{${labels},le="10"} 2`,
    `apim_request_duration_seconds_bucket{${labels},le="+Inf"} 3`,
    `apim_request_duration_seconds_sum{${labels}} 20.005`,
    `apim_request_duration_seconds_count{${labels}} 3`,
  ]);
});

it('counts APIs beyond the bound together, and those before it as before', () => {
  const metrics = new ApiMetrics(100);

  for (let i = 0; i < 50; i += 1) metrics.add([figures(`Api${i}`, { [GET_OK]: 1 })]);
  metrics.add([figures('Api0', { [GET_OK]: 1 })]);

  const lines = linesOf(metrics, 'apim_http_requests_total{');
  expect(lines.length).toBeLessThan(6);
  expect(lines[0]).toMatch(/api="Api0".* 2$/);
  expect(lines.at(-1)).toMatch(/api="other",version="other",organization="other".* \d\d$/);
});

it('keeps what names an API inside its label', () => {
  const metrics = new ApiMetrics(1_000);

  metrics.add([figures('a"b\\c\nd', { [GET_OK]: 1 })]);

  expect(linesOf(metrics, 'apim_http_requests_total{')[0]).toContain('api="a\\"b\\\\c\\nd"');
});
