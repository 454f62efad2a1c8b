/// <reference path="../../node_modules/postman-collection/types/index.d.ts" />
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { promisify } from 'node:util';
import { Collection } from 'postman-collection';
import { ApiNotFound } from '../../src/apis/apis.problems.js';
import { requestsIn, templateOf } from '../../src/apis/try-out/postman-collection.js';
import { type Actor, expected } from '../support/actor.js';
import type { Backend } from '../support/backend.js';
import { NOBODY } from '../support/client.js';
import { type GivenApi, given } from '../support/given.js';
import { server } from '../support/server.js';

const run = promisify(execFile);

const NASTY = `it's "$(touch x)" \`id\` $HOME \\ ! ü`;
const DEFINITION = {
  openapi: '3.0.1',
  info: { title: 'Pets', version: '1.0.0' },
  paths: {
    '/pets/{id}': {
      get: {
        summary: 'One pet',
        parameters: [
          { name: 'id', in: 'path', required: true, schema: { type: 'string' }, example: 'a b/c' },
          { name: 'words', in: 'query', schema: { type: 'string' }, example: NASTY },
          { name: 'X-Kind', in: 'header', schema: { type: 'string' }, example: `cat's` },
        ],
        responses: { 200: { description: 'ok' } },
      },
      put: {
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' }, example: '7' }],
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Pet' } } } },
        responses: { 200: { description: 'ok' } },
      },
    },
    '/login': {
      post: {
        requestBody: {
          content: {
            'application/x-www-form-urlencoded': {
              schema: { type: 'object', properties: { user: { type: 'string', example: 'ann & bob' } } },
            },
          },
        },
        responses: { 200: { description: 'ok' } },
      },
    },
  },
  components: {
    schemas: {
      Pet: {
        type: 'object',
        properties: { name: { type: 'string', example: NASTY }, parent: { $ref: '#/components/schemas/Pet' } },
      },
    },
  },
};
const OPERATIONS = ['postman-collection', 'curl-commands'] as const;

let admin: Actor;
let domain: string;
let backend: Backend;
let pets: GivenApi;
let token: string;
beforeAll(async () => {
  ({ admin, domain } = await given.organization());
  backend = await given.backend();
  ({ api: pets, token } = await given.subscriber({ by: admin, backend, definition: DEFINITION, probe: '/pets/1' }));
});

const guest = () => ({ as: NOBODY, headers: { 'x-wso2-tenant': domain } });

interface Commands {
  readonly count: number;
  readonly list: readonly { readonly verb: string; readonly target: string; readonly command: string }[];
}

const commandsOf = async (apiId: string): Promise<Commands> =>
  expected(await admin.gatehouse<Commands>('GET /apis/{apiId}/curl-commands', { path: { apiId }, ...guest() }), 200);

const inShell = async (command: string, env: Record<string, string>): Promise<string> => {
  // The gateway's certificate is its own.
  const { stdout } = await run('bash', ['-c', command.replace(/^curl /, 'curl -sk ')], { env: { ...process.env, ...env } });
  return stdout;
};

describe('GET /apis/{apiId}/curl-commands', () => {
  it('gives a command for each operation, which a shell runs as it stands', async () => {
    const { count, list } = await commandsOf(pets.id);

    expect(list.map(({ verb, target }) => `${verb} ${target}`)).toEqual(['GET /pets/{id}', 'PUT /pets/{id}', 'POST /login']);
    expect(count).toBe(3);
    for (const { command } of list) await inShell(command, { ACCESS_TOKEN: token });

    const [get, put, login] = backend.requests.slice(-3);
    expect(get).toMatchObject({ method: 'GET', headers: { 'x-kind': `cat's` } });
    expect(new URL(get?.url ?? '', 'http://backend').pathname).toBe('/pets/a%20b%2Fc');
    expect(new URL(get?.url ?? '', 'http://backend').searchParams.get('words')).toBe(NASTY);
    expect(put).toMatchObject({ method: 'PUT', headers: { 'content-type': 'application/json' } });
    expect(JSON.parse(put?.body ?? '')).toMatchObject({ name: NASTY });
    expect(login).toMatchObject({ method: 'POST' });
    expect(new URLSearchParams(login?.body).get('user')).toBe('ann & bob');
  });

  it('leaves the credential out where an operation needs none, and has the API key where the API takes only that', async () => {
    const open = await given.api({
      by: admin,
      with: {
        operations: [
          { target: '/open', verb: 'GET', authType: 'None' },
          { target: '/closed', verb: 'GET' },
        ],
      },
    });
    const keyed = await given.api({ by: admin, with: { securityScheme: ['api_key'], apiKeyHeader: 'X-Key' } });
    for (const apiId of [open.id, keyed.id]) {
      expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId, action: 'Publish' } }), 200);
    }

    const byTarget = new Map((await commandsOf(open.id)).list.map(({ target, command }) => [target, command]));

    expect(byTarget.get('/open')).not.toContain('ACCESS_TOKEN');
    // Deployed nowhere, so that the address is left to the shell.
    expect(byTarget.get('/closed')).toBe('curl -X GET "$BASE_URL"/closed \\\n  -H "Authorization: Bearer $ACCESS_TOKEN"');
    expect((await commandsOf(keyed.id)).list[0]?.command).toContain('-H "X-Key: $API_KEY"');
  });
});

