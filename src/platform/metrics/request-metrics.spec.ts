import { RequestMetrics } from './request-metrics.js';

const answered = (operation: string, status = 200, durationMs = 30, statements = 3) => ({
  face: 'admin',
  operation,
  status,
  durationMs,
  statements,
});
const linesOf = (metrics: RequestMetrics, start: string) =>
  metrics
    .render()
    .split('\n')
    .filter((line) => line.startsWith(start));

it('counts by status, and adds up durations in seconds and statements, buckets with those below', () => {
  const metrics = new RequestMetrics();

  metrics.add(answered('GET /labels'));
  metrics.add(answered('GET /labels', 200, 20_000, 300));
  metrics.add(answered('GET /labels', 401, 1, 0));

  const labels = 'face="admin",operation="GET /labels"';
  expect(linesOf(metrics, 'apim_management_requests_total{')).toEqual([
    `apim_management_requests_total{${labels},status="200"} 2`,
    `apim_management_requests_total{${labels},status="401"} 1`,
  ]);
  const durations = linesOf(metrics, 'apim_management_request_duration_seconds');
  expect(durations).toContain(`apim_management_request_duration_seconds_bucket{${labels},le="0.025"} 1`);
  expect(durations).toContain(`apim_management_request_duration_seconds_bucket{${labels},le="0.05"} 2`);
  expect(durations).toContain(`apim_management_request_duration_seconds_bucket{${labels},le="+Inf"} 3`);
  expect(linesOf(metrics, 'apim_management_request_statements').slice(-3)).toEqual([
    `apim_management_request_statements_bucket{${labels},le="+Inf"} 3`,
    `apim_management_request_statements_sum{${labels}} 303`,
    `apim_management_request_statements_count{${labels}} 3`,
  ]);
});

it('counts operations beyond what there can be as one', () => {
  const metrics = new RequestMetrics();

  for (let i = 0; i < 2_500; i += 1) metrics.add(answered(`GET /${i}`));

  expect(linesOf(metrics, 'apim_management_requests_total{').at(-1)).toBe(
    'apim_management_requests_total{face="other",operation="other",status="200"} 500',
  );
});
