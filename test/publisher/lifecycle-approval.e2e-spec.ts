import { ApiNotFound } from '../../src/apis/apis.problems.js';
import { EndpointMissing } from '../../src/apis/lifecycle/lifecycle.problems.js';
import { Unauthenticated } from '../../src/domain/problem.js';
import { UndecidableWorkflow, WorkflowPending } from '../../src/workflows/workflows.problems.js';
import { Cli } from '../server/cli.js';
import { type Actor, expected } from '../support/actor.js';
import { Client } from '../support/client.js';
import { given } from '../support/given.js';
import { decide, requireStateApproval, theWaiting, type WorkflowList, waiting } from '../support/tenant-config.js';

const change = (by: Actor, apiId: string, action: string, lifecycleChecklist?: string) =>
  by.publisher('POST /apis/change-lifecycle', { query: { apiId, action, lifecycleChecklist } });

const read = async (by: Actor, apiId: string) => expected(await by.publisher('GET /apis/{apiId}', { path: { apiId } }), 200);

const cancel = (by: Actor, apiId: string) => by.publisher('DELETE /apis/{apiId}/lifecycle-state/pending-tasks', { path: { apiId } });

const history = async (by: Actor, apiId: string) =>
  expected(
    await by.publisher<{ list: readonly { postState: string; user: string }[] }>('GET /apis/{apiId}/lifecycle-history', {
      path: { apiId },
    }),
    200,
  ).list;

/** An API in a tenant where the transitions wait for an approval. */
const apiUnder = async (stateList: string) => {
  const { admin } = await given.organization();
  await requireStateApproval(admin, stateList);
  return { admin, api: await given.api({ by: admin }) };
};

