import {
  DuplicateVhosts,
  EnvironmentExists,
  EnvironmentInUse,
  EnvironmentNotFound,
  EnvironmentReadOnly,
  NameFixed,
  UnknownGatewayType,
} from '../../src/environments/environments.problems.js';
import { expected } from '../support/actor.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';
import { unique } from '../support/unique.js';

interface Environment {
  readonly id: string;
  readonly name: string;
  readonly isReadOnly: boolean;
}

interface EnvironmentList {
  readonly count: number;
  readonly list: readonly Environment[];
}

const VHOST = { host: 'eu.example.com', httpContext: '', httpPort: 80, httpsPort: 443 };
const environment = () => ({ name: unique('env'), displayName: 'Europe', description: 'Made by a test', vhosts: [VHOST] });

it('lists the configured environment with this server’s own addresses', async () => {
  const { admin } = await given.organization();

  const { status, body } = await admin.admin<EnvironmentList>('GET /environments');

  expect(status).toBe(200);
  expect(body).toMatchObject({
    count: 1,
    list: [
      {
        id: 'Default',
        name: 'Default',
        type: 'hybrid',
        gatewayType: 'Regular',
        isReadOnly: true,
        permissions: { permissionType: 'PUBLIC', roles: [] },
        vhosts: [{ host: 'localhost', httpPort: Number(new URL(server.gateway).port), httpsPort: Number(new URL(server.gatewayTls).port) }],
      },
    ],
  });
});

it('creates, reads, lists, changes and deletes an environment', async () => {
  const { admin } = await given.organization();
  const body = environment();
  const created = await admin.admin<Environment>('POST /environments', { body });
  expect(created).toMatchObject({ status: 201, body: { ...body, isReadOnly: false, provider: 'wso2', mode: 'WRITE_ONLY' } });
  const path = { environmentId: created.body.id };
  expect(created.headers['location']).toContain(`/environments/${created.body.id}`);

  expect(await admin.admin('GET /environments/{environmentId}', { path })).toMatchObject({ status: 200, body: created.body });
  const { body: list } = await admin.admin<EnvironmentList>('GET /environments');
  expect(list.list.map(({ name }) => name)).toEqual(['Default', body.name]);

  const change = { ...body, displayName: 'Europe 2', permissions: { permissionType: 'ALLOW', roles: ['Internal/devops'] } };
  expect(await admin.admin('PUT /environments/{environmentId}', { path, body: change })).toMatchObject({ status: 200, body: change });

  expect((await admin.admin('DELETE /environments/{environmentId}', { path })).status).toBe(200);
  expect(await admin.admin('GET /environments/{environmentId}', { path })).toFailWith(EnvironmentNotFound);
});

it('leaves ports unset that were left out, and takes the host for web sockets', async () => {
  const { admin } = await given.organization();

  const { body } = await admin.admin('POST /environments', {
    body: { name: unique('env'), vhosts: [{ host: 'a.example', wsPort: null }] },
  });

  expect(body['vhosts']).toEqual([{ host: 'a.example', httpContext: '', wsHost: 'a.example', wssHost: 'a.example' }]);
});

