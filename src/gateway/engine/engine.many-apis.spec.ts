import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { apiRow, operation, startBackend, TestGateway } from './engine.fixture.js';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

const APIS = 300;
/** Half as much again as was measured (docs/decisions/0028-checks-are-made-when-called.md). */
const BYTES_MAX = 33_000;
const paths = Array.from({ length: 10 }, (_, index) => `/parts/part-${index}`);
const rowsOf = (backend: string) =>
  Array.from({ length: APIS }, (_, index) =>
    apiRow(backend, {
      apiId: `api-${index}`,
      path: `/api-${index}/1`,
      context: `/api-${index}`,
      operations: paths.flatMap((path) => ['GET', 'PUT'].map((method) => operation(method, `${path}/{id}`, { authType: 'None' }))),
    }),
  );

it('keeps little of an API that nobody calls, and serves the first call of each operation like any other', async () => {
  const backend = await startBackend();
  const gateway = new TestGateway();
  // As the feed delivers them: strings and lists of their own.
  const text = JSON.stringify(rowsOf(backend.url));
  collect();
  const before = process.memoryUsage().heapUsed;
  gateway.engine.apply(JSON.parse(text));
  collect();
  const each = (process.memoryUsage().heapUsed - before) / APIS;
  await gateway.engine.listen();
  const calls = paths.flatMap((path) => ['GET', 'PUT', 'GET'].map((method) => gateway.call(`/api-7/1${path}/5`, { method })));
  const statuses = (await Promise.all(calls)).map(({ status }) => status);
  await gateway.stop();
  await backend.stop();

  expect(each).toBeLessThan(BYTES_MAX);
  expect(new Set(statuses)).toEqual(new Set([200]));
});