describe('a transition that needs an approval', () => {
  it('leaves the API in its state, which says that something waits', async () => {
    const { admin, api } = await apiUnder('Created:Publish');

    const answer = await change(admin, api.id, 'Publish');

    expect(answer).toMatchObject({ status: 200, body: { workflowStatus: 'CREATED', lifecycleState: { state: 'Created' } } });
    expect(await read(admin, api.id)).toMatchObject({ lifeCycleStatus: 'CREATED', workflowStatus: 'CREATED' });
    expect(await history(admin, api.id)).toHaveLength(1);
  });

  it('happens once approved, in the name of who asked for it', async () => {
    const { admin, api } = await apiUnder('Created:Publish');
    const publisher = await given.user({ roles: ['Internal/publisher'], by: admin });
    expected(await change(publisher, api.id, 'Publish'), 200);

    expected(await decide(admin, (await theWaiting(admin)).referenceId, 'APPROVED'), 200);

    expect(await read(admin, api.id)).toMatchObject({ lifeCycleStatus: 'PUBLISHED', workflowStatus: 'APPROVED' });
    expect(await history(admin, api.id)).toMatchObject([{}, { postState: 'PUBLISHED', user: publisher.username }]);
  });

  it('does not happen once rejected, and may be asked for again', async () => {
    const { admin, api } = await apiUnder('Created:Publish');
    expected(await change(admin, api.id, 'Publish'), 200);

    expected(await decide(admin, (await theWaiting(admin)).referenceId, 'REJECTED'), 200);

    expect(await read(admin, api.id)).toMatchObject({ lifeCycleStatus: 'CREATED', workflowStatus: 'REJECTED' });
    expect(await change(admin, api.id, 'Publish')).toMatchObject({ status: 200, body: { workflowStatus: 'CREATED' } });
  });

  it('brings its checklist along', async () => {
    const { admin } = await given.organization();
    const properties = given.apiProperties();
    const older = await given.api({ by: admin, with: properties });
    expected(await change(admin, older.id, 'Publish'), 200);
    const newer = await given.api({ by: admin, with: { ...properties, version: '2.0.0' } });
    await requireStateApproval(admin, 'Created:Publish');

    expected(await change(admin, newer.id, 'Publish', 'Deprecate old versions after publishing the API:true'), 200);
    expect(await read(admin, older.id)).toMatchObject({ lifeCycleStatus: 'PUBLISHED' });
    expected(await decide(admin, (await theWaiting(admin)).referenceId, 'APPROVED'), 200);

    expect(await read(admin, older.id)).toMatchObject({ lifeCycleStatus: 'DEPRECATED' });
  });

  it('is not asked for with a checklist that cannot be stored', async () => {
    const { admin, api } = await apiUnder('Created:Publish');

    expect(await change(admin, api.id, 'Publish', 'a\0b:true')).toFailWith({ status: 400, code: 400 });
    expect(await waiting(admin)).toEqual([]);
  });

  it('keeps others from being asked for', async () => {
    const { admin, api } = await apiUnder('Created:Publish');
    expected(await change(admin, api.id, 'Publish'), 200);

    expect(await change(admin, api.id, 'Publish')).toFailWith(WorkflowPending());
    expect(await change(admin, api.id, 'Deploy as a Prototype')).toFailWith(WorkflowPending());
    expect(await waiting(admin)).toHaveLength(1);
  });

  it('is asked for once, however many ask at the same time', async () => {
    const { admin, api } = await apiUnder('Created:Publish');

    const answers = await Promise.all([1, 2, 3].map(() => change(admin, api.id, 'Publish')));

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
  });

  it('survives a change of the API meanwhile', async () => {
    const { admin, api } = await apiUnder('Created:Publish');
    expected(await change(admin, api.id, 'Publish'), 200);
    const body = { ...(await read(admin, api.id)), description: 'other' };

    expected(await admin.publisher('PUT /apis/{apiId}', { path: { apiId: api.id }, body }), 200);

    expect(await read(admin, api.id)).toMatchObject({ description: 'other', workflowStatus: 'CREATED' });
  });

  it('is not carried out when something speaks against it by then', async () => {
    const { admin, api } = await apiUnder('Created:Publish');
    expected(await change(admin, api.id, 'Publish'), 200);
    const body = { ...(await read(admin, api.id)), endpointConfig: null };
    expected(await admin.publisher('PUT /apis/{apiId}', { path: { apiId: api.id }, body }), 200);
    const { referenceId } = await theWaiting(admin);

    expect(await decide(admin, referenceId, 'APPROVED')).toFailWith(EndpointMissing(api.id));
    expect(await read(admin, api.id)).toMatchObject({ lifeCycleStatus: 'CREATED', workflowStatus: 'CREATED' });
    expect(await theWaiting(admin)).toMatchObject({ referenceId });
  });

  it('goes with the API', async () => {
    const { admin, api } = await apiUnder('Created:Publish');
    expected(await change(admin, api.id, 'Publish'), 200);
    const { referenceId } = await theWaiting(admin);

    expected(await admin.publisher('DELETE /apis/{apiId}', { path: { apiId: api.id } }), 200);

    expect(await waiting(admin)).toEqual([]);
    expect(await decide(admin, referenceId, 'APPROVED')).toFailWith(UndecidableWorkflow(referenceId));
  });

  it('is void once a newer version deprecates the API', async () => {
    const { admin } = await given.organization();
    const properties = given.apiProperties();
    const older = await given.api({ by: admin, with: properties });
    expected(await change(admin, older.id, 'Publish'), 200);
    const newer = await given.api({ by: admin, with: { ...properties, version: '2.0.0' } });
    await requireStateApproval(admin, 'Published:Block');
    expected(await change(admin, older.id, 'Block'), 200);

    expected(await change(admin, newer.id, 'Publish', 'Deprecate old versions after publishing the API:true'), 200);

    expect(await waiting(admin)).toEqual([]);
    expect(await read(admin, older.id)).toMatchObject({ lifeCycleStatus: 'DEPRECATED', workflowStatus: null });
  });
});

