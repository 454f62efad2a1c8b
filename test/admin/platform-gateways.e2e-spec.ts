import { createHash, randomUUID } from 'node:crypto';
import { Unauthenticated } from '../../src/domain/problem.js';
import {
  EnvironmentExists,
  EnvironmentInUse,
  EnvironmentNotFound,
  EnvironmentReadOnly,
} from '../../src/environments/environments.problems.js';
import {
  AddressInvalid,
  NameAndAddressFixed,
  PlatformGatewayExists,
  PlatformGatewayNotFound,
  VersionUnsupported,
} from '../../src/environments/platform-gateways/platform-gateways.problems.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body } from '../support/client.js';
import { withDatabase } from '../support/database.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';

interface Gateway extends Body {
  readonly id: string;
  readonly name: string;
  readonly registrationToken: string;
}

const GATEWAY = '/gateways/{gatewayId}';
const ENVIRONMENT = '/environments/{environmentId}';

const properties = (further: Body = {}) => ({
  name: unique('gw'),
  displayName: 'Branch office',
  description: 'In the cellar',
  vhost: 'https://mg.example.com:9443/apis',
  properties: { region: 'eu', gatewayController: { enabled: true, version: '1.0.0' } },
  permissions: { permissionType: 'ALLOW', roles: ['admin'] },
  ...further,
});
const create = (by: Actor, body: Body) => by.admin<Gateway>('POST /gateways', { body });
const registered = async (by: Actor, further: Body = {}) => expected(await create(by, properties(further)), 201);
const pathOf = ({ id }: Pick<Gateway, 'id'>) => ({ gatewayId: id });
const listed = async (by: Actor) => expected(await by.admin<{ count: number; list: readonly Gateway[] }>('GET /gateways'), 200);

const tokenRow = ({ id }: Gateway) =>
  withDatabase(async (database) => {
    const { rows } = await database.query<{ row: string; token_hash: string }>(
      'SELECT to_json(platform_gateways)::text AS row, token_hash FROM platform_gateways WHERE id = $1',
      [id],
    );
    return rows[0];
  });

it('registers a gateway, whose token is shown once and kept as a hash', async () => {
  const { admin } = await given.organization();
  const body = properties();

  const { status, body: gateway, headers } = await create(admin, body);

  expect(status).toBe(201);
  expect(headers['location']).toContain(`/gateways/${gateway.id}`);
  const { registrationToken, ...shown } = gateway;
  expect(shown).toMatchObject({ ...body, isActive: false });
  expect(registrationToken).toMatch(/^[\w-]+\.[\w-]+$/);
  expect(await listed(admin)).toEqual({ count: 1, list: [shown] });
  const row = await tokenRow(gateway);
  expect(row?.token_hash).toBe(createHash('sha256').update(registrationToken).digest('hex'));
  expect(row?.row).not.toContain(registrationToken.split('.')[1]);
});

it('is an environment, which is read by its id alone and changed as a gateway alone', async () => {
  const { admin, domain } = await given.organization();
  const gateway = await registered(admin);
  const path = { environmentId: gateway.id };

  const environment = expected(await admin.admin<Body>(`GET ${ENVIRONMENT}`, { path }), 200);

  expect(environment).toMatchObject({
    ...{ id: gateway.id, name: gateway.name, displayName: 'Branch office', gatewayType: 'APIPlatform', provider: 'wso2', type: 'hybrid' },
    ...{ mode: 'WRITE_ONLY', status: 'Inactive', vhost: 'https://mg.example.com:9443/apis', platformGatewayVersions: ['1.0.0'] },
    vhosts: [{ host: 'mg.example.com', httpContext: '/apis', httpPort: 80, httpsPort: 9443, wsPort: 9099, wssPort: 8099 }],
    permissions: { permissionType: 'ALLOW', roles: ['admin'] },
  });
  expect(environment['additionalProperties']).toEqual(
    expect.arrayContaining([
      { key: 'platformGatewayId', value: gateway.id },
      { key: 'platformGatewayBaseUrl', value: 'https://mg.example.com:9443/apis' },
      { key: 'organization', value: domain },
      { key: 'isActive', value: 'false' },
    ]),
  );
  const { list } = expected(await admin.admin<{ list: readonly Body[] }>('GET /environments'), 200);
  expect(list.map(({ name }) => name)).toEqual(['Default']);
  const { vhost: _, ...body } = environment;
  expect(await admin.admin(`PUT ${ENVIRONMENT}`, { path, body: { ...body, gatewayType: 'Regular' } })).toFailWith(
    EnvironmentReadOnly(gateway.id),
  );
  expect(await admin.admin(`DELETE ${ENVIRONMENT}`, { path })).toFailWith(EnvironmentReadOnly(gateway.id));
});

