import {
  DeployingThirdPartyApi,
  DeploymentNotFound,
  EnvironmentNotFound,
  EnvironmentReadOnly,
} from '../../src/apis/revisions/revisions.problems.js';
import { Cli } from '../server/cli.js';
import { type Actor, expected } from '../support/actor.js';
import { type Body, Client } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';

// Where a revision may go, and what the gateways there say about it.

interface Deployment {
  readonly revisionUuid: string;
  readonly name: string;
  readonly vhost: string;
  readonly displayOnDevportal: boolean;
  readonly liveGatewayCount: number;
  readonly deployedGatewayCount: number;
  readonly failedGatewayCount: number;
  readonly successDeployedTime: string | null;
}

const DEFAULT = [{ name: 'Default', vhost: 'localhost' }];
const VHOST = { host: 'gw.example.com', wsHost: 'ws.example.com', httpPort: 80, httpsPort: 443 };

const environment = async (by: Actor, further: Body = {}): Promise<string> => {
  const name = unique('env');
  expected(await by.admin('POST /environments', { body: { name, displayName: name, vhosts: [VHOST], ...further } }), 201);
  return name;
};

const deploy = async (by: Actor, apiId: string, body: unknown) => {
  const revision = expected(await by.publisher<{ id: string }>('POST /apis/{apiId}/revisions', { path: { apiId }, body: {} }), 201);
  const query = { revisionId: revision.id };
  return by.publisher<readonly Deployment[]>('POST /apis/{apiId}/deploy-revision', { path: { apiId }, query, body });
};

const deployments = async (by: Actor, apiId: string): Promise<readonly Deployment[]> =>
  expected(await by.publisher<{ list: readonly Deployment[] }>('GET /apis/{apiId}/deployments', { path: { apiId } }), 200).list;

it('takes a virtual host by its WebSocket name', async () => {
  const { admin } = await given.organization();
  const { id } = await given.api({ by: admin });
  const name = await environment(admin);

  expect(await deploy(admin, id, [{ name, vhost: 'ws.example.com' }])).toMatchObject({
    status: 201,
    body: [{ name, vhost: 'ws.example.com' }],
  });
});

it('deploys to no environment that is being deleted', async () => {
  const { admin } = await given.organization();
  const { id } = await given.api({ by: admin });
  const path = { apiId: id };
  const revision = expected(await admin.publisher<{ id: string }>('POST /apis/{apiId}/revisions', { path, body: {} }), 201);
  const names = await Promise.all(Array.from({ length: 12 }, () => environment(admin)));
  const { list } = expected(await admin.admin<{ list: readonly { id: string; name: string }[] }>('GET /environments'), 200);

  await Promise.all(
    names.flatMap((name) => [
      admin.publisher('POST /apis/{apiId}/deploy-revision', {
        path,
        query: { revisionId: revision.id },
        body: [{ name, vhost: 'gw.example.com' }],
      }),
      admin.admin('DELETE /environments/{environmentId}', {
        path: { environmentId: list.find((known) => known.name === name)?.id ?? '' },
      }),
    ]),
  );

  const left = expected(await admin.admin<{ list: readonly { name: string }[] }>('GET /environments'), 200).list.map(({ name }) => name);
  expect((await deployments(admin, id)).map(({ name }) => name).filter((name) => !left.includes(name))).toEqual([]);
});

it('deploys to no environment that only reads', async () => {
  const { admin } = await given.organization();
  const { id } = await given.api({ by: admin });
  const name = await environment(admin, { mode: 'READ_ONLY' });

  expect(await deploy(admin, id, [{ name, vhost: 'gw.example.com' }])).toFailWith(EnvironmentReadOnly(name));
  expect(await deployments(admin, id)).toEqual([]);
});

it('knows no environment that is kept from the caller’s roles, and does not offer it', async () => {
  const { admin } = await given.organization();
  const creator = await given.user({ roles: ['Internal/creator'], by: admin });
  const { id } = await given.api({ by: admin });
  const name = await environment(admin, { permissions: { permissionType: 'ALLOW', roles: ['admin'] } });
  const place = [{ name, vhost: 'gw.example.com' }];
  const offered = async (by: Actor) =>
    expected(await by.publisher<{ environment: readonly { name: string }[] }>('GET /settings'), 200).environment.map((one) => one.name);

  expect(await deploy(creator, id, place)).toFailWith(EnvironmentNotFound(name));
  expect(await offered(creator)).not.toContain(name);
  expect(await deploy(admin, id, place)).toMatchObject({ status: 201 });
  expect(await offered(admin)).toContain(name);
});

it('takes a revision off all environments but those that are kept from the caller’s roles', async () => {
  const { admin } = await given.organization();
  const creator = await given.user({ roles: ['Internal/creator', 'Internal/publisher'], by: admin });
  const { id } = await given.api({ by: admin });
  const [kept, open] = [
    await environment(admin, { permissions: { permissionType: 'DENY', roles: ['Internal/creator'] } }),
    await environment(admin),
  ];
  const places = [kept, open].map((name) => ({ name, vhost: 'gw.example.com' }));
  const [deployed] = expected(await deploy(admin, id, places), 201);
  const undeploy = async (by: Actor) => {
    const query = { revisionId: deployed?.revisionUuid, allEnvironments: 'true' };
    return expected(await by.publisher('POST /apis/{apiId}/undeploy-revision', { path: { apiId: id }, query, body: [] }), 201);
  };

  expect(await undeploy(creator)).toMatchObject([{ name: kept }]);
  expect((await deployments(admin, id)).map(({ name }) => name)).toEqual([kept]);

  expect(await undeploy(admin)).toEqual([]);
  expect(await deployments(admin, id)).toEqual([]);
});

