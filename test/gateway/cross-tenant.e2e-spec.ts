import { type Actor, expected } from '../support/actor.js';
import { TOKENS_AND_KEYS } from '../support/api-keys.js';
import {
  ALL_TENANTS,
  answers,
  call,
  callingTenants,
  keysAt,
  type PublisherList,
  type SubscriptionList,
  subscribe,
  twoTenants,
} from '../support/cross-tenant.js';
import { withDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { type GivenApi, given } from '../support/given.js';
import { unique } from '../support/unique.js';

it('refuses an application of another tenant that has not subscribed', async () => {
  const { consumer, api, application, headers } = await twoTenants();
  const keys = expected(await keysAt(consumer.admin, application, headers), 200);
  const token = await given.applicationToken(keys);

  // Known to the gateway when it is told apart from a stranger's.
  const answer = await answers(api, token, 403);

  expect(answer.body).toMatchObject({ code: '900908' });
});

it('refuses a token of the application’s own tenant, whatever it is subscribed to', async () => {
  const { consumer, api, application } = await callingTenants();
  const own = expected(await keysAt(consumer.admin, application, {}), 200);

  expect(await call(api, await given.applicationToken(own))).toMatchObject({ status: 401, body: { code: '900901' } });
});

it('counts its calls under its plan', async () => {
  const provider = await given.organization();
  const policyName = unique('plan');
  const defaultLimit = { type: 'REQUESTCOUNTLIMIT', requestCount: { timeUnit: 'hours', unitTime: 1, requestCount: 3 } };
  expected(
    await provider.admin.admin('POST /throttling/policies/subscription', { body: { policyName, defaultLimit, stopOnQuotaReach: true } }),
    201,
  );
  const backend = await given.backend();
  const api = await given.publishedApi({ by: provider.admin, backend, policies: [policyName], with: ALL_TENANTS });
  const headers = { 'x-wso2-tenant': provider.domain };
  const tokenOf = async (consumer: Actor) => {
    const application = await given.application(consumer);
    expected(await subscribe(consumer, { headers, api, application }, policyName), 201);
    return given.applicationToken(expected(await keysAt(consumer, application, headers), 200));
  };
  const [first, second] = [await tokenOf((await given.organization()).admin), await tokenOf((await given.organization()).admin)];

  await answers(api, first, 200);
  const statuses = [await call(api, first), await call(api, first), await call(api, first)].map(({ status }) => status);

  expect(statuses).toEqual([200, 200, 429]);
  expect((await answers(api, second, 200)).status).toBe(200);
});

it('takes the API key of a subscribed application, and of no other', async () => {
  const { consumer, api, application, headers } = await twoTenants({ with: { ...ALL_TENANTS, ...TOKENS_AND_KEYS } });
  const path = { applicationId: application.applicationId, keyType: 'PRODUCTION' };
  const { apikey } = expected(
    await consumer.admin.devportal<{ apikey: string }>('POST /applications/{applicationId}/api-keys/{keyType}/generate', {
      path,
      body: { keyName: 'Key', validityPeriod: -1 },
    }),
    200,
  );
  const withKey = () => gateway(`${api.url}/x`, { headers: { apikey } });
  const status = (wanted: number) => eventually(withKey, (answer) => answer.status === wanted);

  expect((await withKey()).status).toBe(401);
  const { subscriptionId } = expected(await subscribe(consumer.admin, { headers, api, application }), 201);
  expect((await status(200)).status).toBe(200);
  expected(await consumer.admin.devportal('DELETE /subscriptions/{subscriptionId}', { path: { subscriptionId } }), 200);
  expect((await status(401)).body).toMatchObject({ code: '900901' });
});

it('lets nothing through once the application is deleted', async () => {
  const { consumer, provider, api, application, token } = await callingTenants();

  expected(
    await consumer.admin.devportal('DELETE /applications/{applicationId}', { path: { applicationId: application.applicationId } }),
    200,
  );

  expect((await answers(api, token, 401)).body).toMatchObject({ code: '900901' });
  expect((await provider.admin.publisher<PublisherList>('GET /subscriptions', { query: { apiId: api.id } })).body.count).toBe(0);
});

it('lets nothing through once the API is retired', async () => {
  const { consumer, provider, api, application, token } = await callingTenants();
  const step = (action: string) => provider.admin.publisher('POST /apis/change-lifecycle', { query: { apiId: api.id, action } });

  expect(await provider.admin.publisher('DELETE /apis/{apiId}', { path: { apiId: api.id } })).toFailWith({ status: 409, code: 409 });
  expected(await step('Deprecate'), 200);
  expected(await step('Retire'), 200);

  expect((await answers(api, token, 404)).status).toBe(404);
  const query = { applicationId: application.applicationId };
  expect((await consumer.admin.devportal<SubscriptionList>('GET /subscriptions', { query })).body.count).toBe(0);
  expect((await provider.admin.publisher('DELETE /apis/{apiId}', { path: { apiId: api.id } })).status).toBe(200);
});

it('lets nothing through while the application’s tenant is inactive', async () => {
  const { consumer, api, token } = await callingTenants();
  const { id } = (await given.superAdmin.tenants<{ id: string }>('GET /tenants/domain/{domain}', { path: { domain: consumer.domain } }))
    .body;
  const activate = (activated: boolean) =>
    given.superAdmin.tenants('PUT /tenants/{id}/lifecycle-status', { path: { id }, body: { activated } });

  await activate(false);
  const refused = await answers(api, token, 403);
  await activate(true);

  expect(refused.body).toMatchObject({ code: '900908' });
  expect((await answers(api, token, 200)).status).toBe(200);
});

it('counts its calls under the policy of its own tenant, from nothing after a reset', async () => {
  const { admin } = await given.organization();
  const policyName = unique('tier');
  const defaultLimit = { type: 'REQUESTCOUNTLIMIT', requestCount: { timeUnit: 'days', unitTime: 1, requestCount: 2 } };
  expected(await admin.admin('POST /throttling/policies/application', { body: { policyName, defaultLimit } }), 201);
  const { provider, api, headers } = await twoTenants();
  const application = await given.application(admin, { throttlingPolicy: policyName });
  expected(await subscribe(admin, { headers, api, application }), 201);
  const token = await given.applicationToken(expected(await keysAt(admin, application, headers), 200));

  await answers(api, token, 200);
  expect((await call(api, token)).status).toBe(200);
  expect(await call(api, token)).toMatchObject({ status: 429, body: { code: '900803' } });
  const path = { applicationId: application.applicationId };
  expected(await admin.devportal('POST /applications/{applicationId}/reset-throttle-policy', { path, body: { userName: 'admin' } }), 200);

  expect((await answers(api, token, 200)).status).toBe(200);
  const reset = provider.admin.devportal('POST /applications/{applicationId}/reset-throttle-policy', { path, body: { userName: 'admin' } });
  expect(await reset).toFailWith({ status: 404, code: 404 });
});

it('reports its calls to the API’s tenant, with the application', async () => {
  const { provider, api, application, token } = await callingTenants();
  await call(api, token);

  const rows = await eventually(
    () =>
      withDatabase(async (database) => {
        const { rows: found } = await database.query(
          'SELECT organization, sum(hits)::int AS hits FROM usage_minutes WHERE api_id = $1 AND application_id = $2 GROUP BY organization',
          [api.id, application.applicationId],
        );
        return found as readonly { organization: string; hits: number }[]; // the columns selected
      }),
    (found) => (found[0]?.hits ?? 0) >= 2,
  );

  expect(rows).toMatchObject([{ organization: provider.domain }]);
});

it('takes it to a new version of the API, as the publisher wants it', async () => {
  const { provider, consumer, api, backend, token } = await callingTenants();
  const created = expected(
    await provider.admin.publisher<GivenApi>('POST /apis/copy-api', {
      query: { apiId: api.id, newVersion: '2.0.0', defaultVersion: false },
    }),
    201,
  );
  const newer = { ...created, url: `${created.context}/2.0.0` };
  const checklist = 'Deprecate old versions after publishing the API:false,Requires re-subscription when publishing the API:false';
  const query = { apiId: newer.id, action: 'Publish', lifecycleChecklist: checklist };
  expected(await provider.admin.publisher('POST /apis/change-lifecycle', { query }), 200);
  await given.deployment(newer, provider.admin);

  expect((await answers(newer, token, 200)).status).toBe(200);
  const { list } = (
    await consumer.admin.devportal<SubscriptionList>('GET /subscriptions', {
      query: { apiId: newer.id },
      headers: { 'x-wso2-tenant': provider.domain },
    })
  ).body;
  expect(list).toHaveLength(1);
  expect(backend.requests.length).toBeGreaterThan(0);
});