describe('a refused environment', () => {
  it.each([
    ['no vhost', { vhosts: [] }],
    ['an invalid name', { name: 'not a name' }],
    ['an empty display name', { displayName: '' }],
    ['an invalid context of its vhost', { vhosts: [{ ...VHOST, httpContext: '-a-' }] }],
    ['an unknown mode', { mode: 'SOMETIMES' }],
    ['a port that is none', { vhosts: [{ ...VHOST, httpsPort: 65_536 }] }],
    ['a negative port', { vhosts: [{ ...VHOST, wsPort: -1 }] }],
    ['too many vhosts', { vhosts: Array.from({ length: 1_001 }, (_, place) => ({ host: `h${place}.example.com` })) }],
    ['too many roles', { permissions: { permissionType: 'ALLOW', roles: Array(1_001).fill('admin') } }],
    ['a type of no end', { type: 'x'.repeat(256) }],
  ])('%s', async (_, wrong) => {
    const answer = await given.superAdmin.admin('POST /environments', { body: { ...environment(), ...wrong } });

    expect(answer).toFailWith({ status: 400, code: 400 });
  });

  it('a name that is taken, the configured one included', async () => {
    const { admin } = await given.organization();
    const body = environment();
    expected(await admin.admin('POST /environments', { body }), 201);

    expect(await admin.admin('POST /environments', { body })).toFailWith(EnvironmentExists);
    expect(await admin.admin('POST /environments', { body: { ...body, name: 'Default' } })).toFailWith(EnvironmentExists);
  });

  it('one host twice', async () => {
    const answer = await given.superAdmin.admin('POST /environments', { body: { ...environment(), vhosts: [VHOST, VHOST] } });

    expect(answer).toFailWith(DuplicateVhosts);
  });

  it('a gateway of another kind', async () => {
    const answer = await given.superAdmin.admin('POST /environments', { body: { ...environment(), gatewayType: 'Abacus' } });

    expect(answer).toFailWith(UnknownGatewayType);
  });

  it('another name for an existing one', async () => {
    const { admin } = await given.organization();
    const { id } = expected(await admin.admin<Environment>('POST /environments', { body: environment() }), 201);

    const answer = await admin.admin('PUT /environments/{environmentId}', { path: { environmentId: id }, body: environment() });

    expect(answer).toFailWith(NameFixed);
  });

  it('any change of a configured one', async () => {
    const path = { environmentId: 'Default' };

    expect(await given.superAdmin.admin('PUT /environments/{environmentId}', { path, body: environment() })).toFailWith(
      EnvironmentReadOnly,
    );
    expect(await given.superAdmin.admin('DELETE /environments/{environmentId}', { path })).toFailWith(EnvironmentReadOnly);
  });
});

it('stays while a revision is deployed to it', async () => {
  const { name, id } = expected(await given.superAdmin.admin<Environment>('POST /environments', { body: environment() }), 201);
  const api = await given.api();
  const path = { apiId: api.id };
  const revision = expected(await given.superAdmin.publisher<{ id: string }>('POST /apis/{apiId}/revisions', { path, body: {} }), 201);
  const deployment = { path, query: { revisionId: revision.id }, body: [{ name, vhost: VHOST.host, displayOnDevportal: true }] };
  expected(await given.superAdmin.publisher('POST /apis/{apiId}/deploy-revision', deployment), 201);

  const refused = await given.superAdmin.admin('DELETE /environments/{environmentId}', { path: { environmentId: id } });
  expect(refused).toFailWith(EnvironmentInUse);

  expected(await given.superAdmin.publisher('POST /apis/{apiId}/undeploy-revision', deployment), 201);
  expect((await given.superAdmin.admin('DELETE /environments/{environmentId}', { path: { environmentId: id } })).status).toBe(200);
});

it('hides an environment from other tenants', async () => {
  const [one, other] = await Promise.all([given.organization(), given.organization()]);
  const { id } = expected(await one.admin.admin<Environment>('POST /environments', { body: environment() }), 201);
  const path = { environmentId: id };

  expect(await other.admin.admin('GET /environments/{environmentId}', { path })).toFailWith(EnvironmentNotFound);
  expect(await other.admin.admin('PUT /environments/{environmentId}', { path, body: environment() })).toFailWith(EnvironmentNotFound);
  expect(await other.admin.admin('DELETE /environments/{environmentId}', { path })).toFailWith(EnvironmentNotFound);
  expect((await other.admin.admin<EnvironmentList>('GET /environments')).body.count).toBe(1);
});

it('needs the scope', async () => {
  const reader = given.superAdmin.withScopes('apim:environment_read');

  expect((await reader.admin('GET /environments')).status).toBe(200);
  expect((await reader.admin('POST /environments', { body: environment() })).status).toBe(401);
});
