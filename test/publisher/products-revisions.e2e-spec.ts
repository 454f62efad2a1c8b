import { randomUUID } from 'node:crypto';
import { RestoreLacksResources } from '../../src/apis/products/products.problems.js';
import {
  DeployingRetiredApi,
  DeploymentNotFound,
  EnvironmentNotFound,
  ProductNotFound,
  RevisionDeployed,
  RevisionNotFound,
  RevisionOfUnknownApi,
  TooManyRevisions,
  VhostUnknown,
} from '../../src/apis/revisions/revisions.problems.js';
import { Unauthenticated } from '../../src/domain/problem.js';
import { UndecidableWorkflow } from '../../src/workflows/workflows.problems.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body } from '../support/client.js';
import { type GivenApi, given } from '../support/given.js';
import { decide, requireApproval, theWaiting, waiting } from '../support/tenant-config.js';
import { apiWith, change, deploy, member, on, type Product, product, read, resourcesOf, revision, update } from './products.js';

interface RevisionList {
  readonly count: number;
  readonly list: readonly { readonly id: string; readonly displayName: string; readonly deploymentInfo: readonly Body[] }[];
}

let admin: Actor;
let stranger: Actor;
let api: GivenApi;
beforeAll(async () => {
  ({ admin } = await given.organization());
  ({ admin: stranger } = await given.organization());
  api = await apiWith(admin, ['GET /x', 'GET /y']);
});

const ONE = '/api-products/{apiProductId}';
const READER = 'apim:subscribe';
const DEFAULT = Buffer.from('Default').toString('base64');
const target = (changes: Body = {}) => [{ name: 'Default', vhost: 'localhost', displayOnDevportal: true, ...changes }];
const list = async (id: string, query?: string): Promise<RevisionList> =>
  expected(await on<RevisionList>(admin, `GET ${ONE}/revisions`, id, { query: { query } }), 200);

describe('revisions of a product', () => {
  it('are made, listed, read and deleted', async () => {
    const { id } = await product(admin, [member(api, 'GET /x')]);

    const made = await on<{ id: string }>(admin, `POST ${ONE}/revisions`, id, { body: { description: 'first' } });
    const { id: revisionId } = expected(made, 201);
    const one = await on(admin, `GET ${ONE}/revisions/{revisionId}`, id, { path: { revisionId } });
    const listed = await list(id);
    const deleted = await on(admin, `DELETE ${ONE}/revisions/{revisionId}`, id, { path: { revisionId } });

    expect(made.body).toMatchObject({ displayName: 'Revision 1', description: 'first', apiInfo: { id }, deploymentInfo: [] });
    expect(made.headers['location']).toBe(`/api-products/${id}/revisions/${revisionId}`);
    expect(one).toMatchObject({ status: 200, body: made.body });
    expect(listed).toEqual({ count: 1, list: [made.body] });
    expect(deleted).toMatchObject({ status: 200, body: { count: 0, list: [] } });
  });

  it('are five at most', async () => {
    const { id } = await product(admin, []);
    for (let count = 0; count < 5; count += 1) await revision(admin, id);

    expect(await on(admin, `POST ${ONE}/revisions`, id, { body: {} })).toFailWith(TooManyRevisions(id));
  });

  it('are refused where there is no product, no revision and no right', async () => {
    const { id } = await product(admin, []);
    const revisionId = await revision(admin, id);
    const unknown = { path: { revisionId: randomUUID() } };

    expect(await on(admin, `POST ${ONE}/revisions`, api.id, { body: {} })).toFailWith(RevisionOfUnknownApi(api.id));
    expect(await on(stranger, `POST ${ONE}/revisions`, id, { body: {} })).toFailWith(RevisionOfUnknownApi(id));
    expect(expected(await on<RevisionList>(stranger, `GET ${ONE}/revisions`, id), 200).count).toBe(0);
    for (const method of ['GET', 'DELETE']) {
      const operation = `${method} ${ONE}/revisions/{revisionId}`;
      expect(await on(admin, operation, id, unknown)).toFailWith(RevisionNotFound(unknown.path.revisionId));
      expect(await on(stranger, operation, id, { path: { revisionId } })).toFailWith(ProductNotFound(id));
      expect(await on(admin.withScopes(READER), operation, id, { path: { revisionId } })).toFailWith(Unauthenticated());
    }
    for (const operation of [`GET ${ONE}/revisions`, `POST ${ONE}/revisions`]) {
      expect(await on(admin.withScopes(READER), operation, id, operation.startsWith('POST') ? { body: {} } : {})).toFailWith(
        Unauthenticated(),
      );
    }
    expect((await on(admin, `POST ${ONE}/revisions`, id, { body: { description: 5 } })).status).toBe(400);
  });
});

