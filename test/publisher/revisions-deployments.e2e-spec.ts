import { randomUUID } from 'node:crypto';
import {
  ApiNotFound,
  DeployingRetiredApi,
  DeploymentNotFound,
  EnvironmentNotFound,
  RevisionNotFound,
  RevisionNumberNotFound,
  VhostMissing,
  VhostUnknown,
} from '../../src/apis/revisions/revisions.problems.js';
import { Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';

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

const DEFAULT = [{ name: 'Default', vhost: 'localhost', displayOnDevportal: true }];
const UNKNOWN_API = 'The requested resource is not available.';

const revision = async (by: Actor, apiId: string): Promise<string> =>
  expected(await by.publisher<{ id: string }>('POST /apis/{apiId}/revisions', { path: { apiId }, body: {} }), 201).id;

const deploy = (by: Actor, apiId: string, revisionId: string | undefined, body: unknown = DEFAULT) =>
  by.publisher<readonly Deployment[]>('POST /apis/{apiId}/deploy-revision', { path: { apiId }, query: { revisionId }, body });

const undeploy = (by: Actor, apiId: string, query: Readonly<Record<string, string>>, body: unknown = DEFAULT) =>
  by.publisher<readonly Deployment[]>('POST /apis/{apiId}/undeploy-revision', { path: { apiId }, query, body });

const deployments = async (by: Actor, apiId: string): Promise<readonly Deployment[]> =>
  expected(await by.publisher<{ list: readonly Deployment[] }>('GET /apis/{apiId}/deployments', { path: { apiId } }), 200).list;

const environment = async (by: Actor): Promise<string> => {
  const name = unique('env');
  const vhosts = [{ host: 'gw.example.com', httpPort: 80, httpsPort: 443 }];
  expected(await by.admin('POST /environments', { body: { name, displayName: name, vhosts } }), 201);
  return name;
};

describe('POST /apis/{apiId}/deploy-revision', () => {
  it('answers 201 with the deployments of the revision', async () => {
    const { admin } = await given.organization();
    const { id } = await given.api({ by: admin });
    const revisionId = await revision(admin, id);

    const { status, body } = await deploy(admin, id, revisionId);

    expect(status).toBe(201);
    expect(body).toMatchObject([
      { revisionUuid: revisionId, name: 'Default', vhost: 'localhost', status: 'APPROVED', displayOnDevportal: true },
    ]);
  });

  it('brings the API to the gateway, which confirms it', async () => {
    const { admin } = await given.organization();
    const api = await given.api({ by: admin });

    await given.deployment(api, admin);

    await eventually(
      () => gateway(`${api.url}/`),
      ({ status }) => status === 401,
    );
    const [confirmed] = await eventually(
      () => deployments(admin, api.id),
      ([deployment]) => (deployment?.deployedGatewayCount ?? 0) > 0,
    );
    expect(confirmed?.failedGatewayCount).toBe(0);
    expect(confirmed?.liveGatewayCount).toBeGreaterThanOrEqual(confirmed?.deployedGatewayCount ?? Number.NaN);
    expect(Date.parse(confirmed?.successDeployedTime ?? '')).not.toBeNaN();
  });

  it('replaces what the environment served, and merges repeated names', async () => {
    const { admin } = await given.organization();
    const { id } = await given.api({ by: admin });
    await given.deployment({ id, name: '', version: '', context: '', url: '' }, admin);
    const second = await revision(admin, id);

    const { body } = await deploy(admin, id, second, [...DEFAULT, ...DEFAULT]);

    expect(body).toHaveLength(1);
    expect(await deployments(admin, id)).toMatchObject([{ revisionUuid: second, name: 'Default' }]);
  });

  it('deploys to several environments at once', async () => {
    const { admin } = await given.organization();
    const { id } = await given.api({ by: admin });
    const name = await environment(admin);

    const { body } = await deploy(admin, id, await revision(admin, id), [...DEFAULT, { name, vhost: 'gw.example.com' }]);

    expect(body.map((deployment) => deployment.name).sort()).toEqual(['Default', name].sort());
    expect(body.find((deployment) => deployment.name === name)?.liveGatewayCount).toBe(0);
  });

  it.each([
    ['an unknown environment', [{ name: 'nowhere', vhost: 'localhost' }], EnvironmentNotFound('nowhere')],
    ['a missing virtual host', [{ name: 'Default' }], VhostMissing()],
    ['an unknown virtual host', [{ name: 'Default', vhost: 'other.example.com' }], VhostUnknown()],
    ['a body that is no list', { name: 'Default' }, { status: 400, code: 400 }],
    ['a virtual host that is no name', [{ name: 'Default', vhost: '*' }], { status: 400, code: 400 }],
    ['an entry that is no object', ['Default'], { status: 400, code: 400 }],
  ])('refuses %s and deploys nothing', async (_, body, problem) => {
    const { admin } = await given.organization();
    const { id } = await given.api({ by: admin });

    const answer = await deploy(admin, id, await revision(admin, id), Array.isArray(body) ? [...DEFAULT, ...body] : body);

    expect(answer).toFailWith(problem);
    expect(await deployments(admin, id)).toEqual([]);
  });

  it('words an unknown environment with doubled quotes', async () => {
    const { admin } = await given.organization();
    const { id } = await given.api({ by: admin });

    const answer = await deploy(admin, id, await revision(admin, id), [{ name: 'x', vhost: 'localhost' }]);

    expect(answer.body).toMatchObject({ code: 900504, description: "Gateway Environment with name 'name 'x'' not found" });
  });

  it('wants to know which revision', async () => {
    const { admin } = await given.organization();
    const { id } = await given.api({ by: admin });

    expect(await deploy(admin, id, undefined)).toMatchObject({ status: 400, body: 'Revision Id is not provided' });
    expect(await deploy(admin, id, 'no-uuid')).toFailWith(RevisionNotFound('no-uuid'));
  });

  it('refuses a retired API', async () => {
    const { admin } = await given.organization();
    const { id } = await given.api({ by: admin });
    for (const action of ['Publish', 'Deprecate', 'Retire']) {
      expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId: id, action } }), 200);
    }

    expect(await deploy(admin, id, randomUUID())).toFailWith(DeployingRetiredApi(id));
  });
});