it('approves at once what the list does not name', async () => {
  const { admin, api } = await apiUnder('created : publish, Published:Block');

  expect(await change(admin, api.id, 'Deploy as a Prototype')).toMatchObject({ status: 200, body: { workflowStatus: 'APPROVED' } });
  expect(await change(admin, api.id, 'Publish')).toMatchObject({ status: 200, body: { workflowStatus: 'APPROVED' } });
  expect(await change(admin, api.id, 'Block')).toMatchObject({ status: 200, body: { workflowStatus: 'CREATED' } });
});

it('forgets a rejection once the API goes another way', async () => {
  const { admin, api } = await apiUnder('Created:Publish');
  expected(await change(admin, api.id, 'Publish'), 200);
  expected(await decide(admin, (await theWaiting(admin)).referenceId, 'REJECTED'), 200);

  expected(await change(admin, api.id, 'Deploy as a Prototype'), 200);

  expect(await read(admin, api.id)).toMatchObject({ lifeCycleStatus: 'PROTOTYPED', workflowStatus: null });
});

it('keeps what waits over a crash, and the server’s own configuration counts where the tenant says nothing', async () => {
  const environment = { APIM_WORKFLOWS__STATE_LIST: 'Created:Publish' };
  const of = (cli: Cli, face: string) =>
    new Client(`/api/am/${face}/v4`, () => ({ basic: { username: 'admin', password: 'admin' } }), cli.management);
  const first = await Cli.start(environment);
  const { id } = expected(await of(first, 'publisher').request<{ id: string }>('POST /apis', { body: given.apiProperties() }), 201);
  const query = { apiId: id, action: 'Publish' };
  expect(await of(first, 'publisher').request('POST /apis/change-lifecycle', { query })).toMatchObject({
    body: { workflowStatus: 'CREATED' },
  });
  await first.stop('SIGKILL');

  const second = await Cli.start(environment, first.dataDir);
  const { list } = expected(await of(second, 'admin').request<WorkflowList>('GET /workflows'), 200);
  const decision = { query: { workflowReferenceId: list[0]?.referenceId }, body: { status: 'APPROVED' } };
  expected(await of(second, 'admin').request('POST /workflows/update-workflow-status', decision), 200);
  const { body } = await of(second, 'publisher').request('GET /apis/{apiId}', { path: { apiId: id } });
  await second.stop();

  expect(body).toMatchObject({ lifeCycleStatus: 'PUBLISHED', workflowStatus: 'APPROVED' });
});

describe('DELETE /apis/{apiId}/lifecycle-state/pending-tasks', () => {
  it('takes back what waits', async () => {
    const { admin, api } = await apiUnder('Created:Publish');
    expected(await change(admin, api.id, 'Publish'), 200);

    expect(await cancel(admin, api.id)).toMatchObject({ status: 200 });

    expect(await waiting(admin)).toEqual([]);
    expect(await read(admin, api.id)).toMatchObject({ lifeCycleStatus: 'CREATED', workflowStatus: null });
    expect(await change(admin, api.id, 'Deploy as a Prototype')).toMatchObject({ status: 200, body: { workflowStatus: 'APPROVED' } });
  });

  it('does nothing when nothing waits', async () => {
    const { admin, api } = await apiUnder('Created:Publish');

    expect(await cancel(admin, api.id)).toMatchObject({ status: 200 });
    expect(await read(admin, api.id)).toMatchObject({ lifeCycleStatus: 'CREATED' });
  });

  it('is for publishers of the tenant', async () => {
    const { admin, api } = await apiUnder('Created:Publish');
    expected(await change(admin, api.id, 'Publish'), 200);
    const creator = await given.user({ roles: ['Internal/creator'], by: admin });
    const stranger = (await given.organization()).admin;

    expect(await cancel(creator, api.id)).toFailWith(Unauthenticated());
    expect(await cancel(stranger, api.id)).toFailWith(ApiNotFound(api.id));
    expect(await cancel(admin, 'no-uuid')).toFailWith(ApiNotFound('no-uuid'));
    expect(await waiting(admin)).toHaveLength(1);
  });
});
