import { type Actor, expected } from '../support/actor.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { given } from '../support/given.js';

// What a state means elsewhere: in the developer portal, for subscriptions, at the gateway.

const change = async (by: Actor, apiId: string, ...actions: readonly string[]) => {
  for (const action of actions) expected(await by.publisher('POST /apis/change-lifecycle', { query: { apiId, action } }), 200);
};

const portal = async (by: Actor, apiId: string) => (await by.devportal('GET /apis/{apiId}', { path: { apiId } })).status;

const subscribe = (by: Actor, apiId: string, applicationId: string) =>
  by.devportal('POST /subscriptions', { body: { apiId, applicationId, throttlingPolicy: 'Unlimited' } });

const called = (url: string, token: string | undefined, status: number) =>
  eventually(
    () => gateway(url, token === undefined ? {} : { token }),
    (answer) => answer.status === status,
  );

it('a prototype is subscribed to and called like a published API', async () => {
  const { admin } = await given.organization();
  const backend = await given.backend();
  const api = await given.api({ by: admin, backend });
  await change(admin, api.id, 'Deploy as a Prototype');
  await given.deployment(api, admin);

  const application = await given.application(admin);
  await given.subscription(api, application, { by: admin });
  const token = await given.applicationToken(await given.keys(application, { by: admin }));

  expect(await portal(admin, api.id)).toBe(200);
  await called(`${api.url}/`, token, 200);
  await called(`${api.url}/`, undefined, 401);
});

it('a deprecated API serves its subscribers on and takes no new ones', async () => {
  const { admin } = await given.organization();
  const backend = await given.backend();
  const { api, token } = await given.subscriber({ by: admin, backend });

  await change(admin, api.id, 'Deprecate');

  const { applicationId } = await given.application(admin);
  expect((await subscribe(admin, api.id, applicationId)).status).toBe(403);
  expect(await portal(admin, api.id)).toBe(200);
  await called(`${api.url}/`, token, 200);
});

it('a blocked API is still shown, and takes no new subscribers', async () => {
  const { admin } = await given.organization();
  const api = await given.api({ by: admin });
  await change(admin, api.id, 'Publish', 'Block');

  const { applicationId } = await given.application(admin);

  expect(await portal(admin, api.id)).toBe(200);
  expect((await subscribe(admin, api.id, applicationId)).status).toBe(403);
});

it('demoting keeps the subscriptions and undeploys', async () => {
  const { admin } = await given.organization();
  const backend = await given.backend();
  const { api, token, subscription } = await given.subscriber({ by: admin, backend });

  await change(admin, api.id, 'Demote to Created');
  await called(`${api.url}/`, token, 404);
  expect(await portal(admin, api.id)).toBe(403);
  await change(admin, api.id, 'Publish');
  await given.deployment(api, admin);

  const { subscriptionId } = subscription;
  expect(await admin.devportal('GET /subscriptions/{subscriptionId}', { path: { subscriptionId } })).toMatchObject({
    status: 200,
    body: { status: 'UNBLOCKED' },
  });
  await called(`${api.url}/`, token, 200);
});

it('demoting keeps the revisions, retiring does not', async () => {
  const { admin } = await given.organization();
  const api = await given.api({ by: admin });
  await given.deployment(api, admin);
  const count = async () => expected(await admin.publisher('GET /apis/{apiId}/revisions', { path: { apiId: api.id } }), 200)['count'];

  await change(admin, api.id, 'Publish', 'Demote to Created');
  expect(await count()).toBe(1);
  await change(admin, api.id, 'Publish', 'Deprecate', 'Retire');

  expect(await count()).toBe(0);
  expect(await portal(admin, api.id)).toBe(403);
});

it.each([
  [
    'an advertised API with an address of its own',
    { advertiseInfo: { advertised: true, apiExternalProductionEndpoint: 'https://a.example' } },
  ],
  ['a WebSub API', { type: 'WEBSUB', policies: ['AsyncWHUnlimited'], operations: [{ target: '/topic', verb: 'SUBSCRIBE' }] }],
])('%s is published without an endpoint', async (_, properties) => {
  const { admin } = await given.organization();
  const { id } = await given.api({ by: admin, with: { endpointConfig: null, ...properties } });

  await change(admin, id, 'Publish');

  expect(expected(await admin.publisher('GET /apis/{apiId}', { path: { apiId: id } }), 200)['lifeCycleStatus']).toBe('PUBLISHED');
});
