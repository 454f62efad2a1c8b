import { randomUUID } from 'node:crypto';
import { ProductNotFound } from '../../src/apis/apis.problems.js';
import { TiersMissing, UnsupportedAction } from '../../src/apis/lifecycle/lifecycle.problems.js';
import { Conflict, PreconditionFailed, Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body } from '../support/client.js';
import { type GivenApi, given } from '../support/given.js';
import { decide, requireStateApproval, theWaiting } from '../support/tenant-config.js';
import { apiWith, change, member, on, type Product, product, read, update } from './products.js';

let admin: Actor;
let stranger: Actor;
let api: GivenApi;
beforeAll(async () => {
  ({ admin } = await given.organization());
  ({ admin: stranger } = await given.organization());
  api = await apiWith(admin, ['GET /x']);
});

const ONE = '/api-products/{apiProductId}';
const STATE = `GET ${ONE}/lifecycle-state`;
const DEPRECATE_OLDER = 'Deprecate old versions after publishing the API Product';
const events = (body: Body) => (body['availableTransitions'] as readonly { event: string }[]).map(({ event }) => event); // by the contract

it('a product is published without an endpoint of its own, and its history tells', async () => {
  const { id } = await product(admin, [member(api, 'GET /x')]);

  const answer = await change(admin, id, 'Publish');

  expect(answer).toMatchObject({ status: 200, body: { workflowStatus: 'APPROVED', lifecycleState: { state: 'Published' } } });
  expect((await read(admin, id))['state']).toBe('PUBLISHED');
  const state = expected(await on(admin, STATE, id), 200);
  expect(state).toMatchObject({ state: 'Published', checkItems: [] });
  expect(events(state)).toEqual(['Block', 'Deploy as a Prototype', 'Demote to Created', 'Deprecate']);
  expect(expected(await on(admin, `GET ${ONE}/lifecycle-history`, id), 200)).toMatchObject({
    count: 2,
    list: [
      { previousState: null, postState: 'CREATED' },
      { previousState: 'CREATED', postState: 'PUBLISHED', user: admin.username },
    ],
  });
});

it('a product without tiers is not published', async () => {
  const { id } = await product(admin, [], { policies: [] });

  expect(await change(admin, id, 'Publish')).toFailWith(TiersMissing(id));
  expect((await read(admin, id))['state']).toBe('CREATED');
});

it('a new version offers to deprecate the older one, in words of its own, and does so', async () => {
  const { id: older } = await product(admin, []);
  expected(await change(admin, older, 'Publish'), 200);
  const query = { apiProductId: older, newVersion: '2.0.0' };
  const { id } = expected(await admin.publisher<Product>('POST /api-products/copy-api-products', { query }), 201);

  const offered = expected(await on(admin, STATE, id), 200);
  expected(await change(admin, id, 'Publish', { lifecycleChecklist: `${DEPRECATE_OLDER}:true` }), 200);

  expect(offered['checkItems']).toMatchObject([
    { name: DEPRECATE_OLDER, value: false },
    { name: 'Requires re-subscription when publishing the API Product' },
  ]);
  expect((await read(admin, older))['state']).toBe('DEPRECATED');
});

it('retiring a product removes its subscriptions, after which it can be deleted', async () => {
  const { id } = await product(admin, [member(api, 'GET /x')]);
  expected(await change(admin, id, 'Publish'), 200);
  await given.subscription({ id }, await given.application(admin), { by: admin });
  const remove = () => on(admin, `DELETE ${ONE}`, id);

  const refused = await remove();
  for (const action of ['Deprecate', 'Retire']) expected(await change(admin, id, action), 200);

  expect(refused).toFailWith(Conflict(`Cannot remove the API Product ${id} as active subscriptions exist`));
  expect((await remove()).status).toBe(200);
});

it('refuses an action the state does not know, missing parameters, unknown products and wrong scopes', async () => {
  const { id } = await product(admin, []);

  expect(await change(admin, id, 'Retire')).toFailWith(UnsupportedAction());
  expect((await admin.publisher('POST /api-products/change-lifecycle', { query: { apiProductId: id } })).status).toBe(400);
  expect((await admin.publisher('POST /api-products/change-lifecycle', { query: { action: 'Publish' } })).status).toBe(400);
  expect(
    (await admin.publisher('POST /api-products/change-lifecycle', { query: { apiProductId: [id, id], action: 'Publish' } })).status,
  ).toBe(400);
  for (const [by, other] of [
    [admin, api.id],
    [admin, randomUUID()],
    [stranger, id],
  ] as const) {
    expect(await change(by, other, 'Publish')).toFailWith(ProductNotFound(other));
    expect(await on(by, STATE, other)).toFailWith(ProductNotFound(other));
    expect(await on(by, `GET ${ONE}/lifecycle-history`, other)).toFailWith(ProductNotFound(other));
    expect(await on(by, `DELETE ${ONE}/lifecycle-state/pending-tasks`, other)).toFailWith(ProductNotFound(other));
  }
  const reader = admin.withScopes('apim:api_view');
  expect(await change(reader, id, 'Publish')).toFailWith(Unauthenticated());
  expect(await on(reader, STATE, id)).toFailWith(Unauthenticated());
  expect(await on(reader, `GET ${ONE}/lifecycle-history`, id)).toFailWith(Unauthenticated());
  expect(await on(reader, `DELETE ${ONE}/lifecycle-state/pending-tasks`, id)).toFailWith(Unauthenticated());
});

it('honours If-Match', async () => {
  const { id: apiProductId } = await product(admin, []);
  const { headers } = await on(admin, STATE, apiProductId);
  const publish = (tag = '') =>
    admin.publisher('POST /api-products/change-lifecycle', { query: { apiProductId, action: 'Publish' }, headers: { 'if-match': tag } });

  expect(await publish('"other"')).toFailWith(PreconditionFailed());
  expect((await publish(headers['etag'])).status).toBe(200);
});

it('cancels nothing where no change is pending', async () => {
  const { id } = await product(admin, []);

  expect((await on(admin, `DELETE ${ONE}/lifecycle-state/pending-tasks`, id)).status).toBe(200);

  expect((await read(admin, id))['state']).toBe('CREATED');
});

describe('a change that needs an approval', () => {
  const pending = async () => {
    const { admin: by } = await given.organization();
    await requireStateApproval(by, 'Created:Publish');
    const { id } = await product(by, []);
    const answer = await change(by, id, 'Publish');
    return { by, id, answer };
  };

  it('waits, outlives a change of the product, and happens once approved', async () => {
    const { by, id, answer } = await pending();
    const waiting = await read(by, id);
    expected(await update(by, id, { ...waiting, description: 'Other' }), 200);

    const workflow = await theWaiting(by);
    expected(await decide(by, workflow.referenceId, 'APPROVED'), 200);

    expect(answer).toMatchObject({ status: 200, body: { workflowStatus: 'CREATED', lifecycleState: { state: 'Created' } } });
    expect(waiting).toMatchObject({ state: 'CREATED', workflowStatus: 'CREATED' });
    expect(workflow).toMatchObject({ workflowType: 'API_PRODUCT_STATE', properties: { apiName: waiting.name } });
    expect(await read(by, id)).toMatchObject({ state: 'PUBLISHED', description: 'Other' });
  });

  it('is taken back', async () => {
    const { by, id } = await pending();

    expected(await on(by, `DELETE ${ONE}/lifecycle-state/pending-tasks`, id), 200);

    expect(await read(by, id)).toMatchObject({ state: 'CREATED', workflowStatus: null });
    await expect(theWaiting(by)).rejects.toThrow('found 0');
  });
});
