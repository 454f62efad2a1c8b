import { PrimaryEndpointUnknown } from '../../src/apis/endpoints/api-endpoints.problems.js';
import { type Actor, expected } from '../support/actor.js';
import { type ArchiveContents, exported, importArchive, imported, unzip } from '../support/archives.js';
import { certificate, upload } from '../support/certificates.js';
import type { Answer, Body, RequestOptions } from '../support/client.js';
import { type GivenApi, given } from '../support/given.js';
import { unique } from '../support/unique.js';

const SEQUENCE = '<respond/>';
/** What these tests are about; documents and policies are others'. */
const PARTS = /^(endpoints\.|Client-certificates\/|Endpoint-certificates\/|Sequence-Backend\/)/;

let admin: Actor;
let api: GivenApi;
let host: string;

beforeAll(async () => {
  ({ admin } = await given.organization());
});

const newApi = (): Promise<GivenApi> => given.api({ by: admin, policies: ['Gold'], backend: `https://${host}/v1` });
beforeEach(async () => {
  host = `${unique('host')}.example.com`;
  api = await newApi();
});

const contents = async ({ id }: GivenApi, query: RequestOptions['query'] = {}): Promise<ArchiveContents> => {
  const files = await unzip(await exported(admin, { apiId: id, ...query }));
  return Object.fromEntries([...files].map(([path, bytes]) => [path.slice(path.indexOf('/') + 1), String(bytes)]));
};
const CLEAR = { preserveCredentials: true };
const write = async (of: GivenApi, query: RequestOptions['query'] = {}): Promise<ReadonlyMap<string, string>> =>
  new Map(Object.entries(await contents(of, query)).flatMap(([path, text]) => (PARTS.test(path) ? [[path, String(text)] as const] : [])));
/** Imports the files over the API, which itself stays as it is unless they say otherwise. */
const read = async (to: GivenApi, files: ReadonlyMap<string, string>): Promise<Answer<string>> =>
  importArchive(admin, { 'api.yaml': String((await contents(to))['api.yaml']), ...Object.fromEntries(files) }, { overwrite: true });
const post = async (operation: string, options: object): Promise<Body> =>
  expected(await admin.publisher(operation, { path: { apiId: api.id }, ...options }), 200, 201);

const SECURITY = { enabled: true, type: 'BASIC', username: 'ann', password: 'top secret' };
const fill = async () => {
  const pem = await certificate();
  const endpointConfig = {
    endpoint_type: 'http',
    production_endpoints: { url: `https://${host}/more` },
    endpoint_security: { production: SECURITY },
  };
  await post('POST /apis/{apiId}/endpoints', { body: { name: 'More', deploymentStage: 'PRODUCTION', endpointConfig } });
  for (const alias of ['a/b', 'a?b']) {
    await post('POST /apis/{apiId}/client-certs/PRODUCTION', { form: { certificate: upload(pem), alias, tier: 'Gold' } });
  }
  await post('POST /apis/{apiId}/client-certs/SANDBOX', { form: { certificate: upload(pem), alias: 's', tier: 'Gold' } });
  await post('POST /endpoint-certificates', { form: { certificate: upload(pem), alias: host.slice(0, 30), endpoint: `https://${host}` } });
  await post('POST /endpoint-certificates', { form: { certificate: upload(pem), alias: unique('other'), endpoint: 'https://elsewhere' } });
  return pem;
};

const putSequence = async (type: string) => {
  const form = { sequence: { file: SEQUENCE, name: 'x.xml' }, type };
  expected(await admin.publisher('PUT /apis/{apiId}/sequence-backend', { path: { apiId: api.id }, form }), 200);
};

it('writes nothing for an API that has none of it', async () => {
  expect([...(await write(api)).keys()]).toEqual([]);
});

