import { randomUUID } from 'node:crypto';
import { ApiNotFound } from '../../src/apis/apis.problems.js';
import { ServiceVersionNotFound, VersionExists } from '../../src/apis/versions/versions.problems.js';
import { Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { given } from '../support/given.js';

interface Api extends Body {
  readonly id: string;
  readonly version: string;
  readonly isDefaultVersion: boolean;
}

const copy = (by: Actor, apiId: string, newVersion: string, query: Readonly<Record<string, string>> = {}) =>
  by.publisher<Api>('POST /apis/copy-api', { query: { apiId, newVersion, ...query } });

const read = async (by: Actor, apiId: string): Promise<Api> =>
  expected(await by.publisher<Api>('GET /apis/{apiId}', { path: { apiId } }), 200);

const count = async (by: Actor, name: string): Promise<unknown> =>
  expected(await by.publisher('GET /apis', { query: { query: `name:"${name}"` } }), 200)['count'];

/** What is a version's own. */
const withoutOwn = ({ id, version, createdTime, lastUpdatedTime, lastUpdatedTimestamp, lifeCycleStatus, ...kept }: Api) => kept;

describe('POST /apis/copy-api', () => {
  it('makes a version in state Created that is the API in everything else', async () => {
    const { admin } = await given.organization();
    const api = await given.publishedApi({
      by: admin,
      policies: ['Gold', 'Silver'],
      with: {
        tags: ['books'],
        description: 'All books',
        additionalProperties: [{ name: 'team', value: 'blue', display: true }],
        businessInformation: { businessOwner: 'Bea' },
        operations: [{ target: '/books/{id}', verb: 'GET', throttlingPolicy: '10KPerMin', scopes: ['books:read'] }],
        scopes: [{ scope: { name: 'books:read', bindings: ['admin'] }, shared: false }],
      },
    });
    const source = await read(admin, api.id);

    const answer = await copy(admin, api.id, '2.0.0');

    expect(answer.status).toBe(201);
    expect(answer.headers['location']).toBe(`/apis/${answer.body.id}`);
    expect(answer.body).toMatchObject({ version: '2.0.0', lifeCycleStatus: 'CREATED', isDefaultVersion: false });
    expect(answer.body.id).not.toBe(api.id);
    expect(withoutOwn(answer.body)).toEqual(withoutOwn(source));
    expect(await read(admin, answer.body.id)).toEqual(answer.body);
    expect(await read(admin, api.id)).toEqual(source);
  });

  it('begins a history of its own, with no revisions', async () => {
    const { admin } = await given.organization();
    const api = await given.publishedApi({ by: admin });

    const { id: apiId } = expected(await copy(admin, api.id, '2.0.0'), 201);

    const history = expected(await admin.publisher('GET /apis/{apiId}/lifecycle-history', { path: { apiId } }), 200);
    expect(history).toMatchObject({ count: 1, list: [{ previousState: null, postState: 'CREATED', user: admin.username }] });
    expect(expected(await admin.publisher('GET /apis/{apiId}/revisions', { path: { apiId } }), 200)).toEqual({ count: 0, list: [] });
  });

  it('keeps the definition, on the path of the new version', async () => {
    const { admin } = await given.organization();
    const definition = {
      openapi: '3.0.1',
      info: { title: 'Books', version: '1.0.0', 'x-own': { kept: true } },
      paths: { '/books': { get: { summary: 'All of them', responses: { 200: { description: 'OK' } } } } },
    };
    const api = await given.api({ by: admin, definition });
    const swagger = async (apiId: string) => expected(await admin.publisher('GET /apis/{apiId}/swagger', { path: { apiId } }), 200);

    const { id } = expected(await copy(admin, api.id, '2.0.0'), 201);

    const before = await swagger(api.id);
    expect(before['x-wso2-basePath']).toBe(`${api.context}/1.0.0`);
    expect(await swagger(id)).toEqual({ ...before, 'x-wso2-basePath': `${api.context}/2.0.0` });
  });

  it('puts the new version where the context has its placeholder', async () => {
    const { admin, domain } = await given.organization();
    const api = await given.api({ by: admin, with: { context: '/shop/{version}/books' } });

    const made = expected(await copy(admin, api.id, '2.0.0'), 201);

    expect(made['context']).toBe(`/t/${domain}/shop/{version}/books`);
    const definition = expected(await admin.publisher('GET /apis/{apiId}/swagger', { path: { apiId: made.id } }), 200);
    expect(definition['x-wso2-basePath']).toBe(`/t/${domain}/shop/2.0.0/books`);
  });

  it('keeps the security of the endpoint and shows none of its secrets', async () => {
    const { admin } = await given.organization();
    const production = { enabled: true, type: 'BASIC', username: 'ann', password: 'secret' };
    const endpointConfig = {
      endpoint_type: 'http',
      production_endpoints: { url: 'http://127.0.0.1:9' },
      endpoint_security: { production },
    };
    const api = await given.api({ by: admin, with: { endpointConfig } });

    const made = expected(await copy(admin, api.id, '2.0.0'), 201);

    expect(made['endpointConfig']).toEqual({ ...endpointConfig, endpoint_security: { production: { ...production, password: '' } } });
  });

  it('is edited and deleted without the other', async () => {
    const { admin } = await given.organization();
    const api = await given.api({ by: admin });
    const made = expected(await copy(admin, api.id, '2.0.0'), 201);
    const source = await read(admin, api.id);

    const body = { ...made, description: 'Another one' };
    expected(await admin.publisher('PUT /apis/{apiId}', { path: { apiId: made.id }, body }), 200);

    expect(await read(admin, api.id)).toEqual(source);
    expected(await admin.publisher('DELETE /apis/{apiId}', { path: { apiId: api.id } }), 200);
    expect((await read(admin, made.id))['description']).toBe('Another one');
  });

  it('moves the default version, at the gateway too', async () => {
    const one = await given.backend((_, response) => response.end('one'));
    const { api, token } = await given.subscriber({ backend: one, with: { isDefaultVersion: true } });
    const { superAdmin } = given;
    await eventually(
      () => gateway(`${api.context}/`, { token }),
      ({ status }) => status === 200,
    );

    const made = expected(await copy(superAdmin, api.id, '2.0.0', { defaultVersion: 'true' }), 201);

    expect(made.isDefaultVersion).toBe(true);
    expect((await read(superAdmin, api.id)).isDefaultVersion).toBe(false);
    await eventually(
      () => gateway(`${api.context}/`, { token }),
      ({ status }) => status === 404,
    );
    expect((await gateway(`${api.url}/`, { token })).status).toBe(200);
  });

  it('leaves the default version where it is when not asked', async () => {
    const { admin } = await given.organization();
    const api = await given.api({ by: admin, with: { isDefaultVersion: true } });

    const made = expected(await copy(admin, api.id, '2.0.0', { defaultVersion: 'false' }), 201);

    expect(made.isDefaultVersion).toBe(false);
    expect((await read(admin, api.id)).isDefaultVersion).toBe(true);
  });

  it('refuses a version that exists, in any letter case', async () => {
    const { admin } = await given.organization();
    const api = await given.api({ by: admin, with: { version: 'v1' } });

    expect(await copy(admin, api.id, 'v1')).toFailWith(VersionExists('v1', api.name));
    expect(await copy(admin, api.id, 'V1')).toFailWith(VersionExists('V1', api.name));
    expect(await count(admin, api.name)).toBe(1);
  });

  it('makes one version when asked several times at once', async () => {
    const { admin } = await given.organization();
    const api = await given.api({ by: admin });

    const answers = await Promise.all(Array.from({ length: 5 }, () => copy(admin, api.id, '2.0.0', { defaultVersion: 'true' })));

    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
    expect(await count(admin, api.name)).toBe(2);
  });

  it.each([
    ['no version', { newVersion: '' }],
    ['a version with a blank', { newVersion: '2 0' }],
    ['a version with a slash', { newVersion: '2/0' }],
    ['a version with a zero byte', { newVersion: '2\0' }],
    ['a version that is too long', { newVersion: '1'.repeat(31) }],
    ['a default version that is neither true nor false', { newVersion: '2', defaultVersion: 'maybe' }],
    ['no API', { newVersion: '2', apiId: '' }],
  ])('refuses %s', async (_, query) => {
    const { admin } = await given.organization();
    const api = await given.api({ by: admin });

    const answer = await admin.publisher('POST /apis/copy-api', { query: { apiId: api.id, ...query } });

    expect(answer).toFailWith({ status: 400, code: 400, message: 'Bad Request' });
    expect(await count(admin, api.name)).toBe(1);
  });

  it('refuses parameters that are left out', async () => {
    expect(await given.superAdmin.publisher('POST /apis/copy-api')).toFailWith({ status: 400, code: 400, description: 'Validation Error' });
  });

  it('does not know the version of a service', async () => {
    const { admin } = await given.organization();
    const api = await given.api({ by: admin });

    expect(await copy(admin, api.id, '2.0.0', { serviceVersion: '1' })).toFailWith(ServiceVersionNotFound());
    expect(await count(admin, api.name)).toBe(1);
  });

  it('does not find what is unknown or another tenant’s', async () => {
    const { admin } = await given.organization();
    const stranger = (await given.organization()).admin;
    const { id } = await given.api({ by: admin });
    const unknown = randomUUID();

    expect(await copy(admin, unknown, '2')).toFailWith(ApiNotFound(unknown));
    expect(await copy(admin, 'no-uuid', '2')).toFailWith(ApiNotFound('no-uuid'));
    expect(await copy(stranger, id, '2')).toFailWith(ApiNotFound(id));
  });

  it('refuses a creator whom the access roles keep out, and a token of another scope', async () => {
    const { admin } = await given.organization();
    const creator = await given.user({ roles: ['Internal/creator'], by: admin });
    const api = await given.api({ by: admin, with: { accessControl: 'RESTRICTED', accessControlRoles: ['admin'] } });

    expect(await copy(creator, api.id, '2')).toFailWith({ status: 403, code: 403 });
    expect(await copy(admin.withScopes('apim:api_view'), api.id, '2')).toFailWith(Unauthenticated());
    expect(await count(admin, api.name)).toBe(1);
  });
});