it('shows a new deployment in the developer portal, whatever the request says', async () => {
  const { admin } = await given.organization();
  const { id } = await given.api({ by: admin });

  const answer = await deploy(admin, id, [{ ...DEFAULT[0], displayOnDevportal: false }]);

  expect(answer).toMatchObject({ status: 201, body: [{ displayOnDevportal: true }] });
});

it('deploys no API that became an advertised one', async () => {
  const { admin } = await given.organization();
  const { id } = await given.api({ by: admin });
  const path = { apiId: id };
  const revision = expected(await admin.publisher<{ id: string }>('POST /apis/{apiId}/revisions', { path, body: {} }), 201);
  const advertiseInfo = { advertised: true, apiExternalProductionEndpoint: 'https://a.example' };
  const body = { ...expected(await admin.publisher('GET /apis/{apiId}', { path }), 200), advertiseInfo };
  expected(await admin.publisher('PUT /apis/{apiId}', { path, body }), 200);

  const answer = await admin.publisher('POST /apis/{apiId}/deploy-revision', { path, query: { revisionId: revision.id }, body: DEFAULT });

  expect(answer).toFailWith(DeployingThirdPartyApi(id));
});

it('knows no deployment behind an id that is no name', async () => {
  const { admin } = await given.organization();
  const { id } = await given.api({ by: admin });

  const answer = await admin.publisher('PUT /apis/{apiId}/deployments/{deploymentId}', {
    path: { apiId: id, deploymentId: Buffer.from('a\0b').toString('base64') },
    body: { vhost: 'localhost' },
  });

  expect(answer).toFailWith(DeploymentNotFound());
});

// Other tests have gateways of their own, which come and go without a word.
describe('the gateways’ counts', () => {
  it('tell a deployment that a gateway serves', async () => {
    const { admin } = await given.organization();
    const { id } = await given.api({ by: admin });
    expected(await deploy(admin, id, DEFAULT), 201);

    const [deployment] = await eventually(
      () => deployments(admin, id),
      ([one]) => one?.successDeployedTime !== null,
    );

    const { deployedGatewayCount = 0, failedGatewayCount, liveGatewayCount = 0 } = deployment ?? {};
    expect(failedGatewayCount).toBe(0);
    expect(deployedGatewayCount).toBeGreaterThanOrEqual(1);
    expect(deployedGatewayCount).toBeLessThanOrEqual(liveGatewayCount);
  });

  it('tell a deployment that a gateway refused', async () => {
    const { admin } = await given.organization();
    // An HTTP API that leads to a socket: no gateway can serve it.
    const endpointConfig = { endpoint_type: 'ws', production_endpoints: { url: 'ws://a.example' } };
    const { id } = await given.api({ by: admin, with: { endpointConfig } });
    expected(await deploy(admin, id, DEFAULT), 201);

    const [deployment] = await eventually(
      () => deployments(admin, id),
      ([one]) => (one?.failedGatewayCount ?? 0) > 0,
    );

    expect(deployment).toMatchObject({ deployedGatewayCount: 0, successDeployedTime: null });
    expect(deployment?.failedGatewayCount).toBeLessThanOrEqual(deployment?.liveGatewayCount ?? 0);
  });

  it('stay 0 for an environment that no gateway serves', async () => {
    const { admin } = await given.organization();
    const { id } = await given.api({ by: admin });

    const answer = await deploy(admin, id, [{ name: await environment(admin), vhost: 'gw.example.com' }]);

    expect(answer.body).toMatchObject([{ liveGatewayCount: 0, deployedGatewayCount: 0, failedGatewayCount: 0 }]);
  });

  it('stay 0 where acknowledgements are not counted, which the settings tell', async () => {
    const cli = await Cli.start({ APIM_APIM__GATEWAY_NOTIFICATION__ENABLED: 'false' });
    const client = new Client('/api/am/publisher/v4', () => ({ basic: { username: 'admin', password: 'admin' } }), cli.management);
    const { id } = expected(await client.request<{ id: string }>('POST /apis', { body: given.apiProperties() }), 201);
    const path = { apiId: id };
    const revision = expected(await client.request<{ id: string }>('POST /apis/{apiId}/revisions', { path, body: {} }), 201);
    const query = { revisionId: revision.id };
    expected(await client.request('POST /apis/{apiId}/deploy-revision', { path, query, body: DEFAULT }), 201);

    const { body } = await client.request<{ list: readonly Deployment[] }>('GET /apis/{apiId}/deployments', { path });
    const settings = await client.request('GET /settings');
    await cli.stop();

    expect(body.list).toMatchObject([{ liveGatewayCount: 0, deployedGatewayCount: 0, failedGatewayCount: 0, successDeployedTime: null }]);
    expect(settings.body['isGatewayNotificationEnabled']).toBe(false);
  });
});
