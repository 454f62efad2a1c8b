import { join } from 'node:path';
import { Cli } from '../server/cli.js';
import { type Actor } from '../support/actor.js';
import { gateway } from '../support/gateway.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';

const FUNCTION = 'arn:aws:lambda:eu-west-1:123456789012:function:pizza';
const socketFolder = join(server.dataDir, 'postgres');

let admin: Actor;
beforeAll(async () => {
  ({ admin } = await given.organization());
});

/** An API that functions answer, called with what the gateway finds in its surroundings. */
const withFunctions = (operations: readonly object[]) =>
  given.publishedApi({ by: admin, with: { endpointConfig: { endpoint_type: 'awslambda', access_method: 'role-supplied' }, operations } });

it('calls the function of an operation with the gateway’s own AWS credentials', async () => {
  const lambda = await given.backend((request, reply) => {
    request.resume().on('end', () => reply.writeHead(200, { 'Content-Type': 'text/plain' }).end('{"price":12}'));
  });
  const open = { verb: 'POST', authType: 'None' };
  const api = await withFunctions([
    { ...open, target: '/orders/{id}', amznResourceName: FUNCTION, amznResourceTimeout: 5_000 },
    { ...open, target: '/none' },
  ]);
  const cli = await Cli.start(
    {
      APIM_DATABASE__URL: `postgres://gatehouse@localhost/postgres?host=${socketFolder}`,
      APIM_GATEWAY__AWS__LAMBDA_URL: lambda.url,
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
    },
    undefined,
    ['--profile', 'gateway'],
  );
  const post = (path: string) =>
    fetch(`${cli.gateway}${new URL(api.url, server.gateway).pathname}${path}`, { method: 'POST', body: '{"n":1}' });

  const answer = await post('/orders/7?size=l');
  const none = await post('/none');

  expect({ status: answer.status, type: answer.headers.get('content-type'), body: await answer.text() }).toEqual({
    status: 200,
    type: 'application/json',
    body: '{"price":12}',
  });
  expect(lambda.requests).toHaveLength(1);
  expect(lambda.requests[0]?.headers.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/lambda\/aws4_request, /,
  );
  expect(JSON.parse(lambda.requests[0]?.body ?? '')).toMatchObject({
    httpMethod: 'POST',
    path: '/orders/{id}',
    pathParameters: { id: '7' },
    queryStringParameters: { size: 'l' },
    body: '{"n":1}',
  });
  expect({ status: none.status, body: await none.json() }).toMatchObject({ status: 500, body: { code: '303001' } });
  expect((await cli.stop()).code).toBe(0);
});

it('puts variables of the path into the address of a backend', async () => {
  const backend = await given.backend();
  const endpoint = { url: `${backend.url}/shops/{uri.var.shop}` };
  const api = await given.publishedApi({
    by: admin,
    with: {
      endpointConfig: { endpoint_type: 'http', production_endpoints: endpoint },
      operations: [{ verb: 'GET', authType: 'None', target: '/menu/{shop}' }],
    },
  });

  const { status } = await gateway(`${api.url}/menu/a%20b`);

  expect({ status, url: backend.requests[0]?.url }).toEqual({ status: 200, url: '/shops/a%20b/menu/a%20b' });
});