it('writes each part where clients look for it', async () => {
  await fill();

  const files = await write(api);

  expect([...files.keys()].toSorted()).toEqual(
    [
      'endpoints.yaml',
      'Client-certificates/PRODUCTION/a_b-2.crt',
      'Client-certificates/PRODUCTION/a_b.crt',
      'Client-certificates/PRODUCTION/client_certificates.yaml',
      'Client-certificates/SANDBOX/client_certificates.yaml',
      'Client-certificates/SANDBOX/s.crt',
      `Endpoint-certificates/${host.slice(0, 30)}.crt`,
      'Endpoint-certificates/endpoint_certificates.yaml',
    ].toSorted(),
  );
  expect(files.get('endpoints.yaml')).toContain('type: endpoints\nversion: v4.7.0\n');
  expect(files.get('endpoints.yaml')).not.toMatch(/top secret|v1:/);
  expect(files.get('Client-certificates/SANDBOX/client_certificates.yaml')).toContain('tierName: Gold');
  await putSequence('SANDBOX');
  expect((await write(api)).get(`Sequence-Backend/${api.id}-SANDBOX.xml`)).toBe(SEQUENCE);
});

it('writes JSON, and secrets in clear, when that is asked for', async () => {
  await fill();

  const files = await write(api, { format: 'JSON', ...CLEAR });

  expect(JSON.parse(files.get('endpoints.json') ?? '')).toMatchObject({
    type: 'endpoints',
    data: [{ name: 'More', endpointConfig: { endpoint_security: { production: SECURITY } } }],
  });
});

it('brings everything to another API', async () => {
  const pem = await fill();
  await putSequence('PRODUCTION');
  const archive = await contents(api, CLEAR);
  const name = unique('other');
  const renamed = String(archive['api.yaml']).replace(
    /^ {2}(name|displayName|context): .*/gm,
    (_, key) => `  ${key}: ${key === 'context' ? '/' : ''}${name}`,
  );

  const other = await imported(admin, { ...archive, 'api.yaml': renamed });

  const [before, after] = [api, other].map(({ id }) => ({ path: { apiId: id } }));
  const of = async (options: object | undefined, operation: string) => (await admin.publisher(operation, options)).body;
  expect(await of(after, 'GET /apis/{apiId}/endpoints')).toMatchObject({
    ...(await of(before, 'GET /apis/{apiId}/endpoints')),
    pagination: {},
  });
  expect(await of(after, 'GET /apis/{apiId}/client-certs/PRODUCTION')).toMatchObject({
    certificates: [
      { alias: 'a/b', apiId: other.id, tier: 'Gold' },
      { alias: 'a?b', apiId: other.id, tier: 'Gold' },
    ],
  });
  expect(await of(after, 'GET /apis/{apiId}/client-certs/SANDBOX')).toMatchObject({ count: 1 });
  expect(await of(after, 'GET /apis/{apiId}/sequence-backend')).toMatchObject({
    list: [{ sequenceType: 'PRODUCTION', sequence: SEQUENCE }],
  });
  const { body } = await admin.publisher<string>('GET /apis/{apiId}/client-certs/SANDBOX/{alias}/content', {
    path: { apiId: other.id, alias: 's' },
  });
  expect(String(body)).toBe(pem);
});

it('keeps the secrets of an endpoint that the archive has blank', async () => {
  await fill();
  const clear = await write(api, CLEAR);

  const blank = await write(api);
  expect((await read(api, blank)).status).toBe(200);
  const capitals = new Map([...blank].map(([path, text]) => [path, text.replace(/(?<=- id: )\S+/g, (id) => id.toUpperCase())]));
  expect((await read(api, capitals)).status).toBe(200);

  expect(await write(api, CLEAR)).toEqual(clear);
});

it('takes away what the archive does not hold, but no certificate of a backend', async () => {
  await fill();

  await read(api, new Map());

  const files = await write(api);
  expect([...files.keys()].toSorted()).toEqual([
    'Endpoint-certificates/endpoint_certificates.yaml',
    `Endpoint-certificates/${host.slice(0, 30)}.crt`,
  ]);
});

it('writes what a revision kept', async () => {
  await fill();
  await post('POST /apis/{apiId}/revisions', { body: {} });
  const kept = await write(api);
  await read(api, new Map());

  expect(await write(api, { revisionNumber: 1 })).toEqual(kept);
});