describe('POST /api-products/{apiProductId}/restore-revision', () => {
  const restore = (by: Actor, id: string, revisionId?: string) =>
    on<Product>(by, `POST ${ONE}/restore-revision`, id, { query: { revisionId } });

  it('gives back the resources and settings of the revision', async () => {
    const made = await product(admin, [member(api, 'GET /x')], { tags: ['old'] });
    const revisionId = await revision(admin, made.id);
    expected(await update(admin, made.id, { ...made, tags: ['new'], apis: [member(api, 'GET /y')] }), 200);

    const answer = await restore(admin, made.id, revisionId);

    expect(answer).toMatchObject({ status: 201, body: { tags: ['old'], state: 'CREATED' } });
    expect(resourcesOf(answer.body)).toEqual(['GET /x']);
    expect(await read(admin, made.id)).toEqual(answer.body);
    expect(expected(await on<{ paths: Body }>(admin, `GET ${ONE}/swagger`, made.id), 200).paths).toHaveProperty(['/x']);
  });

  it('is refused when a member has lost a resource of the revision, or is gone', async () => {
    const [lost, gone] = [await apiWith(admin, ['GET /a', 'GET /b']), await apiWith(admin, ['GET /c'])];
    const made = await product(admin, [member(lost, 'GET /a')]);
    const first = await revision(admin, made.id);
    expected(await update(admin, made.id, { ...made, apis: [member(gone, 'GET /c')] }), 200);
    const second = await revision(admin, made.id);
    expected(await update(admin, made.id, { ...made, apis: [] }), 200);
    const path = { apiId: lost.id };
    const stored = expected(await admin.publisher('GET /apis/{apiId}', { path }), 200);
    expected(await admin.publisher('PUT /apis/{apiId}', { path, body: { ...stored, operations: [{ target: '/b', verb: 'GET' }] } }), 200);
    expected(await admin.publisher('DELETE /apis/{apiId}', { path: { apiId: gone.id } }), 200);

    for (const revisionId of [first, second]) {
      expect(await restore(admin, made.id, revisionId)).toFailWith(RestoreLacksResources(made.name, made.version));
    }
    expect((await read(admin, made.id)).apis).toEqual([]);
  });

  it('is refused without a known revision, product or scope', async () => {
    const { id } = await product(admin, []);
    const revisionId = await revision(admin, id);

    expect(await restore(admin, id)).toMatchObject({ status: 400, body: 'Revision Id is not provided' });
    expect(await restore(admin, id, 'x')).toFailWith(RevisionNotFound('x'));
    expect(await restore(admin, api.id, revisionId)).toFailWith(ProductNotFound(api.id));
    expect(await restore(stranger, id, revisionId)).toFailWith(ProductNotFound(id));
    expect(await restore(admin.withScopes('apim:api_view'), id, revisionId)).toFailWith(Unauthenticated());
  });
});

