import { randomUUID } from 'node:crypto';
import { ApiNotFound } from '../../src/apis/apis.problems.js';
import { EndpointMissing, TiersMissing, UnsupportedAction } from '../../src/apis/lifecycle/lifecycle.problems.js';
import { PreconditionFailed, Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { given } from '../support/given.js';

interface LifecycleState {
  readonly state: string;
  readonly checkItems: readonly { readonly name: string }[];
  readonly availableTransitions: readonly { readonly event: string; readonly targetState: string }[];
}

const change = (by: Actor, apiId: string, action: string, lifecycleChecklist?: string) =>
  by.publisher<{ lifecycleState: LifecycleState }>('POST /apis/change-lifecycle', { query: { apiId, action, lifecycleChecklist } });

const state = async (by: Actor, apiId: string): Promise<LifecycleState> =>
  expected(await by.publisher<LifecycleState>('GET /apis/{apiId}/lifecycle-state', { path: { apiId } }), 200);

const status = async (by: Actor, apiId: string): Promise<unknown> =>
  expected(await by.publisher('GET /apis/{apiId}', { path: { apiId } }), 200)['lifeCycleStatus'];

const history = async (by: Actor, apiId: string) =>
  expected(
    await by.publisher<{ count: number; list: readonly Record<string, unknown>[] }>('GET /apis/{apiId}/lifecycle-history', {
      path: { apiId },
    }),
    200,
  );

it('publishes an API', async () => {
  const { admin } = await given.organization();
  const { id } = await given.api({ by: admin });

  const answer = await change(admin, id, 'Publish');

  expect(answer).toMatchObject({
    status: 200,
    body: {
      workflowStatus: 'APPROVED',
      lifecycleState: {
        state: 'Published',
        checkItems: [],
        availableTransitions: [
          { event: 'Block', targetState: '' },
          { event: 'Deploy as a Prototype', targetState: '' },
          { event: 'Demote to Created', targetState: '' },
          { event: 'Deprecate', targetState: '' },
        ],
      },
    },
  });
  expect(await status(admin, id)).toBe('PUBLISHED');
  expect(await state(admin, id)).toEqual(answer.body.lifecycleState);
});

it('goes through all states and remembers the real changes', async () => {
  const { admin } = await given.organization();
  const { id } = await given.api({ by: admin });
  const path = [
    ['Deploy as a Prototype', 'Prototyped'],
    ['Deploy as a Prototype', 'Prototyped'],
    ['Demote to Created', 'Created'],
    ['Publish', 'Published'],
    ['Publish', 'Published'],
    ['Block', 'Blocked'],
    ['Re-Publish', 'Published'],
    ['Deprecate', 'Deprecated'],
    ['Retire', 'Retired'],
  ] as const;

  for (const [action, expectedState] of path)
    expect(expected(await change(admin, id, action), 200).lifecycleState.state).toBe(expectedState);

  const { count, list } = await history(admin, id);
  expect(list.map(({ previousState, postState }) => [previousState, postState])).toEqual([
    [null, 'CREATED'],
    ['CREATED', 'PROTOTYPED'],
    ['PROTOTYPED', 'CREATED'],
    ['CREATED', 'PUBLISHED'],
    ['PUBLISHED', 'BLOCKED'],
    ['BLOCKED', 'PUBLISHED'],
    ['PUBLISHED', 'DEPRECATED'],
    ['DEPRECATED', 'RETIRED'],
  ]);
  expect(count).toBe(list.length);
  expect(list.every(({ user, updatedTime }) => user === admin.username && !Number.isNaN(Date.parse(String(updatedTime))))).toBe(true);
  expect((await state(admin, id)).availableTransitions).toEqual([]);
});

describe('refuses', () => {
  it.each([
    ['Retire', '[Publish, Deploy as a Prototype]'],
    ['publish', '[Publish, Deploy as a Prototype]'],
  ])('the action %p on a created API', async (action, allowed) => {
    const { admin } = await given.organization();
    const { id } = await given.api({ by: admin });

    expect(await change(admin, id, action)).toFailWith(UnsupportedAction(action, allowed));
    expect(await status(admin, id)).toBe('CREATED');
    expect((await history(admin, id)).count).toBe(1);
  });

  it('to publish without an endpoint', async () => {
    const { admin } = await given.organization();
    const { id } = await given.api({ by: admin, with: { endpointConfig: null } });

    expect(await change(admin, id, 'Publish')).toFailWith(EndpointMissing(id));
    expect(await status(admin, id)).toBe('CREATED');
  });

  it('to publish without a plan', async () => {
    const { admin } = await given.organization();
    const { id } = await given.api({ by: admin, policies: [] });

    expect(await change(admin, id, 'Publish')).toFailWith(TiersMissing(id));
    expect(await status(admin, id)).toBe('CREATED');
  });

  it.each(['apiId', 'action'])('a call without %s', async (missing) => {
    const query = Object.fromEntries(Object.entries({ apiId: randomUUID(), action: 'Publish' }).filter(([name]) => name !== missing));

    expect(await given.superAdmin.publisher('POST /apis/change-lifecycle', { query })).toFailWith({ status: 400, code: 400 });
  });

  it.each(['apiId', 'action', 'lifecycleChecklist'])('a call with several values of %s', async (repeated) => {
    const { admin } = await given.organization();
    const { id } = await given.api({ by: admin });
    const query = { apiId: id, action: 'Publish', [repeated]: ['a', 'b'] };

    expect(await admin.publisher('POST /apis/change-lifecycle', { query })).toFailWith({ status: 400, code: 400 });
    expect(await status(admin, id)).toBe('CREATED');
  });

  it('a change on the strength of an older state', async () => {
    const { admin } = await given.organization();
    const { id } = await given.api({ by: admin });
    const { headers } = await admin.publisher('GET /apis/{apiId}/lifecycle-state', { path: { apiId: id } });
    const conditional = { query: { apiId: id, action: 'Publish' }, headers: { 'if-match': headers['etag'] ?? '' } };
    expected(await admin.publisher('POST /apis/change-lifecycle', conditional), 200);

    expect(await admin.publisher('POST /apis/change-lifecycle', conditional)).toFailWith(PreconditionFailed());
  });

  it('callers without a publisher’s scope', async () => {
    const { admin } = await given.organization();
    const creator = await given.user({ roles: ['Internal/creator'], by: admin });
    const { id } = await given.api({ by: admin });

    expect(await change(creator, id, 'Publish')).toFailWith(Unauthenticated());
    expect(await creator.publisher('GET /apis/{apiId}/lifecycle-state', { path: { apiId: id } })).toMatchObject({ status: 200 });
    const subscriber = admin.withScopes('apim:subscribe');
    expect(await subscriber.publisher('GET /apis/{apiId}/lifecycle-state', { path: { apiId: id } })).toFailWith(Unauthenticated());
    expect(await subscriber.publisher('GET /apis/{apiId}/lifecycle-history', { path: { apiId: id } })).toFailWith(Unauthenticated());
  });

  it('another tenant', async () => {
    const { admin } = await given.organization();
    const { id } = await given.api({ by: admin });
    const stranger = (await given.organization()).admin;

    for (const apiId of [id, 'no-uuid']) {
      expect(await change(stranger, apiId, 'Publish')).toFailWith(ApiNotFound(apiId));
      expect(await stranger.publisher('GET /apis/{apiId}/lifecycle-state', { path: { apiId } })).toFailWith(ApiNotFound(apiId));
      expect(await stranger.publisher('GET /apis/{apiId}/lifecycle-history', { path: { apiId } })).toFailWith(ApiNotFound(apiId));
    }
    expect(await status(admin, id)).toBe('CREATED');
  });

  it('users whom the access roles keep out', async () => {
    const { admin } = await given.organization();
    const publisher = await given.user({ roles: ['Internal/publisher'], by: admin });
    const { id } = await given.api({ by: admin, with: { accessControl: 'RESTRICTED', accessControlRoles: ['admin'] } });

    expect(await change(publisher, id, 'Publish')).toFailWith({ status: 403, code: 403 });
  });
});

describe('older versions', () => {
  const versions = async (by: Actor) => {
    const properties = given.apiProperties();
    const older = await given.api({ by, with: properties });
    expected(await change(by, older.id, 'Publish'), 200);
    const newer = await given.api({ by, with: { ...properties, version: '2.0.0' } });
    return { older, newer };
  };

  it('bring check items', async () => {
    const { admin } = await given.organization();
    const { older, newer } = await versions(admin);

    expect((await state(admin, newer.id)).checkItems).toEqual([
      { name: 'Deprecate old versions after publishing the API', value: false, requiredStates: [] },
      { name: 'Requires re-subscription when publishing the API', value: false, requiredStates: [] },
    ]);
    expect((await state(admin, older.id)).checkItems).toEqual([]);
  });

  it.each([
    ['Deprecate old versions after publishing the API:true,Requires re-subscription when publishing the API:true', 'DEPRECATED'],
    ['Deprecate old versions after publishing the API:false', 'PUBLISHED'],
    [undefined, 'PUBLISHED'],
  ])('with the checklist %p become %s', async (checklist, becomes) => {
    const { admin } = await given.organization();
    const { older, newer } = await versions(admin);

    expected(await change(admin, newer.id, 'Publish', checklist), 200);

    expect(await status(admin, newer.id)).toBe('PUBLISHED');
    expect(await status(admin, older.id)).toBe(becomes);
  });
});

describe('subscriptions to an older version', () => {
  it.each([
    ['come along', undefined, 1],
    ['stay behind when that is ticked', 'Requires re-subscription when publishing the API:true', 0],
  ])('%s', async (_, checklist, count) => {
    const { admin } = await given.organization();
    const properties = given.apiProperties({ policies: ['Gold', 'Unlimited'] });
    const older = await given.api({ by: admin, with: properties });
    expected(await change(admin, older.id, 'Publish'), 200);
    const gold = await given.application(admin);
    await given.subscription(older, gold, { by: admin, policy: 'Gold' });
    await given.subscription(older, await given.application(admin), { by: admin, policy: 'Unlimited' });
    const newer = await given.api({ by: admin, with: { ...properties, version: '2.0.0', policies: ['Gold'] } });

    expected(await change(admin, newer.id, 'Publish', checklist), 200);

    const { list } = expected(
      await admin.devportal<{ list: readonly Record<string, unknown>[] }>('GET /subscriptions', { query: { apiId: newer.id } }),
      200,
    );
    expect(list).toHaveLength(count);
    expect(list.every(({ applicationId, throttlingPolicy }) => applicationId === gold.applicationId && throttlingPolicy === 'Gold')).toBe(
      true,
    );
  });
});

describe('at the gateway', () => {
  it('a blocked API answers 503 and a republished one is back', async () => {
    const { admin } = await given.organization();
    const api = await given.publishedApi({ by: admin });

    expected(await change(admin, api.id, 'Block'), 200);
    await eventually(
      () => gateway(`${api.url}/`),
      (answer) => answer.status === 503,
    );
    expected(await change(admin, api.id, 'Re-Publish'), 200);

    await eventually(
      () => gateway(`${api.url}/`),
      (answer) => answer.status === 401,
    );
  });

  it.each([['Demote to Created'], ['Deprecate', 'Retire']])('an API is gone after %s %s', async (...actions) => {
    const { admin } = await given.organization();
    const api = await given.publishedApi({ by: admin });

    for (const action of actions) expected(await change(admin, api.id, action), 200);

    await eventually(
      () => gateway(`${api.url}/`),
      (answer) => answer.status === 404,
    );
    const { list } = expected(
      await admin.publisher<{ list: unknown[] }>('GET /apis/{apiId}/deployments', { path: { apiId: api.id } }),
      200,
    );
    expect(list).toEqual([]);
  });

  it('retiring removes the revisions and subscriptions', async () => {
    const { admin } = await given.organization();
    const api = await given.publishedApi({ by: admin });
    const application = await given.application(admin);
    const { subscriptionId } = await given.subscription(api, application, { by: admin });

    for (const action of ['Deprecate', 'Retire']) expected(await change(admin, api.id, action), 200);

    const revisions = expected(await admin.publisher('GET /apis/{apiId}/revisions', { path: { apiId: api.id } }), 200);
    expect(revisions).toMatchObject({ count: 0 });
    expect(await admin.devportal('GET /subscriptions/{subscriptionId}', { path: { subscriptionId } })).toMatchObject({ status: 404 });
  });
});