it('changes a gateway, but neither its name nor its address', async () => {
  const { admin } = await given.organization();
  const { registrationToken: _, ...gateway } = await registered(admin);
  const path = pathOf(gateway);
  const { name, vhost } = properties({ name: gateway.name });
  const body = { name, vhost, displayName: 'Moved', properties: { tier: 'gold' } };

  const changed = await admin.admin<Gateway>(`PUT ${GATEWAY}`, { path, body });

  expect(changed).toMatchObject({ status: 200, body: { ...body, description: '', permissions: { permissionType: 'PUBLIC', roles: [] } } });
  expect(changed.body).not.toHaveProperty('registrationToken');
  expect((await listed(admin)).list).toEqual([changed.body]);
  expect(Date.parse(String(changed.body['updatedAt']))).toBeGreaterThan(Date.parse(String(gateway['updatedAt'])));
  const environment = await admin.admin(`GET ${ENVIRONMENT}`, { path: { environmentId: gateway.id } });
  expect(environment).toMatchObject({ status: 200, body: { displayName: 'Moved', permissions: { permissionType: 'PUBLIC' } } });
  for (const other of [{ name: unique('gw') }, { vhost: 'https://elsewhere.example.com' }]) {
    expect(await admin.admin(`PUT ${GATEWAY}`, { path, body: { ...body, ...other } })).toFailWith(NameAndAddressFixed());
  }
});

it('takes a gateway back as it was read', async () => {
  const { admin } = await given.organization();
  const { registrationToken: _, ...gateway } = await registered(admin);

  const body = { ...gateway, isActive: true, description: 'In the attic' };
  const changed = expected(await admin.admin<Gateway>(`PUT ${GATEWAY}`, { path: pathOf(gateway), body }), 200);

  expect(changed).toEqual({ ...gateway, description: 'In the attic', updatedAt: changed['updatedAt'] });
});

it('makes a new token, with which the old one is worth nothing', async () => {
  const { admin } = await given.organization();
  const gateway = await registered(admin);

  const { status, body } = await admin.admin<Gateway>(`POST ${GATEWAY}/regenerate-token`, { path: pathOf(gateway) });

  expect(status).toBe(200);
  expect({ ...body, registrationToken: gateway.registrationToken }).toEqual(gateway);
  expect(body.registrationToken).not.toBe(gateway.registrationToken);
  expect((await tokenRow(gateway))?.token_hash).toBe(createHash('sha256').update(body.registrationToken).digest('hex'));
});

it('deletes a gateway with its environment, unless something is deployed to it', async () => {
  const { admin, domain } = await given.organization();
  const gateway = await registered(admin);
  const path = pathOf(gateway);
  const api = await given.api({ by: admin });
  await given.deployment(api, admin);
  // No API can be deployed to such a gateway yet: as if it had been.
  const moved = (from: string, to: string) =>
    withDatabase((database) =>
      database.query('UPDATE api_deployments SET environment = $3 WHERE organization = $1 AND environment = $2', [domain, from, to]),
    );
  await moved('Default', gateway.name);

  expect(await admin.admin(`DELETE ${GATEWAY}`, { path })).toFailWith(EnvironmentInUse(gateway.id));

  await moved(gateway.name, 'Default');
  expect(await admin.admin(`DELETE ${GATEWAY}`, { path })).toMatchObject({ status: 200, body: undefined });
  expect(await listed(admin)).toEqual({ count: 0, list: [] });
  expect(await admin.admin(`GET ${ENVIRONMENT}`, { path: { environmentId: gateway.id } })).toFailWith(EnvironmentNotFound(gateway.id));
  expect(await admin.admin(`DELETE ${GATEWAY}`, { path })).toFailWith(PlatformGatewayNotFound());
});

