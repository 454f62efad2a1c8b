import { randomUUID } from 'node:crypto';
import { Unauthenticated } from '../../src/domain/problem.js';
import { NothingPending, PlanChangePending } from '../../src/subscriptions/subscriptions.problems.js';
import {
  DecisionMissing,
  StatusMissing,
  UndecidableWorkflow,
  WorkflowNotFound,
  WrongWorkflowType,
} from '../../src/workflows/workflows.problems.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { type ApiOptions, given } from '../support/given.js';
import { decide, requireApproval, theWaiting, type WorkflowList, waiting } from '../support/tenant-config.js';

interface Subscription {
  readonly subscriptionId: string;
  readonly throttlingPolicy: string;
  readonly requestedThrottlingPolicy: string;
  readonly status: string;
}

const ONE = 'GET /subscriptions/{subscriptionId}';

/** An API with two plans and an application, in a tenant where changes of the named kinds wait. */
const tenantWith = async (elements: readonly string[], options: ApiOptions = {}) => {
  const { admin } = await given.organization();
  const api = await given.api({ by: admin, policies: ['Gold', 'Bronze'], ...options });
  expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId: api.id, action: 'Publish' } }), 200);
  const application = await given.application(admin);
  await requireApproval(admin, ...elements);
  const subscribe = async () =>
    expected(
      await admin.devportal<Subscription>('POST /subscriptions', {
        body: { apiId: api.id, applicationId: application.applicationId, throttlingPolicy: 'Gold' },
      }),
      201,
    );
  return { admin, api, application, subscribe };
};

const read = (by: Actor, subscriptionId: string) => by.devportal<Subscription>(ONE, { path: { subscriptionId } });

const changePlan = (by: Actor, { subscriptionId, status, throttlingPolicy }: Subscription, application: string, to: string) =>
  by.devportal<Subscription>('PUT /subscriptions/{subscriptionId}', {
    path: { subscriptionId },
    body: { applicationId: application, throttlingPolicy, requestedThrottlingPolicy: to, status },
  });

const unsubscribe = (by: Actor, subscriptionId: string) =>
  by.devportal('DELETE /subscriptions/{subscriptionId}', { path: { subscriptionId } });

/** As publishers decide. */
const approve = (by: Actor, workflowReferenceId: string, body: Body = { status: 'APPROVED' }) =>
  by.publisher('POST /workflows/update-workflow-status', { query: { workflowReferenceId }, body });

const inbox = async (by: Actor, workflowType?: string) =>
  expected(await by.publisher<WorkflowList>('GET /workflows', { query: { workflowType } }), 200).list;

