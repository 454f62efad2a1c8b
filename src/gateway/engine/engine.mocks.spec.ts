import { apiRow, operation, TestGateway } from './engine.fixture.js';

const OPEN = { authType: 'None' as const };
const MENU = {
  usual: '200',
  responses: {
    200: { json: '{"name":"Rex"}', xml: '<pet/>' },
    204: {},
    404: { json: '{"code":404}' },
    '5XX': { json: '{"oops":true}' },
  },
};
const ELSE = { usual: 'default', responses: { default: { json: '{"else":1}' } } };

let gateway: TestGateway;
const header = {
  policies: { request: [{ name: 'regexPolicy', version: 'v1', isBuiltIn: true, parameters: {} }], response: [], fault: [] },
};

beforeAll(async () => {
  const cors = { origins: ['*'], methods: ['GET'], headers: [], credentials: false };
  gateway = await TestGateway.start([
    apiRow('', {
      isMock: true,
      cors,
      endpoints: { production: null, sandbox: null },
      operations: [
        operation('GET', '/menu', { ...OPEN, mock: MENU }),
        operation('GET', '/else', { ...OPEN, mock: ELSE }),
        operation('POST', '/checked', { ...OPEN, ...header, mock: MENU }),
        operation('GET', '/written', OPEN),
        operation('GET', '/closed', { mock: MENU }),
      ],
    }),
  ]);
});
afterAll(() => gateway.stop());

const NOT_IMPLEMENTED = [501, '{"code":501,"description":"Not Implemented"}'];

it.each([
  ['/menu', {}, [200, '{"name":"Rex"}', 'application/json']],
  ['/menu', { Accept: 'application/xml' }, [200, '<pet/>', 'application/xml']],
  ['/menu', { Accept: 'text/xml, application/json' }, [200, '{"name":"Rex"}', 'application/json']],
  ['/menu?responseCode=404', { Accept: 'text/xml' }, [404, '{"code":404}', 'application/json']],
  ['/menu?responseCode=503', {}, [503, '{"oops":true}', 'application/json']],
  ['/menu?responseCode=204', {}, [204, '', undefined]],
  ['/menu?responseCode=418', {}, [...NOT_IMPLEMENTED, 'application/json']],
  ['/menu?responseCode=constructor', {}, [...NOT_IMPLEMENTED, 'application/json']],
  ['/else', {}, [200, '{"else":1}', 'application/json']],
  ['/else?responseCode=409', {}, [409, '{"else":1}', 'application/json']],
  ['/else?responseCode=101', {}, [200, '{"else":1}', 'application/json']],
  ['/written', {}, [...NOT_IMPLEMENTED, 'application/json']],
])('answers %s %j', async (path, headers, expected) => {
  const answer = await gateway.call(`/pizza/1.0.0${path}`, { headers: headers as Record<string, string> });
  expect([answer.status, answer.body, answer.headers['content-type']]).toEqual(expected);
});

it('checks who calls and what, and adds cross-origin headers', async () => {
  expect((await gateway.call('/pizza/1.0.0/closed')).status).toBe(401);
  expect((await gateway.call('/pizza/1.0.0/checked', { method: 'POST', body: "it's" })).status).toBe(400);
  expect((await gateway.call('/pizza/1.0.0/checked', { method: 'POST', body: 'it is' })).status).toBe(200);
  const { headers } = await gateway.call('/pizza/1.0.0/menu', { headers: { Origin: 'https://a.example' } });
  expect(headers['access-control-allow-origin']).toBe('*');
});