it('tells in the settings which versions there are', async () => {
  expect((await given.superAdmin.admin('GET /settings')).body['platformGatewayVersions']).toEqual(['1.0.0']);
});

describe('refuses', () => {
  it.each([
    { name: 'ab' },
    { name: 'Upper-Case' },
    { name: 'a'.repeat(65) },
    { name: undefined },
    { displayName: '' },
    { displayName: 'x'.repeat(129) },
    { displayName: undefined },
    { vhost: undefined },
    { description: 'x'.repeat(1024) },
    { properties: 'none' },
    { permissions: { permissionType: 'SOME' } },
    { color: 'blue' },
  ])('a gateway with %j', async (further) => {
    expect(await create(given.superAdmin, properties(further))).toFailWith({ status: 400, code: 400 });
  });

  it.each(['', 'ftp://mg.example.com', 'https://a:b@mg.example.com', 'not a host'])('the address %j', async (vhost) => {
    expect(await create(given.superAdmin, properties({ vhost }))).toFailWith(AddressInvalid());
  });

  it('versions that are not supported', async () => {
    const { admin } = await given.organization();
    const gateway = await registered(admin);

    for (const further of [{ version: '9.9.9' }, { gatewayController: { version: 7 } }]) {
      const body = properties({ name: gateway.name, properties: further });
      expect(await create(admin, { ...body, name: unique('gw') })).toFailWith(VersionUnsupported(['1.0.0']));
      expect(await admin.admin(`PUT ${GATEWAY}`, { path: pathOf(gateway), body })).toFailWith(VersionUnsupported(['1.0.0']));
    }
  });

  it('a name that is taken, by a gateway or another environment', async () => {
    const { admin } = await given.organization();
    const { name } = await registered(admin);
    const environment = { name: unique('env'), vhosts: [{ host: 'a.example.com' }] };
    expected(await admin.admin('POST /environments', { body: environment }), 201);

    expect(await create(admin, properties({ name }))).toFailWith(PlatformGatewayExists(name));
    expect(await create(admin, properties({ name: environment.name }))).toFailWith(PlatformGatewayExists(environment.name));
    expect(await admin.admin('POST /environments', { body: { ...environment, name } })).toFailWith(EnvironmentExists(name));
    expect(await create((await given.organization()).admin, properties({ name }))).toMatchObject({ status: 201 });
  });

  it('what is not there, or is another tenant’s, or no platform gateway', async () => {
    const [one, other] = [(await given.organization()).admin, (await given.organization()).admin];
    const gateway = await registered(one);
    const vhosts = [{ host: 'a.example.com' }];
    const environment = expected(await other.admin<{ id: string }>('POST /environments', { body: { name: unique('env'), vhosts } }), 201);

    expect(await listed(other)).toEqual({ count: 0, list: [] });
    for (const gatewayId of [gateway.id, randomUUID(), 'no-uuid', environment.id]) {
      const path = { gatewayId };
      const body = properties({ name: gateway.name });
      expect(await other.admin(`PUT ${GATEWAY}`, { path, body })).toFailWith(PlatformGatewayNotFound());
      expect(await other.admin(`DELETE ${GATEWAY}`, { path })).toFailWith(PlatformGatewayNotFound());
      expect(await other.admin(`POST ${GATEWAY}/regenerate-token`, { path })).toFailWith(PlatformGatewayNotFound());
    }
    expect((await listed(one)).count).toBe(1);
  });

  it('whoever is no administrator', async () => {
    const { admin } = await given.organization();
    const gateway = await registered(admin);
    const user = admin.withScopes('apim:environment_manage');

    expect(await user.admin('GET /gateways')).toFailWith(Unauthenticated());
    expect(await create(user, properties())).toFailWith(Unauthenticated());
    const path = pathOf(gateway);
    expect(await user.admin(`PUT ${GATEWAY}`, { path, body: properties() })).toFailWith(Unauthenticated());
    expect(await user.admin(`DELETE ${GATEWAY}`, { path })).toFailWith(Unauthenticated());
    expect(await user.admin(`POST ${GATEWAY}/regenerate-token`, { path })).toFailWith(Unauthenticated());
  });
});