describe('a subscription that needs an approval', () => {
  it('is on hold, and the approver sees who wants what', async () => {
    const { admin, api, application, subscribe } = await tenantWith(['SubscriptionCreation']);

    const { status } = await subscribe();

    expect(status).toBe('ON_HOLD');
    expect(await inbox(admin)).toMatchObject([
      {
        workflowType: 'SUBSCRIPTION_CREATION',
        workflowStatus: 'CREATED',
        properties: {
          apiName: api.name,
          apiVersion: api.version,
          apiContext: api.context,
          applicationName: application.name,
          subscriptionTier: 'Gold',
          subscriber: admin.username,
        },
      },
    ]);
  });

  it.each([
    ['APPROVED', 'UNBLOCKED'],
    ['REJECTED', 'REJECTED'],
  ])('once %s is %s', async (decision, becomes) => {
    const { admin, subscribe } = await tenantWith(['SubscriptionCreation']);
    const { subscriptionId } = await subscribe();
    const { referenceId } = await theWaiting(admin);

    const answer = await approve(admin, referenceId, { status: decision, description: 'so be it' });

    expect(answer).toMatchObject({ status: 200, body: { status: decision, description: 'so be it' } });
    expect((await read(admin, subscriptionId)).body.status).toBe(becomes);
    expect(await inbox(admin)).toEqual([]);
  });

  it('lets no call through before', async () => {
    const { admin } = await given.organization();
    const backend = await given.backend();
    const api = await given.publishedApi({ by: admin, backend });
    const application = await given.application(admin);
    await requireApproval(admin, 'SubscriptionCreation');
    await given.subscription(api, application, { by: admin });
    const token = await given.applicationToken(await given.keys(application, { by: admin }));
    const { referenceId } = await theWaiting(admin);

    const before = await eventually(
      () => gateway(`${api.url}/`, { token }),
      ({ body }) => JSON.stringify(body).includes('900909'),
    );
    expected(await approve(admin, referenceId), 200);

    expect(before.status).toBe(401);
    await eventually(
      () => gateway(`${api.url}/`, { token }),
      ({ status }) => status === 200,
    );
  });

  it('goes at once when the subscriber takes it back', async () => {
    const { admin, subscribe } = await tenantWith(['SubscriptionCreation', 'SubscriptionDeletion']);
    const { subscriptionId } = await subscribe();
    const { referenceId } = await theWaiting(admin);

    expect(await unsubscribe(admin, subscriptionId)).toMatchObject({ status: 200 });

    expect(await waiting(admin)).toEqual([]);
    expect(await approve(admin, referenceId)).toFailWith(UndecidableWorkflow(referenceId));
  });

  it('goes with its application', async () => {
    const { admin, application, subscribe } = await tenantWith(['SubscriptionCreation']);
    await subscribe();
    const path = { applicationId: application.applicationId };

    expected(await admin.devportal('DELETE /applications/{applicationId}', { path }), 200);

    expect(await waiting(admin)).toEqual([]);
  });

  it('goes when the API is retired', async () => {
    const { admin, api, subscribe } = await tenantWith(['SubscriptionCreation']);
    const { subscriptionId } = await subscribe();

    for (const action of ['Deprecate', 'Retire']) {
      expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId: api.id, action } }), 200);
    }

    expect(await waiting(admin)).toEqual([]);
    expect(await read(admin, subscriptionId)).toMatchObject({ status: 404 });
  });
});

describe('a change of plan that needs an approval', () => {
  it.each([
    ['APPROVED', 'Bronze'],
    ['REJECTED', 'Gold'],
  ] as const)('keeps the old plan, and once %s is %s', async (decision, plan) => {
    const { admin, application, subscribe } = await tenantWith(['SubscriptionUpdate']);
    const subscription = await subscribe();

    const asked = await changePlan(admin, subscription, application.applicationId, 'Bronze');
    const workflow = await theWaiting(admin);
    expected(await approve(admin, workflow.referenceId, { status: decision }), 200);

    expect(asked).toMatchObject({
      status: 200,
      body: { status: 'TIER_UPDATE_PENDING', throttlingPolicy: 'Gold', requestedThrottlingPolicy: 'Bronze' },
    });
    expect(workflow).toMatchObject({
      workflowType: 'SUBSCRIPTION_UPDATE',
      properties: {
        subscriptionTier: 'Bronze',
        updates: [{ attributeName: 'Subscription Tier', current: 'Gold', expected: 'Bronze' }],
      },
    });
    expect((await read(admin, subscription.subscriptionId)).body).toMatchObject({
      status: 'UNBLOCKED',
      throttlingPolicy: plan,
      requestedThrottlingPolicy: plan,
    });
  });

  it('takes no second one meanwhile, from neither side', async () => {
    const { admin, application, subscribe } = await tenantWith(['SubscriptionUpdate']);
    const subscription = await subscribe();
    expected(await changePlan(admin, subscription, application.applicationId, 'Bronze'), 200);
    const { subscriptionId } = subscription;

    const again = await changePlan(admin, subscription, application.applicationId, 'Bronze');
    const byPublisher = await admin.publisher('POST /subscriptions/change-business-plan', {
      query: { subscriptionId, businessPlan: 'Bronze' },
    });

    expect(again).toFailWith(PlanChangePending(subscriptionId, 'TIER_UPDATE_PENDING'));
    expect(byPublisher).toFailWith(PlanChangePending(subscriptionId, 'TIER_UPDATE_PENDING'));
    expect(await waiting(admin)).toHaveLength(1);
  });

  it('is forgotten when the subscription ends', async () => {
    const { admin, application, subscribe } = await tenantWith(['SubscriptionUpdate', 'SubscriptionDeletion']);
    const subscription = await subscribe();
    expected(await changePlan(admin, subscription, application.applicationId, 'Bronze'), 200);

    expect(await unsubscribe(admin, subscription.subscriptionId)).toMatchObject({ status: 201 });

    const { workflowType, referenceId } = await theWaiting(admin);
    expect(workflowType).toBe('SUBSCRIPTION_DELETION');
    expected(await decide(admin, referenceId, 'REJECTED'), 200);
    expect((await read(admin, subscription.subscriptionId)).body).toMatchObject({
      status: 'UNBLOCKED',
      throttlingPolicy: 'Gold',
      requestedThrottlingPolicy: 'Gold',
    });
  });

  it('is made at once by a publisher', async () => {
    const { admin, subscribe } = await tenantWith(['SubscriptionUpdate']);
    const { subscriptionId } = await subscribe();

    const query = { subscriptionId, businessPlan: 'Bronze' };
    expected(await admin.publisher('POST /subscriptions/change-business-plan', { query }), 200);

    expect((await read(admin, subscriptionId)).body).toMatchObject({ status: 'UNBLOCKED', throttlingPolicy: 'Bronze' });
  });
});

