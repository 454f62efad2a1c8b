import { randomUUID } from 'node:crypto';
import {
  ApiNotFound,
  DeployingThirdPartyApi,
  EnvironmentReadOnly,
  RevisionDeployed,
  RevisionNotFound,
  VhostUnknown,
} from '../../src/apis/revisions/revisions.problems.js';
import { Unauthenticated } from '../../src/domain/problem.js';
import { EnvironmentInUse } from '../../src/environments/environments.problems.js';
import { WorkflowDecided, WorkflowNotFound, WorkflowPending } from '../../src/workflows/workflows.problems.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { given } from '../support/given.js';
import { decide, requireApproval, theWaiting, waiting } from '../support/tenant-config.js';
import { unique } from '../support/unique.js';

interface Deployment {
  readonly revisionUuid: string;
  readonly name: string;
  readonly status: string;
  readonly displayOnDevportal: boolean;
  readonly successDeployedTime: string | null;
  readonly liveGatewayCount: number;
}
interface Revision {
  readonly id: string;
  readonly deploymentInfo: readonly Deployment[];
}

const DEFAULT = [{ name: 'Default', vhost: 'localhost', displayOnDevportal: true }];

const revise = async (by: Actor, apiId: string, description = ''): Promise<string> =>
  expected(await by.publisher<Revision>('POST /apis/{apiId}/revisions', { path: { apiId }, body: { description } }), 201).id;

const deploy = (by: Actor, apiId: string, revisionId: string, body: unknown = DEFAULT) =>
  by.publisher<readonly Deployment[]>('POST /apis/{apiId}/deploy-revision', { path: { apiId }, query: { revisionId }, body });

const revisions = async (by: Actor, apiId: string, query?: string): Promise<readonly Revision[]> =>
  expected(await by.publisher<{ list: readonly Revision[] }>('GET /apis/{apiId}/revisions', { path: { apiId }, query: { query } }), 200)
    .list;

const deployments = async (by: Actor, apiId: string): Promise<readonly Deployment[]> =>
  expected(await by.publisher<{ list: readonly Deployment[] }>('GET /apis/{apiId}/deployments', { path: { apiId } }), 200).list;

const cancel = (by: Actor, apiId: string, revisionId: string, envName = 'Default') =>
  by.publisher('DELETE /apis/{apiId}/cancel-revision-workflow/{revisionId}/{envName}', { path: { apiId, revisionId, envName } });

/** An API with a revision whose deployment waits for an approval. */
const pending = async () => {
  const { admin, domain } = await given.organization();
  await requireApproval(admin, 'APIRevisionDeployment');
  const api = await given.api({ by: admin });
  const revisionId = await revise(admin, api.id, 'the first');
  const answer = await deploy(admin, api.id, revisionId);
  return { admin, domain, api, revisionId, answer };
};