describe('POST /apis/{apiId}/undeploy-revision', () => {
  it('takes the API off the gateway', async () => {
    const { admin } = await given.organization();
    const api = await given.publishedApi({ by: admin });
    const [deployment] = await deployments(admin, api.id);

    const answer = await undeploy(admin, api.id, { revisionId: deployment?.revisionUuid ?? '' });

    expect(answer).toMatchObject({ status: 201, body: [] });
    await eventually(
      () => gateway(`${api.url}/`),
      ({ status, body }) => status === 404 && JSON.stringify(body).includes(UNKNOWN_API),
    );
  });

  it('finds the revision by its number, and all its environments', async () => {
    const { admin } = await given.organization();
    const api = await given.api({ by: admin });
    await given.deployment(api, admin);

    expect(await undeploy(admin, api.id, { revisionNumber: '2', allEnvironments: 'true' })).toFailWith(RevisionNumberNotFound('2'));
    expect(await undeploy(admin, api.id, { revisionNumber: 'x', allEnvironments: 'true' })).toFailWith(RevisionNumberNotFound('x'));
    const answer = await undeploy(admin, api.id, { revisionNumber: '1', allEnvironments: 'true' }, []);

    expect(answer.status).toBe(201);
    expect(await deployments(admin, api.id)).toEqual([]);
  });

  it('leaves another revision where it is', async () => {
    const { admin } = await given.organization();
    const api = await given.api({ by: admin });
    const other = await revision(admin, api.id);
    const deployed = await given.deployment(api, admin);

    expected(await undeploy(admin, api.id, { revisionId: other }), 201);

    expect(await deployments(admin, api.id)).toMatchObject([{ revisionUuid: deployed }]);
  });

  it('refuses an unknown environment', async () => {
    const { admin } = await given.organization();
    const api = await given.api({ by: admin });
    const revisionId = await given.deployment(api, admin);

    expect(await undeploy(admin, api.id, { revisionId }, [{ name: 'nowhere' }])).toFailWith(EnvironmentNotFound('nowhere'));
    expect(await deployments(admin, api.id)).toHaveLength(1);
  });
});

describe('PUT /apis/{apiId}/deployments/{deploymentId}', () => {
  const update = (by: Actor, apiId: string, name: string, body: unknown) =>
    by.publisher('PUT /apis/{apiId}/deployments/{deploymentId}', {
      path: { apiId, deploymentId: Buffer.from(name).toString('base64') },
      body,
    });

  it('hides a deployment from the developer portal', async () => {
    const { admin } = await given.organization();
    const api = await given.api({ by: admin });
    await given.deployment(api, admin);

    const answer = await update(admin, api.id, 'Default', { name: 'Default', vhost: 'localhost', displayOnDevportal: false });

    expect(answer).toMatchObject({ status: 200, body: { name: 'Default', displayOnDevportal: false } });
    expect(await deployments(admin, api.id)).toMatchObject([{ displayOnDevportal: false }]);
  });

  it('refuses what is not deployed, and an unknown virtual host', async () => {
    const { admin } = await given.organization();
    const api = await given.api({ by: admin });
    expect(await update(admin, api.id, 'Default', { vhost: 'localhost' })).toFailWith(DeploymentNotFound('Default'));
    await given.deployment(api, admin);

    expect(await update(admin, api.id, 'Default', { vhost: 'other.example.com' })).toFailWith(VhostUnknown());
    expect(await update(admin, api.id, 'Default', { displayOnDevportal: 'no' })).toFailWith({ status: 400, code: 400 });
  });
});

const OPERATIONS = [
  ['POST /apis/{apiId}/deploy-revision', DEFAULT],
  ['POST /apis/{apiId}/undeploy-revision', DEFAULT],
  ['GET /apis/{apiId}/deployments', undefined],
  ['PUT /apis/{apiId}/deployments/{deploymentId}', { vhost: 'localhost' }],
] as const;

describe.each(OPERATIONS)('%s', (operation, body) => {
  const call = (by: Actor, apiId: string, revisionId: string = randomUUID()) =>
    by.publisher(operation, {
      path: { apiId, deploymentId: 'RGVmYXVsdA==' },
      query: operation.includes('-revision') ? { revisionId } : {},
      ...(body === undefined ? {} : { body }),
    });

  it('knows no API of another tenant', async () => {
    const { admin } = await given.organization();
    const api = await given.api({ by: admin });
    const revisionId = await given.deployment(api, admin);
    const stranger = (await given.organization()).admin;

    expect(await call(stranger, api.id, revisionId)).toFailWith(ApiNotFound(api.id));
    expect(await deployments(admin, api.id)).toMatchObject([{ revisionUuid: revisionId }]);
  });

  it('needs a scope', async () => {
    expect(await call(given.superAdmin.withScopes('apim:subscribe'), randomUUID())).toFailWith(Unauthenticated());
  });
});