describe('the end of a subscription that needs an approval', () => {
  it('answers 201, waits, and is not asked for twice', async () => {
    const { admin, subscribe } = await tenantWith(['SubscriptionDeletion']);
    const { subscriptionId } = await subscribe();

    const answer = await unsubscribe(admin, subscriptionId);

    expect(answer).toMatchObject({ status: 201, body: { workflowStatus: 'CREATED' } });
    expect((await read(admin, subscriptionId)).body.status).toBe('DELETE_PENDING');
    expect(await unsubscribe(admin, subscriptionId)).toFailWith({ status: 400, code: 400 });
    expect(await waiting(admin)).toHaveLength(1);
  });

  it('is carried out once approved', async () => {
    const { admin, subscribe } = await tenantWith(['SubscriptionDeletion']);
    const { subscriptionId } = await subscribe();
    expected(await unsubscribe(admin, subscriptionId), 201);

    expected(await decide(admin, (await theWaiting(admin)).referenceId, 'APPROVED'), 200);

    expect(await read(admin, subscriptionId)).toMatchObject({ status: 404 });
  });

  it.each([
    ['UNBLOCKED', undefined],
    ['BLOCKED', 'BLOCKED'],
  ])('once rejected is %s again', async (state, blockState) => {
    const { admin, subscribe } = await tenantWith(['SubscriptionDeletion']);
    const { subscriptionId } = await subscribe();
    if (blockState)
      expected(await admin.publisher('POST /subscriptions/block-subscription', { query: { subscriptionId, blockState } }), 200);
    expected(await unsubscribe(admin, subscriptionId), 201);

    expected(await decide(admin, (await theWaiting(admin)).referenceId, 'REJECTED'), 200);

    expect((await read(admin, subscriptionId)).body.status).toBe(state);
  });

  it('is for administrators to decide', async () => {
    const { admin, subscribe } = await tenantWith(['SubscriptionDeletion']);
    const { subscriptionId } = await subscribe();
    expected(await unsubscribe(admin, subscriptionId), 201);
    const { referenceId } = await theWaiting(admin);

    expect(await inbox(admin)).toEqual([]);
    expect(await approve(admin, referenceId)).toFailWith(WrongWorkflowType());
    expect(await admin.publisher('GET /workflows', { query: { workflowType: 'AM_SUBSCRIPTION_DELETION' } })).toFailWith(
      WrongWorkflowType(),
    );
  });
});