it('keeps the definition of an endpoint', async () => {
  const body = {
    name: 'More',
    deploymentStage: 'PRODUCTION',
    endpointConfig: { endpoint_type: 'default' },
    apiDefinition: 'openapi: 3.0.1',
  };
  await post('POST /apis/{apiId}/endpoints', { body });

  expect((await read(api, await write(api))).status).toBe(200);

  const { body: after } = await admin.publisher('GET /apis/{apiId}/endpoints', { path: { apiId: api.id } });
  expect(after).toMatchObject({ list: [{}, {}, { name: 'More', apiDefinition: 'openapi: 3.0.1' }] });
});

it('gives no sequences to an API whose endpoint is of another kind', async () => {
  expect((await read(api, new Map([['Sequence-Backend/x-PRODUCTION.xml', SEQUENCE]]))).status).toBe(200);

  expect((await write(api)).size).toBe(0);
});

it('takes the plan of a certificate only if there is one of the name', async () => {
  const any = await given.api({ by: admin, policies: [] });
  const list = 'data: [{alias: a, certificate: a.crt, tierName: Gold}, {alias: b, certificate: a.crt, tierName: None}]';
  const files = [['client_certificates.yaml', list] as const, ['a.crt', await certificate()] as const];

  expect((await read(any, new Map(files.map(([name, text]) => [`Client-certificates/PRODUCTION/${name}`, text])))).status).toBe(200);

  const { body } = await admin.publisher('GET /apis/{apiId}/client-certs/PRODUCTION', { path: { apiId: any.id } });
  expect(body).toMatchObject({
    certificates: [
      { alias: 'a', tier: 'Gold' },
      { alias: 'b', tier: 'Unlimited' },
    ],
  });
});

it('refuses a primary endpoint that is not there', async () => {
  const { id: primary } = await post('POST /apis/{apiId}/endpoints', {
    body: { name: 'More', deploymentStage: 'PRODUCTION', endpointConfig: { endpoint_type: 'default' } },
  });
  const { body } = await admin.publisher('GET /apis/{apiId}', { path: { apiId: api.id } });
  const subtypeConfiguration = { subtype: 'AIAPI', configuration: {} };
  const change = { ...body, subtypeConfiguration, primaryProductionEndpointId: primary };
  expected(await admin.publisher('PUT /apis/{apiId}', { path: { apiId: api.id }, body: change }), 200);

  expect((await read(api, await write(api))).status).toBe(200);
  expect(await read(api, new Map())).toFailWith(PrimaryEndpointUnknown(String(primary)));
});

const many = `data: [${Array.from({ length: 20_000 }, (_, at) => `{"alias":"a${at}","certificate":"a.crt"}`).join()}]`;
it.each([
  ['a list of endpoints that is none', 'endpoints.yaml', 'data: 5', 902045],
  ['an endpoint without a name', 'endpoints.yaml', 'data: [{deploymentStage: SANDBOX}]', 902056],
  ['a text that cannot be stored', 'endpoints.json', '{"data":[{"name":"\\u0000"}]}', 902045],
  ['a certificate without its file', 'Client-certificates/client_certificates.yaml', 'data: [{alias: a, certificate: a.crt}]', 400],
  ['a certificate without an alias', 'Endpoint-certificates/endpoint_certificates.yaml', 'data: [{certificate: a.crt}]', 400],
  ['more certificates than anybody has', 'Client-certificates/PRODUCTION/client_certificates.yaml', many, 400],
  ['a sequence that is no XML', 'Sequence-Backend/x-SANDBOX.xml', '<respond>', 400],
])('refuses %s', async (_, path, text, code) => {
  await putSequence('SANDBOX');
  const pem = await certificate();

  expect(
    await read(
      api,
      new Map([
        [path, text],
        ['Client-certificates/PRODUCTION/a.crt', pem],
      ]),
    ),
  ).toFailWith({ status: 400, code });
});
