import { ApiNotFound } from '../../src/apis/apis.problems.js';
import { Unauthenticated } from '../../src/domain/problem.js';
import { Cli } from '../server/cli.js';
import { type Actor, expected } from '../support/actor.js';
import { Client, NOBODY } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { type GivenApi, given } from '../support/given.js';

interface Key {
  readonly apikey: string;
  readonly validityTime: number;
}

let admin: Actor;
beforeAll(async () => {
  ({ admin } = await given.organization());
});

const generate = ({ id }: GivenApi, by = admin) => by.publisher<Key>('POST /apis/{apiId}/generate-key', { path: { apiId: id } });
const keyOf = async (api: GivenApi): Promise<string> => expected(await generate(api), 200).apikey;
const call = ({ url }: GivenApi, key: string) => gateway(`${url}/`, { headers: { 'internal-key': key } });
const claimsOf = (key: string): Readonly<Record<string, unknown>> =>
  JSON.parse(Buffer.from(key.split('.')[1] ?? '', 'base64url').toString());

it('opens at the gateway an API that nobody could call yet', async () => {
  const backend = await given.backend();
  const api = await given.api({ by: admin, backend });
  await given.deployment(api, admin);
  const key = await keyOf(api);

  const answer = await eventually(
    () => call(api, key),
    ({ status }) => status !== 404,
  );

  expect(answer.status).toBe(200);
  expect((await gateway(`${api.url}/`)).status).toBe(401);
  expect((await call(api, `${key}x`)).status).toBe(401);
});

it('opens no other API', async () => {
  const backend = await given.backend();
  const [mine, other] = [await given.publishedApi({ by: admin, backend }), await given.publishedApi({ by: admin, backend })];
  const key = await keyOf(mine);

  expect((await call(mine, key)).status).toBe(200);
  expect(await call(other, key)).toMatchObject({ status: 403, body: { code: '900908' } });
});

it('dies with the tokens of the user who asked for it', async () => {
  const creator = await given.user({ roles: ['Internal/creator'], by: admin });
  const api = await given.publishedApi({ by: admin, backend: await given.backend() });
  const { apikey } = expected(await generate(api, creator), 200);
  expect((await call(api, apikey)).status).toBe(200);
  const filter = `userName eq ${creator.username.split('@')[0]}`;
  const { Resources } = expected(await admin.scim<{ Resources: { id: string }[] }>('GET /Users', { query: { filter } }), 200);

  expect((await admin.scim('DELETE /Users/{id}', { path: { id: Resources[0]?.id ?? '' } })).status).toBe(204);

  await eventually(
    () => call(api, apikey),
    ({ status }) => status === 401,
  );
});

it('says what it is for', async () => {
  const api = await given.api({ by: admin });

  const { apikey, validityTime } = expected(await generate(api), 200);

  expect(validityTime).toBe(60_000);
  const claims = claimsOf(apikey);
  expect(claims).toMatchObject({
    sub: admin.username,
    token_type: 'InternalKey',
    keytype: 'PRODUCTION',
    subscribedAPIs: [{ uuid: api.id, name: api.name, context: api.url, version: '1.0.0', publisher: admin.username }],
  });
  expect(Number(claims['exp']) - Number(claims['iat'])).toBe(60_000);
});

it('is for the sandbox when the API leads nowhere else', async () => {
  const endpointConfig = { endpoint_type: 'http', sandbox_endpoints: { url: 'http://127.0.0.1:9' } };
  const api = await given.api({ by: admin, with: { endpointConfig } });

  expect(claimsOf(await keyOf(api))).toMatchObject({ keytype: 'SANDBOX' });
});

it('is no token for the management APIs', async () => {
  const key = await keyOf(await given.api({ by: admin }));

  expect(await admin.publisher('GET /apis', { as: { bearer: key } })).toFailWith(Unauthenticated());
});

it('is not made for another tenant, nor with a scope for something else', async () => {
  const api = await given.api({ by: admin });
  const { admin: stranger } = await given.organization();

  expect(await generate(api, stranger)).toFailWith(ApiNotFound(api.id));
  expect(await generate(api, admin.withScopes('apim:api_view'))).toFailWith(Unauthenticated());
});

describe('with an issuer of the configuration', () => {
  let cli: Cli;
  beforeAll(async () => {
    cli = await Cli.start({ APIM_APIM__PUBLISHER__INTERNAL_KEY_ISSUER: 'https://keys.example.com' });
  });
  afterAll(() => cli.stop());

  it('says so, and opens its API all the same', async () => {
    const publisher = new Client('/api/am/publisher/v4', () => ({ basic: { username: 'admin', password: 'admin' } }), cli.management);
    const backend = await given.backend();
    const { id, context } = expected(
      await publisher.request<{ id: string; context: string }>('POST /apis', { body: given.apiProperties({ backend }) }),
      201,
    );
    const path = { apiId: id };
    const revision = expected(await publisher.request<{ id: string }>('POST /apis/{apiId}/revisions', { path, body: {} }), 201);
    const body = [{ name: 'Default', vhost: 'localhost', displayOnDevportal: true }];
    expected(await publisher.request('POST /apis/{apiId}/deploy-revision', { path, query: { revisionId: revision.id }, body }), 201);

    const { apikey } = expected(await publisher.request<Key>('POST /apis/{apiId}/generate-key', { path }), 200);

    expect(claimsOf(apikey)['iss']).toBe('https://keys.example.com');
    const atGateway = new Client('', () => NOBODY, cli.gateway);
    await eventually(
      () => atGateway.request(`GET ${context}/1.0.0/`, { headers: { 'internal-key': apikey } }),
      ({ status }) => status === 200,
    );
  });
});

it('no MCP server uses an API', async () => {
  const { id } = await given.api({ by: admin });
  const { admin: stranger } = await given.organization();
  const usage = (by: Actor) => by.publisher('GET /apis/{apiId}/mcp-servers-usage', { path: { apiId: id } });

  expect(await usage(admin)).toMatchObject({ status: 200, body: { count: 0, list: [] } });
  expect(await usage(stranger)).toFailWith(ApiNotFound(id));
  expect(await usage(admin.withScopes('apim:subscribe'))).toFailWith(Unauthenticated());
});