describe('a deployment that needs an approval', () => {
  it('answers 201 and shows that it waits', async () => {
    const { admin, domain, api, revisionId, answer } = await pending();

    expect(answer).toMatchObject({
      status: 201,
      body: [
        {
          ...{ revisionUuid: revisionId, name: 'Default', vhost: 'localhost', status: 'CREATED', displayOnDevportal: false },
          ...{ successDeployedTime: null, liveGatewayCount: 0, deployedGatewayCount: 0, failedGatewayCount: 0 },
        },
      ],
    });
    expect((await revisions(admin, api.id)).map(({ deploymentInfo }) => deploymentInfo)).toEqual([answer.body]);
    expect(await deployments(admin, api.id)).toEqual([]);
    expect(await theWaiting(admin)).toMatchObject({
      workflowType: 'REVISION_DEPLOYMENT',
      properties: {
        ...{ revisionId, apiName: api.name, apiVersion: api.version, environment: 'Default', apiProvider: admin.username },
        ...{ invoker: admin.username, revisionDescription: 'the first', tenantDomain: domain },
      },
    });
  });

  it('reaches the gateway once approved, and not before', async () => {
    const { admin, api } = await pending();
    const canary = await given.api();
    await given.deployment(canary);
    // Documents reach the gateway in the order in which they were written.
    await eventually(
      () => gateway(`${canary.url}/`),
      ({ status }) => status === 401,
    );
    expect((await gateway(`${api.url}/`)).status).toBe(404);

    expected(await decide(admin, (await theWaiting(admin)).referenceId, 'APPROVED'), 200);

    await eventually(
      () => gateway(`${api.url}/`),
      ({ status }) => status === 401,
    );
    expect(await deployments(admin, api.id)).toMatchObject([{ status: 'APPROVED', displayOnDevportal: true }]);
    expect(await revisions(admin, api.id)).toMatchObject([{ deploymentInfo: [{ status: 'APPROVED' }] }]);
  });

  it('leaves what the environment serves until it is approved', async () => {
    const { admin } = await given.organization();
    const api = await given.api({ by: admin });
    const first = await given.deployment(api, admin);
    const second = await revise(admin, api.id);
    await requireApproval(admin, 'APIRevisionDeployment');
    expected(await deploy(admin, api.id, second), 201);

    const before = await deployments(admin, api.id);
    expected(await decide(admin, (await theWaiting(admin)).referenceId, 'APPROVED'), 200);

    expect(before).toMatchObject([{ revisionUuid: first, status: 'APPROVED' }]);
    expect(await deployments(admin, api.id)).toMatchObject([{ revisionUuid: second, status: 'APPROVED' }]);
  });

  it('shows that it was rejected, and may be asked for again', async () => {
    const { admin, api, revisionId } = await pending();

    expected(await decide(admin, (await theWaiting(admin)).referenceId, 'REJECTED'), 200);

    expect(await deployments(admin, api.id)).toEqual([]);
    expect(await revisions(admin, api.id)).toMatchObject([{ deploymentInfo: [{ status: 'REJECTED' }] }]);
    expect(await deploy(admin, api.id, revisionId)).toMatchObject({ status: 201, body: [{ status: 'CREATED' }] });
  });

  it('is not asked for twice', async () => {
    const { admin, api, revisionId } = await pending();

    expect(await deploy(admin, api.id, revisionId)).toFailWith(WorkflowPending());
    expect(await waiting(admin)).toHaveLength(1);
  });

  it('is decided for each environment', async () => {
    const { admin } = await given.organization();
    await requireApproval(admin, 'APIRevisionDeployment');
    const name = unique('env');
    const vhosts = [{ host: 'gw.example.com', httpPort: 80, httpsPort: 443 }];
    expected(await admin.admin('POST /environments', { body: { name, displayName: name, vhosts } }), 201);
    const api = await given.api({ by: admin });
    expected(await deploy(admin, api.id, await revise(admin, api.id), [...DEFAULT, { name, vhost: 'gw.example.com' }]), 201);
    const there = (await waiting(admin)).find(({ properties }) => properties['environment'] === name);

    expected(await decide(admin, there?.referenceId ?? '', 'APPROVED'), 200);

    expect(await deployments(admin, api.id)).toMatchObject([{ name }]);
    expect((await theWaiting(admin)).properties['environment']).toBe('Default');
  });

  it('counts as deployed: in the list, and against deleting the revision', async () => {
    const { admin, api, revisionId } = await pending();

    expect((await revisions(admin, api.id, 'deployed:true')).map(({ id }) => id)).toEqual([revisionId]);
    expect(await revisions(admin, api.id, 'deployed:false')).toEqual([]);
    const path = { apiId: api.id, revisionId };
    expect(await admin.publisher('DELETE /apis/{apiId}/revisions/{revisionId}', { path })).toFailWith(RevisionDeployed(revisionId));
  });

  it('no longer counts once rejected', async () => {
    const { admin, api, revisionId } = await pending();
    expected(await decide(admin, (await theWaiting(admin)).referenceId, 'REJECTED'), 200);

    expect(await revisions(admin, api.id, 'deployed:true')).toEqual([]);
    const path = { apiId: api.id, revisionId };
    expected(await admin.publisher('DELETE /apis/{apiId}/revisions/{revisionId}', { path }), 200);
    expect(await revisions(admin, api.id)).toEqual([]);
  });

  it('keeps its environment from being deleted', async () => {
    const { admin } = await given.organization();
    await requireApproval(admin, 'APIRevisionDeployment');
    const name = unique('env');
    const vhosts = [{ host: 'gw.example.com', httpPort: 80, httpsPort: 443 }];
    const { id } = expected(await admin.admin<{ id: string }>('POST /environments', { body: { name, displayName: name, vhosts } }), 201);
    const api = await given.api({ by: admin });
    expected(await deploy(admin, api.id, await revise(admin, api.id), [{ name, vhost: 'gw.example.com' }]), 201);

    expect(await admin.admin('DELETE /environments/{environmentId}', { path: { environmentId: id } })).toFailWith(EnvironmentInUse(id));
  });

  it('is not carried out once the virtual host is gone, or the environment takes nothing more', async () => {
    const { admin } = await given.organization();
    await requireApproval(admin, 'APIRevisionDeployment');
    const environment = { name: unique('env'), displayName: 'Edge', vhosts: [{ host: 'old.example.com', httpPort: 80, httpsPort: 443 }] };
    const { id } = expected(await admin.admin<{ id: string }>('POST /environments', { body: environment }), 201);
    const put = (body: Body) => admin.admin('PUT /environments/{environmentId}', { path: { environmentId: id }, body });
    const api = await given.api({ by: admin });
    const revisionId = await revise(admin, api.id);
    expected(await deploy(admin, api.id, revisionId, [{ name: environment.name, vhost: 'old.example.com' }]), 201);
    const { referenceId } = await theWaiting(admin);

    expected(await put({ ...environment, vhosts: [{ host: 'new.example.com', httpPort: 80, httpsPort: 443 }] }), 200);
    expect(await decide(admin, referenceId, 'APPROVED')).toFailWith(VhostUnknown());
    expected(await put({ ...environment, mode: 'READ_ONLY' }), 200);
    expect(await decide(admin, referenceId, 'APPROVED')).toFailWith(EnvironmentReadOnly(environment.name));

    expect(await deployments(admin, api.id)).toEqual([]);
    expected(await put(environment), 200);
    expected(await decide(admin, referenceId, 'APPROVED'), 200);
    expect(await deployments(admin, api.id)).toHaveLength(1);
  });

  it('is not carried out once the API is only advertised', async () => {
    const { admin, api } = await pending();
    const path = { apiId: api.id };
    const current = expected(await admin.publisher<Body>('GET /apis/{apiId}', { path }), 200);
    const advertiseInfo = { advertised: true, apiExternalProductionEndpoint: 'https://elsewhere.example.com' };
    expected(await admin.publisher('PUT /apis/{apiId}', { path, body: { ...current, advertiseInfo } }), 200);

    const answer = await decide(admin, (await theWaiting(admin)).referenceId, 'APPROVED');

    expect(answer).toFailWith(DeployingThirdPartyApi(api.id));
    expect(await deployments(admin, api.id)).toEqual([]);
    expect(await waiting(admin)).toHaveLength(1);
  });

  it('is forgotten when the revision is undeployed or the API retired', async () => {
    const { admin, api, revisionId } = await pending();
    const undeploy = { path: { apiId: api.id }, query: { revisionId }, body: DEFAULT };
    expect(await admin.publisher('POST /apis/{apiId}/undeploy-revision', undeploy)).toMatchObject({ status: 201, body: [] });
    expect(await waiting(admin)).toEqual([]);

    expected(await deploy(admin, api.id, revisionId), 201);
    for (const action of ['Publish', 'Deprecate', 'Retire']) {
      expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId: api.id, action } }), 200);
    }

    expect(await waiting(admin)).toEqual([]);
  });
});

