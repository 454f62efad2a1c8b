import { UnsupportedAction } from '../../src/apis/lifecycle/lifecycle.problems.js';
import { type Actor, expected } from '../support/actor.js';
import { given } from '../support/given.js';
import { configure, decide, tenantConfig, theWaiting } from '../support/tenant-config.js';

const LIFE_CYCLE = {
  States: [
    {
      State: 'Created',
      CheckItems: ['Deprecate old versions after publishing the API', 'Reviewed'],
      Transitions: [
        { Event: 'Send to Review', Target: 'In Review' },
        { Event: 'Publish', Target: 'Published' },
      ],
    },
    {
      State: 'In Review',
      Transitions: [
        { Event: 'Publish', Target: 'Published' },
        { Event: 'Remind', Target: 'In Review' },
        { Event: 'Send back', Target: 'Created' },
      ],
    },
    { State: 'Published', Transitions: [{ Event: 'Retire', Target: 'Retired' }] },
    { State: 'Retired' },
  ],
};

interface LifecycleState {
  readonly state: string;
  readonly checkItems: readonly { readonly name: string }[];
  readonly availableTransitions: readonly { readonly event: string }[];
}

const change = (by: Actor, apiId: string, action: string) =>
  by.publisher<{ lifecycleState: LifecycleState }>('POST /apis/change-lifecycle', { query: { apiId, action } });

const state = async (by: Actor, apiId: string) =>
  expected(await by.publisher<LifecycleState>('GET /apis/{apiId}/lifecycle-state', { path: { apiId } }), 200);

const eventsOf = ({ availableTransitions }: LifecycleState) => availableTransitions.map(({ event }) => event);

const tenant = async () => {
  const { admin } = await given.organization();
  await configure(admin, { LifeCycle: LIFE_CYCLE });
  return admin;
};

it('offers the transitions of the tenant’s own life cycle at once', async () => {
  const { admin } = await given.organization();
  const { id } = await given.api({ by: admin });
  expect(eventsOf(await state(admin, id))).toEqual(['Publish', 'Deploy as a Prototype']);

  await configure(admin, { LifeCycle: LIFE_CYCLE });

  expect(eventsOf(await state(admin, id))).toEqual(['Send to Review', 'Publish']);
});

it('leads an API through states of its own', async () => {
  const admin = await tenant();
  const { id } = await given.api({ by: admin });

  const answer = await change(admin, id, 'Send to Review');
  expected(await change(admin, id, 'Remind'), 200);

  expect(answer).toMatchObject({ status: 200, body: { workflowStatus: 'APPROVED', lifecycleState: { state: 'In Review' } } });
  expect(eventsOf(answer.body.lifecycleState)).toEqual(['Publish', 'Send back']);
  expect(expected(await admin.publisher('GET /apis/{apiId}', { path: { apiId: id } }), 200)['lifeCycleStatus']).toBe('IN REVIEW');
  const { list } = expected(
    await admin.publisher<{ list: readonly { postState: string }[] }>('GET /apis/{apiId}/lifecycle-history', { path: { apiId: id } }),
    200,
  );
  expect(list.map(({ postState }) => postState)).toEqual(['CREATED', 'IN REVIEW']);
});

it('refuses what the life cycle does not have', async () => {
  const admin = await tenant();
  const { id } = await given.api({ by: admin });

  expect(await change(admin, id, 'Deploy as a Prototype')).toFailWith(
    UnsupportedAction('Deploy as a Prototype', '[Send to Review, Publish]'),
  );
});

it('keeps the rules of the known states', async () => {
  const admin = await tenant();
  const { id } = await given.api({ by: admin, policies: [] });

  expect(await change(admin, id, 'Publish')).toFailWith({ status: 400, code: 903224 });
});

it('lists its check items where an older version exists', async () => {
  const admin = await tenant();
  const properties = given.apiProperties();
  const older = await given.api({ by: admin, with: properties });
  expected(await change(admin, older.id, 'Publish'), 200);
  const newer = await given.api({ by: admin, with: { ...properties, version: '2.0.0' } });

  const { checkItems } = await state(admin, newer.id);

  expect(checkItems.map(({ name }) => name)).toEqual(LIFE_CYCLE.States[0]?.CheckItems);
});

it('lets a transition of its own wait for an approval', async () => {
  const admin = await tenant();
  const { id } = await given.api({ by: admin });
  await configure(admin, { Workflows: { APIStateChange: { executor: 'approval', stateList: 'Created:Send to Review' } } });
  expect(await change(admin, id, 'Send to Review')).toMatchObject({ status: 200, body: { workflowStatus: 'CREATED' } });

  expected(await decide(admin, (await theWaiting(admin)).referenceId, 'APPROVED'), 200);

  expect(await state(admin, id)).toMatchObject({ state: 'In Review' });
});

it('still shows an API in a state that the life cycle lost', async () => {
  const admin = await tenant();
  const { id } = await given.api({ by: admin });
  expected(await change(admin, id, 'Send to Review'), 200);
  const { LifeCycle, ...rest } = await tenantConfig(admin);
  expect(LifeCycle).toEqual(LIFE_CYCLE);

  expected(await admin.admin('PUT /tenant-config', { body: rest }), 200);

  expect(await state(admin, id)).toMatchObject({ state: 'In review', availableTransitions: [] });
  expect(await change(admin, id, 'Publish')).toFailWith({ status: 400, code: 903234 });
});

it('is the tenant’s affair', async () => {
  await tenant();
  const other = (await given.organization()).admin;
  const { id } = await given.api({ by: other });

  expect(eventsOf(await state(other, id))).toEqual(['Publish', 'Deploy as a Prototype']);
});
