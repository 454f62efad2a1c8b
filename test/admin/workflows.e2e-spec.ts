import { randomUUID } from 'node:crypto';
import { Unauthenticated } from '../../src/domain/problem.js';
import { UndecidableWorkflow, WorkflowDecided, WorkflowNotFound, WrongWorkflowType } from '../../src/workflows/workflows.problems.js';
import { type Actor, expected } from '../support/actor.js';
import { given } from '../support/given.js';
import { decide, requireStateApproval, theWaiting, type WorkflowInfo, type WorkflowList, waiting } from '../support/tenant-config.js';

const publish = async (by: Actor, apiId: string) =>
  expected(await by.publisher('POST /apis/change-lifecycle', { query: { apiId, action: 'Publish' } }), 200);

const status = async (by: Actor, apiId: string) =>
  expected(await by.publisher('GET /apis/{apiId}', { path: { apiId } }), 200)['lifeCycleStatus'];

/** A tenant with APIs whose publication waits. */
const pending = async (apis = 1) => {
  const { admin, domain } = await given.organization();
  await requireStateApproval(admin, 'Created:Publish');
  const made = [];
  for (let count = 0; count < apis; count++) made.push(await given.api({ by: admin }));
  for (const { id } of made) await publish(admin, id);
  const [api] = made;
  if (api === undefined) throw new Error('no API');
  return { admin, domain, api };
};

describe('GET /workflows', () => {
  it('lists what waits, oldest first, page by page', async () => {
    const { admin } = await pending(3);

    const all = await waiting(admin);
    const page = expected(await admin.admin<WorkflowList>('GET /workflows', { query: { limit: 1, offset: 1 } }), 200);

    expect(all).toHaveLength(3);
    expect(page).toEqual({ count: 1, next: '/workflows?limit=1&offset=2', previous: '/workflows?limit=1&offset=0', list: [all[1]] });
  });

  it.each([
    ['AM_API_STATE', 1],
    ['API_STATE', 1],
    ['AM_SUBSCRIPTION_CREATION', 0],
    ['AM_APPLICATION_UPDATE', 0],
  ])('of type %s finds %d', async (type, count) => {
    const { admin } = await pending();

    expect(await waiting(admin, type)).toHaveLength(count);
  });

  it('knows no other types', async () => {
    expect(await given.superAdmin.admin('GET /workflows', { query: { workflowType: 'AM_TEA' } })).toFailWith(WrongWorkflowType());
  });
});

it('GET /workflows/{externalWorkflowRef} shows what is asked for', async () => {
  const { admin, domain, api } = await pending();
  const { referenceId } = await theWaiting(admin);

  const info = expected(
    await admin.admin<WorkflowInfo>('GET /workflows/{externalWorkflowRef}', { path: { externalWorkflowRef: referenceId } }),
    200,
  );

  expect(info).toMatchObject({
    workflowType: 'API_STATE',
    workflowStatus: 'CREATED',
    referenceId,
    properties: {
      apiName: api.name,
      apiVersion: api.version,
      apiContext: api.context,
      apiProvider: admin.username,
      invoker: admin.username,
      currentState: 'CREATED',
      requestedState: 'PUBLISH',
      tenantDomain: domain,
    },
  });
  expect(info.description).toContain(api.name);
});

describe('POST /workflows/update-workflow-status', () => {
  it('echoes the decision and carries it out', async () => {
    const { admin, api } = await pending();
    const { referenceId } = await theWaiting(admin);
    const body = { status: 'APPROVED', attributes: { reason: 'fine' }, description: 'go ahead' };

    const answer = await admin.admin('POST /workflows/update-workflow-status', { query: { workflowReferenceId: referenceId }, body });

    expect(answer).toMatchObject({ status: 200, body });
    expect(await status(admin, api.id)).toBe('PUBLISHED');
    expect(await waiting(admin)).toEqual([]);
    expect(await admin.admin('GET /workflows/{externalWorkflowRef}', { path: { externalWorkflowRef: referenceId } })).toFailWith(
      WorkflowNotFound(),
    );
  });

  it('takes the same decision twice, but not another one', async () => {
    const { admin, api } = await pending();
    const { referenceId } = await theWaiting(admin);
    expected(await decide(admin, referenceId, 'REJECTED'), 200);

    expect(await decide(admin, referenceId, 'REJECTED')).toMatchObject({ status: 200 });
    expect(await decide(admin, referenceId, 'APPROVED')).toFailWith(WorkflowDecided());
    expect(await status(admin, api.id)).toBe('CREATED');
  });

  it('is carried out once when two decide at the same time', async () => {
    const { admin, api } = await pending();
    const { referenceId } = await theWaiting(admin);

    const answers = await Promise.all([1, 2, 3, 4].map(() => decide(admin, referenceId, 'APPROVED')));

    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200]);
    const history = expected(await admin.publisher('GET /apis/{apiId}/lifecycle-history', { path: { apiId: api.id } }), 200);
    expect(history['count']).toBe(2);
  });

  it.each([
    ['no status', {}, { status: 400, code: 400 }],
    ['another status', { status: 'CREATED' }, { status: 400, code: 400 }],
    ['a status that is no text', { status: 1 }, { status: 400, code: 400 }],
    ['attributes that are no object', { status: 'APPROVED', attributes: 'a' }, { status: 400, code: 400 }],
    ['an unknown property', { status: 'APPROVED', other: 1 }, { status: 400, code: 400 }],
  ])('refuses %s', async (_, body, problem) => {
    const { admin, api } = await pending();
    const { referenceId } = await theWaiting(admin);

    const answer = await admin.admin('POST /workflows/update-workflow-status', { query: { workflowReferenceId: referenceId }, body });

    expect(answer).toFailWith(problem);
    expect(await status(admin, api.id)).toBe('CREATED');
  });

  it.each([randomUUID(), 'no-uuid', ''])('knows no reference %p', async (reference) => {
    expect(await decide(given.superAdmin, reference, 'APPROVED')).toFailWith(UndecidableWorkflow(reference));
  });
});

it('knows no reference it never gave', async () => {
  for (const externalWorkflowRef of [randomUUID(), 'no-uuid']) {
    expect(await given.superAdmin.admin('GET /workflows/{externalWorkflowRef}', { path: { externalWorkflowRef } })).toFailWith(
      WorkflowNotFound(),
    );
  }
});

it('gives another tenant nothing but 401, without a body', async () => {
  const { admin, api } = await pending();
  const { referenceId } = await theWaiting(admin);
  const stranger = (await given.organization()).admin;

  const read = await stranger.admin('GET /workflows/{externalWorkflowRef}', { path: { externalWorkflowRef: referenceId } });
  const decided = await decide(stranger, referenceId, 'APPROVED');

  expect(await waiting(stranger)).toEqual([]);
  expect([read.status, read.body, decided.status, decided.body]).toEqual([401, undefined, 401, undefined]);
  expect(await status(admin, api.id)).toBe('CREATED');
});

it.each([
  ['GET /workflows', ['apim:api_workflow_approve']],
  ['GET /workflows/{externalWorkflowRef}', ['apim:api_workflow_approve']],
  ['POST /workflows/update-workflow-status', ['apim:api_workflow_view']],
])('%s needs its scope', async (operation, scopes) => {
  const answer = await given.superAdmin.withScopes(...scopes).admin(operation, {
    path: { externalWorkflowRef: randomUUID() },
    ...(operation.startsWith('POST') ? { query: { workflowReferenceId: randomUUID() }, body: { status: 'APPROVED' } } : {}),
  });

  expect(answer).toFailWith(Unauthenticated());
});