describe('what waits for a subscription', () => {
  const PENDING = '/subscriptions/{subscriptionId}/pending-change';

  it('is shown to the subscriber, who takes back a change of plan or the end, but not the subscription itself', async () => {
    const { admin, application, subscribe } = await tenantWith(['SubscriptionCreation', 'SubscriptionUpdate', 'SubscriptionDeletion']);
    const subscription = await subscribe();
    const path = { subscriptionId: subscription.subscriptionId };
    expect((await admin.gatehouse(`GET ${PENDING}`, { path })).body).toMatchObject({ type: 'SUBSCRIPTION_CREATION', updates: [] });
    expect(await admin.gatehouse(`DELETE ${PENDING}`, { path })).toFailWith(NothingPending());
    expected(await decide(admin, (await theWaiting(admin)).referenceId, 'APPROVED'), 200);

    expected(await changePlan(admin, subscription, application.applicationId, 'Bronze'), 200);
    const updates = [{ attributeName: 'Subscription Tier', current: 'Gold', expected: 'Bronze' }];
    expect((await admin.gatehouse(`GET ${PENDING}`, { path })).body).toMatchObject({ type: 'SUBSCRIPTION_UPDATE', updates });
    expect((await admin.gatehouse(`DELETE ${PENDING}`, { path })).status).toBe(200);
    expect((await read(admin, path.subscriptionId)).body).toMatchObject({ status: 'UNBLOCKED', requestedThrottlingPolicy: 'Gold' });

    expected(await unsubscribe(admin, path.subscriptionId), 201);
    expect((await admin.gatehouse(`GET ${PENDING}`, { path })).body).toMatchObject({ type: 'SUBSCRIPTION_DELETION', updates: [] });
    expect((await admin.gatehouse(`DELETE ${PENDING}`, { path })).status).toBe(200);
    expect((await read(admin, path.subscriptionId)).body.status).toBe('UNBLOCKED');

    expect(await admin.gatehouse(`GET ${PENDING}`, { path })).toFailWith(NothingPending());
    expect(await admin.gatehouse(`DELETE ${PENDING}`, { path })).toFailWith(NothingPending());
    expect(await waiting(admin)).toEqual([]);
  });

  it('is what it was before, blocked or not', async () => {
    const { admin, subscribe } = await tenantWith(['SubscriptionDeletion']);
    const { subscriptionId } = await subscribe();
    const query = { subscriptionId, blockState: 'BLOCKED' };
    expected(await admin.publisher('POST /subscriptions/block-subscription', { query }), 200);
    expected(await unsubscribe(admin, subscriptionId), 201);

    expected(await admin.gatehouse(`DELETE ${PENDING}`, { path: { subscriptionId } }), 200);

    expect((await read(admin, subscriptionId)).body.status).toBe('BLOCKED');
  });

  it.each(['GET', 'DELETE'])('is nobody else’s to %s', async (method) => {
    const { admin, subscribe } = await tenantWith(['SubscriptionCreation']);
    const { subscriptionId } = await subscribe();
    const eve = await given.user({ roles: ['Internal/subscriber'], by: admin });
    const stranger = (await given.organization()).admin;
    const at = (by: Actor, id = subscriptionId) => by.gatehouse(`${method} ${PENDING}`, { path: { subscriptionId: id } });

    expect((await at(eve)).status).toBe(403);
    expect((await at(stranger)).status).toBe(404);
    expect((await at(admin, randomUUID())).status).toBe(404);
    expect((await at(admin, 'no-uuid')).status).toBe(404);
    expect(await at(admin.withScopes('apim:api_view'))).toFailWith(Unauthenticated());
    expect(await waiting(admin)).toHaveLength(1);
  });
});