describe('GET /apis/{apiId}/postman-collection', () => {
  it('gives a collection that Postman reads, with the address of the gateway and the token as variables', async () => {
    const answer = await admin.gatehouse<ConstructorParameters<typeof Collection>[0]>('GET /apis/{apiId}/postman-collection', {
      path: { apiId: pets.id },
      ...guest(),
    });

    expect(answer.headers).toMatchObject({ 'content-disposition': 'attachment; filename="postman_collection.json"' });
    const collection = new Collection(expected(answer, 200));
    expect(collection.auth?.toJSON()).toEqual({ type: 'bearer', bearer: [{ type: 'string', key: 'token', value: '{{accessToken}}' }] });
    const requests = requestsIn(collection.toJSON().item);
    expect(requests.map((request) => `${request.method} ${templateOf(request)}`)).toEqual([
      'GET /pets/{id}',
      'PUT /pets/{id}',
      'POST /login',
    ]);
    expect(collection.variables.get('baseUrl')).toBe(`${server.gatewayTls.replace('127.0.0.1', 'localhost')}${pets.url}`);
    expect(collection.variables.get('accessToken')).toBe('');
  });

  it('fetches nothing that a definition refers to', async () => {
    let hits = 0;
    const elsewhere = createServer((_, response) => {
      hits += 1;
      response.end('{}');
    }).listen(0);
    const address = elsewhere.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { id: apiId } = await given.api({ by: admin });
    const path = { apiId };
    expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId, action: 'Publish' } }), 200);
    const definition = expected(await admin.publisher<Record<string, unknown>>('GET /apis/{apiId}/swagger', { path }), 200);
    const paths = {
      '/x': {
        get: {
          responses: { 200: { description: 'ok', content: { 'application/json': { schema: { $ref: `http://127.0.0.1:${port}/x` } } } } },
        },
      },
    };
    await admin.publisher('PUT /apis/{apiId}/swagger', { path, form: { apiDefinition: JSON.stringify({ ...definition, paths }) } });
    hits = 0;

    await admin.gatehouse('GET /apis/{apiId}/postman-collection', { path, ...guest() });

    elsewhere.close();
    expect(hits).toBe(0);
  });
});

describe.each(OPERATIONS)('GET /apis/{apiId}/%s', (operation) => {
  const get = (apiId: string, options: Parameters<Actor['gatehouse']>[1] = {}) =>
    admin.gatehouse(`GET /apis/{apiId}/${operation}`, { path: { apiId }, ...options });

  it('hides what the caller may not see', async () => {
    const restricted = await given.publishedApi({ by: admin, with: { visibility: 'RESTRICTED', visibleRoles: ['admin'] } });
    const draft = await given.api({ by: admin });
    const stranger = (await given.organization()).admin;

    expect(await get(randomUUID())).toFailWith(ApiNotFound);
    expect(await get(restricted.id, guest())).toMatchObject({ status: 404 });
    expect(await get(draft.id)).toMatchObject({ status: 403 });
    expect(await stranger.gatehouse(`GET /apis/{apiId}/${operation}`, { path: { apiId: pets.id } })).toMatchObject({ status: 404 });
  });

  it('refuses an environment in which the API is not, and a credential that is none', async () => {
    expect(await get(pets.id, { query: { environmentName: 'Nowhere' } })).toMatchObject({ status: 404 });
    expect(await get(pets.id, { as: { bearer: 'none' } })).toMatchObject({ status: 401 });
  });
});
