import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { WebhookSubscriptions, type WebhookTarget } from '../../src/webhooks/webhook-subscriptions.js';
import { type Actor, expected } from '../support/actor.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';

// The gateway will record what it is told; until then nobody but this service does, on the server's own database.
const database = new DataSource({ type: 'postgres', host: join(server.dataDir, 'postgres'), username: 'gatehouse', database: 'postgres' });
const webhooks = new WebhookSubscriptions(database);
beforeAll(() => database.initialize());
afterAll(() => database.destroy());

interface List {
  readonly count: number;
  readonly list: readonly { readonly topic: string; readonly deliveryStatus: number; readonly deliveryTime: string }[];
  readonly pagination: { readonly total: number };
}

const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';
const LIST = 'GET /webhooks/subscriptions';
const list = (by: Actor, query: Record<string, string | number>) => by.devportal<List>(LIST, { query });
const topics = async (by: Actor, query: Record<string, string | number>) =>
  expected(await list(by, query), 200).list.map(({ topic }) => topic);

/** An application subscribed to an API, and what a webhook subscription of it is called. */
const subscriber = async () => {
  const { admin, domain } = await given.organization();
  const api = await given.publishedApi({ by: admin });
  const application = await given.application(admin);
  const { subscriptionId } = await given.subscription(api, application, { by: admin });
  const { applicationId } = application;
  const target = (topic: string, callbackUrl = 'https://orders.example.com/events'): WebhookTarget => ({
    ...{ organization: domain, apiId: api.id, applicationId },
    ...{ topic, callbackUrl },
  });
  return { admin, domain, api, applicationId, subscriptionId, target };
};

it('shows the webhooks of an application with their last delivery, oldest first', async () => {
  const { admin, api, applicationId, target } = await subscriber();
  await webhooks.subscribe(target('orders'), null);
  await webhooks.subscribe(target('returns'), null);
  await webhooks.recordDelivery(target('returns'), new Date('2026-11-01T10:00:00Z'), true);

  const answer = await list(admin, { applicationId });

  expect(answer.status).toBe(200);
  const same = { apiId: api.id, appId: applicationId, callBackUrl: 'https://orders.example.com/events' };
  expect(answer.body).toEqual({
    count: 2,
    list: [
      { ...same, topic: 'orders', deliveryTime: '', deliveryStatus: 0 },
      { ...same, topic: 'returns', deliveryTime: '2026-11-01T10:00:00.000Z', deliveryStatus: 1 },
    ],
    pagination: { offset: 0, limit: 2, total: 2, next: '', previous: '' },
  });
});

it('knows one subscription for each topic and address, which a new one only prolongs', async () => {
  const { admin, applicationId, target } = await subscriber();
  await webhooks.subscribe(target('orders'), new Date(Date.now() + 60_000));
  await webhooks.recordDelivery(target('orders'), new Date(), true);
  await webhooks.subscribe(target('orders'), null);
  await webhooks.subscribe(target('orders', 'https://other.example.com'), null);

  const { list: seen } = expected(await list(admin, { applicationId }), 200);

  expect(seen.map(({ deliveryStatus }) => deliveryStatus)).toEqual([1, 0]);
});

it('tells of the latest delivery, in whatever order they are recorded', async () => {
  const { admin, applicationId, target } = await subscriber();
  await webhooks.subscribe(target('orders'), null);
  await webhooks.recordDelivery(target('orders'), new Date('2026-11-01T10:00:05Z'), false);
  await webhooks.recordDelivery(target('orders'), new Date('2026-11-01T10:00:00Z'), true);
  await webhooks.recordDelivery(target('unknown'), new Date(), true);

  const { list: seen } = expected(await list(admin, { applicationId }), 200);

  expect(seen).toMatchObject([{ topic: 'orders', deliveryTime: '2026-11-01T10:00:05.000Z', deliveryStatus: 0 }]);
});

it('leaves out what has ended: by itself, by unsubscribing, and with the subscription to the API', async () => {
  const { admin, applicationId, subscriptionId, target } = await subscriber();
  await webhooks.subscribe(target('ended'), new Date(Date.now() - 1_000));
  await webhooks.subscribe(target('given up'), null);
  await webhooks.subscribe(target('orders'), new Date(Date.now() + 3_600_000));

  expect(await webhooks.unsubscribe(target('given up'))).toBe(true);
  expect(await webhooks.unsubscribe(target('given up'))).toBe(false);
  expect(await topics(admin, { applicationId })).toEqual(['orders']);
  expected(await admin.devportal('DELETE /subscriptions/{subscriptionId}', { path: { subscriptionId } }), 200);
  expect(await topics(admin, { applicationId })).toEqual([]);
});

it('ends with the retirement of the API', async () => {
  const { admin, api, applicationId, target } = await subscriber();
  await webhooks.subscribe(target('orders'), null);

  for (const action of ['Deprecate', 'Retire'])
    expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId: api.id, action } }), 200);

  expect(await topics(admin, { applicationId })).toEqual([]);
});

it('shows those of one API, and a page where one is asked for', async () => {
  const { admin, api, applicationId, domain, target } = await subscriber();
  const other = await given.publishedApi({ by: admin });
  await webhooks.subscribe(target('a'), null);
  await webhooks.subscribe(target('b'), null);
  await webhooks.subscribe({ ...target('c'), organization: domain, apiId: other.id }, null);

  expect(await topics(admin, { applicationId, apiId: api.id })).toEqual(['a', 'b']);
  expect(await topics(admin, { applicationId, apiId: UNKNOWN_ID })).toEqual([]);
  expect(await topics(admin, { applicationId, apiId: 'no-uuid' })).toEqual([]);
  const page = expected(await list(admin, { applicationId, limit: 1, offset: 1 }), 200);
  expect(page).toMatchObject({ count: 1, list: [{ topic: 'b' }], pagination: { total: 3 } });
});

it('refuses no application, a bad page, and hides other people’s', async () => {
  const { admin, applicationId, target } = await subscriber();
  await webhooks.subscribe(target('orders'), null);
  const ann = await given.user({ roles: ['Internal/subscriber'], by: admin });

  expect(await list(admin, {})).toFailWith({ status: 400, code: 400 });
  expect(await list(admin, { applicationId, limit: -1 })).toFailWith({ status: 400, code: 400 });
  expect(await list(ann, { applicationId })).toFailWith({ status: 403, code: 403 });
  expect(await list(given.superAdmin, { applicationId })).toFailWith({ status: 404, code: 404 });
  expect(await list(admin, { applicationId: UNKNOWN_ID })).toFailWith({ status: 404, code: 404 });
  expect(await admin.devportal(LIST, { query: { applicationId }, as: { bearer: 'nonsense' } })).toFailWith({ status: 401, code: 401 });
});