describe('a publisher', () => {
  it('finds requests by type, with or without AM_', async () => {
    const { admin, application, subscribe } = await tenantWith(['SubscriptionUpdate']);
    await changePlan(admin, await subscribe(), application.applicationId, 'Bronze');

    expect(await inbox(admin, 'AM_SUBSCRIPTION_UPDATE')).toHaveLength(1);
    expect(await inbox(admin, 'SUBSCRIPTION_UPDATE')).toHaveLength(1);
    expect(await inbox(admin, 'AM_SUBSCRIPTION_CREATION')).toEqual([]);
  });

  it('reads one', async () => {
    const { admin, subscribe } = await tenantWith(['SubscriptionCreation']);
    await subscribe();
    const workflow = await theWaiting(admin);

    const answer = await admin.publisher('GET /workflows/{externalWorkflowRef}', { path: { externalWorkflowRef: workflow.referenceId } });

    expect(answer).toMatchObject({ status: 200, body: workflow });
  });

  it('sees and decides nothing about APIs whose access roles keep him out', async () => {
    const restricted = { with: { accessControl: 'RESTRICTED', accessControlRoles: ['admin'] } };
    const { admin, subscribe } = await tenantWith(['SubscriptionCreation'], restricted);
    const publisher = await given.user({ roles: ['Internal/publisher'], by: admin });
    const { subscriptionId } = await subscribe();
    const { referenceId } = await theWaiting(admin);

    expect(await inbox(publisher)).toEqual([]);
    const path = { externalWorkflowRef: referenceId };
    expect(await publisher.publisher('GET /workflows/{externalWorkflowRef}', { path })).toFailWith({ status: 403, code: 403 });
    expect(await approve(publisher, referenceId)).toFailWith({ status: 403, code: 403 });
    expect((await read(admin, subscriptionId)).body.status).toBe('ON_HOLD');
  });

  it('decides about APIs he may see', async () => {
    const { admin, subscribe } = await tenantWith(['SubscriptionCreation']);
    const publisher = await given.user({ roles: ['Internal/publisher'], by: admin });
    const { subscriptionId } = await subscribe();
    const [workflow] = await inbox(publisher);

    expected(await approve(publisher, workflow?.referenceId ?? ''), 200);

    expect((await read(admin, subscriptionId)).body.status).toBe('UNBLOCKED');
  });

  it.each([
    ['no body', undefined, DecisionMissing()],
    ['no status', { description: 'x' }, StatusMissing()],
    ['another status', { status: 'MAYBE' }, { status: 400, code: 400 }],
    ['a body that is no object', [], { status: 400 }],
  ])('is refused with %s', async (_, body, problem) => {
    const { admin, subscribe } = await tenantWith(['SubscriptionCreation']);
    const { subscriptionId } = await subscribe();
    const { referenceId } = await theWaiting(admin);

    const answer = await admin.publisher('POST /workflows/update-workflow-status', {
      query: { workflowReferenceId: referenceId },
      ...(body === undefined ? {} : { body }),
    });

    expect(answer).toFailWith(problem);
    expect((await read(admin, subscriptionId)).body.status).toBe('ON_HOLD');
  });

  it('knows no reference that was never given', async () => {
    const reference = randomUUID();

    expect(await approve(given.superAdmin, reference)).toFailWith(UndecidableWorkflow(reference));
    const path = { externalWorkflowRef: reference };
    expect(await given.superAdmin.publisher('GET /workflows/{externalWorkflowRef}', { path })).toFailWith(WorkflowNotFound());
  });

  it('of another tenant gets 401 without a body', async () => {
    const { admin, subscribe } = await tenantWith(['SubscriptionCreation']);
    await subscribe();
    const { referenceId } = await theWaiting(admin);
    const stranger = (await given.organization()).admin;

    const path = { externalWorkflowRef: referenceId };
    const answers = [await stranger.publisher('GET /workflows/{externalWorkflowRef}', { path }), await approve(stranger, referenceId)];

    expect(answers.map(({ status, body }) => [status, body])).toEqual([
      [401, undefined],
      [401, undefined],
    ]);
    expect(await inbox(stranger)).toEqual([]);
  });

  it.each([
    ['GET /workflows', {}],
    ['GET /workflows/{externalWorkflowRef}', {}],
    ['POST /workflows/update-workflow-status', { query: { workflowReferenceId: randomUUID() }, body: { status: 'APPROVED' } }],
  ])('needs a scope for %s', async (operation, options) => {
    const answer = await given.superAdmin
      .withScopes('apim:subscription_view', 'apim:subscription_manage')
      .publisher(operation, { path: { externalWorkflowRef: randomUUID() }, ...options });

    expect(answer).toFailWith(Unauthenticated());
  });
});