describe('deployments of a product', () => {
  it('are made, listed, changed and taken back', async () => {
    const { id } = await product(admin, [member(api, 'GET /x')]);
    const revisionId = await revision(admin, id);

    const deployed = await deploy(admin, id, revisionId);
    const listed = await on(admin, `GET ${ONE}/deployments`, id);
    const live = await list(id, 'deployed:true');
    const changed = await on(admin, `PUT ${ONE}/deployments/{deploymentId}`, id, {
      path: { deploymentId: DEFAULT },
      body: { vhost: 'localhost', displayOnDevportal: false },
    });
    const removal = await on(admin, `DELETE ${ONE}/revisions/{revisionId}`, id, { path: { revisionId } });
    const undeployed = await on(admin, `POST ${ONE}/undeploy-revision`, id, { query: { revisionId }, body: target() });

    expect(deployed).toMatchObject({ status: 201, body: [{ revisionUuid: revisionId, name: 'Default', status: 'APPROVED' }] });
    expect(listed).toMatchObject({ status: 200, body: { list: [{ revisionUuid: revisionId, name: 'Default' }] } });
    expect(live.list.map((entry) => entry.id)).toEqual([revisionId]);
    expect(changed).toMatchObject({ status: 200, body: { name: 'Default', displayOnDevportal: false } });
    expect(removal).toFailWith(RevisionDeployed(revisionId));
    expect(undeployed).toMatchObject({ status: 201, body: [] });
    expect((await list(id, 'deployed:true')).count).toBe(0);
  });

  it('are taken back by number, from all environments', async () => {
    const { id } = await product(admin, []);
    expected(await deploy(admin, id, await revision(admin, id)), 201);

    const query = { revisionNumber: '1', allEnvironments: true };
    expect(await on(admin, `POST ${ONE}/undeploy-revision`, id, { query })).toMatchObject({ status: 201, body: [] });
  });

  it('are refused where something is unknown', async () => {
    const { id } = await product(admin, []);
    const revisionId = await revision(admin, id);
    const send = (by: Actor, operation: string, query: Record<string, string>, body: readonly Body[] = target(), of = id) =>
      on(by, `POST ${ONE}/${operation}`, of, { query, body });

    expect(await send(admin, 'deploy-revision', { revisionId }, target({ name: 'Mars' }))).toFailWith(EnvironmentNotFound('Mars'));
    expect(await send(admin, 'deploy-revision', { revisionId }, target({ vhost: 'mars' }))).toFailWith(VhostUnknown());
    for (const operation of ['deploy-revision', 'undeploy-revision']) {
      expect(await send(admin, operation, {})).toMatchObject({ status: 400, body: 'Revision Id is not provided' });
      expect(await send(admin, operation, { revisionId: 'x' })).toFailWith(RevisionNotFound('x'));
      expect(await send(admin, operation, { revisionId }, target(), api.id)).toFailWith(ProductNotFound(api.id));
      expect(await send(stranger, operation, { revisionId })).toFailWith(ProductNotFound(id));
      expect(await send(admin.withScopes('apim:api_view'), operation, { revisionId })).toFailWith(Unauthenticated());
    }
    const put = { path: { deploymentId: DEFAULT }, body: { vhost: 'localhost' } };
    expect(await on(admin, `PUT ${ONE}/deployments/{deploymentId}`, id, put)).toFailWith(DeploymentNotFound('Default'));
    expect(await on(stranger, `PUT ${ONE}/deployments/{deploymentId}`, id, put)).toFailWith(ProductNotFound(id));
    expect(await on(admin.withScopes(READER), `PUT ${ONE}/deployments/{deploymentId}`, id, put)).toFailWith(Unauthenticated());
    expect(await on(stranger, `GET ${ONE}/deployments`, id)).toFailWith(ProductNotFound(id));
    expect(await on(admin.withScopes(READER), `GET ${ONE}/deployments`, id)).toFailWith(Unauthenticated());
  });

  it('are refused for a retired product, whose revisions stay', async () => {
    const { id } = await product(admin, []);
    const revisionId = await revision(admin, id);
    for (const action of ['Publish', 'Deprecate', 'Retire']) expected(await change(admin, id, action), 200);

    expect(await deploy(admin, id, revisionId)).toFailWith(DeployingRetiredApi(id));
    expect((await list(id)).count).toBe(1);
  });

  it('are no longer decided about once the product is retired', async () => {
    const { admin: owner } = await given.organization();
    const { id } = await product(owner, []);
    await requireApproval(owner, 'APIRevisionDeployment');
    expected(await deploy(owner, id, await revision(owner, id)), 201);
    const { referenceId } = await theWaiting(owner);

    for (const action of ['Publish', 'Deprecate', 'Retire']) expected(await change(owner, id, action), 200);

    expect(await waiting(owner)).toEqual([]);
    expect(await decide(owner, referenceId, 'APPROVED')).toFailWith(UndecidableWorkflow(referenceId));
  });
});