describe('DELETE /apis/{apiId}/cancel-revision-workflow/{revisionId}/{envName}', () => {
  it('takes the request back', async () => {
    const { admin, api, revisionId } = await pending();

    expect(await cancel(admin, api.id, revisionId)).toMatchObject({ status: 200 });

    expect(await waiting(admin)).toEqual([]);
    expect(await revisions(admin, api.id)).toMatchObject([{ deploymentInfo: [] }]);
  });

  it('finds nothing to take back', async () => {
    const { admin, api, revisionId } = await pending();

    expect(await cancel(admin, api.id, revisionId, 'elsewhere')).toFailWith(WorkflowNotFound());
    expect(await cancel(admin, api.id, revisionId, 'a\0b')).toFailWith(WorkflowNotFound());
    for (const unknown of [randomUUID(), 'no-uuid']) expect(await cancel(admin, api.id, unknown)).toFailWith(RevisionNotFound(unknown));
    expected(await decide(admin, (await theWaiting(admin)).referenceId, 'APPROVED'), 200);
    expect(await cancel(admin, api.id, revisionId)).toFailWith(WorkflowDecided());
    expect(await deployments(admin, api.id)).toHaveLength(1);
  });

  it('is for those who may change the API', async () => {
    const { admin, api, revisionId } = await pending();
    const stranger = (await given.organization()).admin;

    expect(await cancel(admin.withScopes('apim:api_view'), api.id, revisionId)).toFailWith(Unauthenticated());
    expect(await cancel(stranger, api.id, revisionId)).toFailWith(ApiNotFound(api.id));
    expect(await waiting(admin)).toHaveLength(1);
  });
});
