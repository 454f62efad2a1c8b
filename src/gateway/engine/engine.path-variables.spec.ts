import { apiRow, operation, startBackend, type TestBackend, TestGateway } from './engine.fixture.js';

let backend: TestBackend;
let gateway: TestGateway;

const endpoint = (url: string) => ({ url, onTimeout: 'fault' as const, timeoutMs: null });

beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend.stop());
afterEach(() => gateway.stop());

const open = (target: string) => operation('GET', target, { authType: 'None' });

/** What the backend is asked for when the API's address is this one. */
const asked = async (address: string, target: string, path: string): Promise<string | undefined> => {
  const endpoints = { production: endpoint(`${backend.url}${address}`), sandbox: null };
  gateway = await TestGateway.start([apiRow(backend.url, { operations: [open(target)], endpoints })]);
  await gateway.call(`/pizza/1.0.0${path}`);
  return backend.seen.at(-1)?.url;
};

it.each([
  ['/v1/{uri.var.city}', '/menu/{city}', '/menu/rome', '/v1/rome/menu/rome'],
  ['/v1/{uri.var.city}', '/menu/{city}', '/menu/a%20b', '/v1/a%20b/menu/a%20b'],
  ['/v1/{uri.var.city}/x', '/menu/{city}', '/menu/a%2Fb', '/v1/a%2Fb/x/menu/a%2Fb'],
  ['/v1/{uri.var.city}', '/menu/{city}', '/menu/a+(b)', '/v1/a%2B(b)/menu/a+(b)'],
  ['/v1/{+uri.var.city}', '/menu/{city}', '/menu/a+(b)', '/v1/a+(b)/menu/a+(b)'],
  ['/{+uri.var.rest}', '/files/{+rest}', '/files/a/b/c', '/a/b/c/files/a/b/c'],
  ['/{uri.var.rest}', '/files/{+rest}', '/files/a/b', '/a%2Fb/files/a/b'],
  ['/{uri.var.name}', '/files/{name}.json', '/files/report.json', '/report/files/report.json'],
  ['/{uri.var.from}-{uri.var.to}', '/trips/{from}-{to}', '/trips/rome-oslo', '/rome-oslo/trips/rome-oslo'],
  ['/v1?city={uri.var.city}', '/menu/{city}', '/menu/rome?a=b', '/v1/menu/rome?city=rome&a=b'],
  ['/{uri.var.q}', '/search?q={+q}', '/search?q=a', '/a/search?q=a'],
  ['/v1/{uri.var.unknown}', '/menu/{city}', '/menu/rome', '/v1//menu/rome'],
  ['/v1/{uri.var.city}', '/menu/*', '/menu/rome', '/v1//menu/rome'],
])('the address %s with the resource %s leads %s to %s', async (address, target, path, expected) => {
  const url = await asked(address, target, path);

  expect(url).toBe(expected);
});

it('refuses an address that takes its server from the request', async () => {
  gateway = await TestGateway.start([apiRow(backend.url)]);

  const endpoints = { production: endpoint('http://{uri.var.host}/x'), sandbox: null };
  gateway.engine.apply([apiRow(backend.url, { operations: [open('/{host}')], endpoints })]);

  const error = "the endpoint 'http://{uri.var.host}/x' takes its server from the request";
  expect(gateway.messages.at(-1)).toMatchObject({ type: 'ack', ok: false, error });
});

it.each([
  ['/v1/{+uri.var.file}', '/files?name={file}', '/files?name=../admin'],
  ['/v1/{+uri.var.file}', '/files?name={file}', '/files?name=%2e%2e/admin'],
  ['/v1/{+uri.var.file}', '/files?name={file}', '/files?name=a/..;/admin'],
  ['/v1/{uri.var.file}/x', '/files?name={file}', '/files?name=..'],
  ['/v1/{uri.var.file}/x', '/files?name={file}', '/files?name=%2E%2e'],
  ['/v1/{uri.var.from}/{uri.var.to}', '/trips/{from}-{to}', '/trips/..-..'],
  ['/v1/{uri.var.a}{uri.var.b}/x', '/trips/{a}-{b}', '/trips/.-.'],
])('with the address %s and the resource %s nobody climbs to another path by %s', async (address, target, path) => {
  const before = backend.seen.length;

  await asked(address, target, path);
  const answer = await gateway.call(`/pizza/1.0.0${path}`);

  expect(answer.status).toBe(404);
  expect(backend.seen.slice(before)).toEqual([]);
});

it('keeps a value of the query from ending the path of the address', async () => {
  const url = await asked('/v1/{+uri.var.file}', '/files?name={file}', '/files?name=a?admin=1');

  expect(url).toBe('/v1/a%3Fadmin=1/files?name=a?admin=1');
});
