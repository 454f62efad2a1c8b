import { Unauthenticated } from '../../src/domain/problem.js';
import { UnknownTenant } from '../../src/runtime-data/addressed-tenants.js';
import { ApiNotFound, SubscriptionExists, SubscriptionNeeded } from '../../src/subscriptions/subscriptions.problems.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body } from '../support/client.js';
import { ALL_TENANTS } from '../support/cross-tenant.js';
import { withDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { given } from '../support/given.js';
import { requireApproval } from '../support/tenant-config.js';
import { unique } from '../support/unique.js';

const { superAdmin } = given;

interface Subscription {
  readonly subscriptionUUID: string;
  readonly subscriptionState: string;
}

/** A tenant with an API that needs no subscription, and an application. */
const free = async (options: Body = {}) => {
  const { admin, domain } = await given.organization();
  const api = await given.publishedApi({ by: admin, policies: ['DefaultSubscriptionless'], with: options });
  const application = await given.application(admin);
  return { admin, domain, api, application };
};

const subscribe = (by: Actor, tenant: string, query: Readonly<Record<string, string>>, body: unknown) =>
  by.internalData<Subscription>('POST /subscribe-internal', { headers: { xWSO2Tenant: tenant }, query, body });

describe('a subscription that a gateway makes', () => {
  it('is to an API that needs none, under its hidden plan', async () => {
    const { admin, domain, api, application } = await free();
    const { list } = expected(await admin.internalData<{ list: readonly Body[] }>('GET /apis', { headers: { xWSO2Tenant: domain } }), 200);
    const appUuid = application.applicationId;

    const made = expected(await subscribe(superAdmin, domain, { appUuid }, list[0]), 201);

    expect(made).toEqual({
      ...{ subscriptionUUID: expect.any(String), subscriptionId: expect.any(Number), subscriptionState: 'UNBLOCKED' },
      ...{ policyId: 'DefaultSubscriptionless', apiUUID: api.id, apiId: list[0]?.['apiId'], apiName: api.name, apiVersion: '1.0.0' },
      ...{ apiOrganization: domain, applicationUUID: appUuid, appId: expect.any(Number), applicationOrganization: domain },
    });
    const { list: known } = expected(
      await admin.internalData<{ list: readonly Body[] }>('GET /subscriptions', { headers: { xWSO2Tenant: domain } }),
      200,
    );
    expect(known).toEqual([made]);
    expect(await subscribe(admin, domain, { appUuid }, { uuid: api.id })).toFailWith(SubscriptionExists(api.id, appUuid));
  });

  it('names the application by its number too', async () => {
    const { admin, domain, api, application } = await free();
    const { list } = expected(
      await admin.internalData<{ list: readonly Body[] }>('GET /applications', { headers: { xWSO2Tenant: domain } }),
      200,
    );
    const appId = String(list.find(({ uuid }) => uuid === application.applicationId)?.['id']);

    expect((await subscribe(admin, domain, { appId: '1' }, { uuid: api.id })).status).toBe(404);
    expect(expected(await subscribe(admin, domain, { appId }, { uuid: api.id }), 201)).toMatchObject({ appId: Number(appId) });
  });

  it('waits where subscriptions need an approval', async () => {
    const { admin, domain, api, application } = await free();
    await requireApproval(admin, 'SubscriptionCreation');

    const made = expected(await subscribe(admin, domain, { appUuid: application.applicationId }, { uuid: api.id }), 201);

    expect(made.subscriptionState).toBe('ON_HOLD');
  });

  it('may be to an API of another tenant that is open', async () => {
    const [provider, consumer] = [await free(ALL_TENANTS), await free()];
    const appUuid = consumer.application.applicationId;
    const closed = await free();

    const body = { uuid: provider.api.id, organization: provider.domain };
    const made = expected(await subscribe(consumer.admin, consumer.domain, { appUuid }, body), 201);

    expect(made).toMatchObject({ apiOrganization: provider.domain, applicationOrganization: consumer.domain });
    const refused = await subscribe(consumer.admin, consumer.domain, { appUuid }, { uuid: closed.api.id, organization: closed.domain });
    expect(refused.status).toBe(403);
  });

  it('is to no API that needs subscriptions, or that is not published', async () => {
    const { admin, domain, application } = await free();
    const paid = await given.publishedApi({ by: admin, policies: ['Gold'] });
    const created = await given.api({ by: admin, policies: ['DefaultSubscriptionless'] });
    const appUuid = application.applicationId;

    expect(await subscribe(admin, domain, { appUuid }, { uuid: paid.id })).toFailWith(SubscriptionNeeded(paid.name));
    expect((await subscribe(admin, domain, { appUuid }, { uuid: created.id })).status).toBe(403);
  });

  it('lets nobody through once the API needs subscriptions, until a plan is chosen', async () => {
    const { admin, domain, api, application } = await free();
    const token = await given.applicationToken(await given.keys(application, { by: admin }));
    const call = () => gateway(`${api.url}/x`, { token });
    const isAnswered = (status: number) =>
      eventually(call, (answer) => (status === 403) === (answer.status === 403) && answer.status !== 401);
    await isAnswered(200);
    const appUuid = application.applicationId;
    const made = expected(await subscribe(superAdmin, domain, { appUuid }, { uuid: api.id }), 201);
    const path = { apiId: api.id };
    const whole = expected(await admin.publisher<Body>('GET /apis/{apiId}', { path }), 200);

    expected(await admin.publisher('PUT /apis/{apiId}', { path, body: { ...whole, policies: ['Gold'] } }), 200);
    expect(JSON.stringify((await isAnswered(403)).body)).toContain('900908');

    const body = { applicationId: appUuid, apiId: api.id, throttlingPolicy: 'Gold', status: 'UNBLOCKED' };
    const changing = { path: { subscriptionId: made.subscriptionUUID }, body };
    expected(await admin.devportal('PUT /subscriptions/{subscriptionId}', changing), 200);
    await isAnswered(200);
  });

  it('stays with its tenant', async () => {
    const [one, other] = [await free(), await free()];
    const appUuid = one.application.applicationId;
    const user = await given.user({ by: one.admin, roles: ['Internal/subscriber'] });
    const body = { uuid: one.api.id };

    expect(await subscribe(other.admin, one.domain, { appUuid }, body)).toFailWith(UnknownTenant(one.domain));
    expect((await subscribe(other.admin, other.domain, { appUuid }, { uuid: other.api.id })).status).toBe(404);
    expect(await subscribe(other.admin, other.domain, { appUuid: other.application.applicationId }, body)).toFailWith(
      ApiNotFound(one.api.id),
    );
    expect(await subscribe(user, one.domain, { appUuid }, body)).toFailWith(Unauthenticated());
    expect(await subscribe(superAdmin, 'ALL', { appUuid }, body)).toFailWith(UnknownTenant('ALL'));
  });

  it.each([
    ['no application', {}, { uuid: unique('x') }],
    ['no API', { appUuid: 'x' }, {}],
    ['a number that is none', { appId: 'x' }, { uuid: '00000000-0000-4000-8000-000000000000' }],
    ['an API that is no object', { appUuid: 'x' }, ['x']],
  ] as const)('is refused with %s', async (_, query, body) => {
    expect((await subscribe(superAdmin, 'carbon.super', query, body)).status).toBe(400);
  });
});

describe('whom gateways send events', () => {
  /** What the gateway of the API's tenant would have recorded. */
  const webhook = (organization: string, apiId: string, applicationId: string, topic: string, ends: string | null) =>
    withDatabase((database) =>
      database.query(
        `INSERT INTO webhook_subscriptions (id, organization, api_id, application_id, topic, callback_url, expires_at)
         VALUES (gen_random_uuid(), $1, $2, $3, $4, 'https://orders.example.com/events', now() + $5::interval)`,
        [organization, apiId, applicationId, topic, ends],
      ),
    );
  const read = async (by: Actor, tenant: string, query: Readonly<Record<string, string>> = {}) =>
    expected(
      await by.internalData<{ list: readonly Body[]; pagination: { total: number } }>('GET /webhooks-subscriptions', {
        headers: { xWSO2Tenant: tenant },
        query,
      }),
      200,
    );

  it('is whoever subscribed to a topic, while that lasts and the subscription holds', async () => {
    const { admin, domain } = await given.organization();
    const { api, application, subscription } = await given.subscriber({ by: admin, probe: false, policy: 'Gold' });
    await webhook(domain, api.id, application.applicationId, 'ended', '-1 second');
    await webhook(domain, api.id, application.applicationId, 'orders', null);
    await webhook(domain, api.id, application.applicationId, 'returns', '1 hour');
    const { list: applications } = expected(
      await admin.internalData<{ list: readonly Body[] }>('GET /applications', { headers: { xWSO2Tenant: domain } }),
      200,
    );
    const number = applications.find(({ uuid }) => uuid === application.applicationId)?.['id'];

    const { list } = await read(admin, domain);

    const same = {
      ...{ apiUUID: api.id, apiContext: api.url, apiVersion: '1.0.0', tenantDomain: domain, tenantId: expect.any(Number) },
      ...{ appID: String(number), callbackURL: 'https://orders.example.com/events', secret: '', tier: 'Gold' },
      ...{ applicationTier: 'Unlimited', apiTier: '', subscriberName: `admin@${domain}` },
    };
    expect(list).toEqual([
      { ...same, topicName: 'orders', expiryTime: 0 },
      { ...same, topicName: 'returns', expiryTime: expect.any(Number) },
    ]);
    expect(Math.abs(Number(list[1]?.['expiryTime']) - Date.now() - 3_600_000)).toBeLessThan(60_000);
    expect(await read(admin, domain, { limit: '1', offset: '1' })).toMatchObject({
      list: [{ topicName: 'returns' }],
      pagination: { total: 2 },
    });

    const query = { subscriptionId: subscription.subscriptionId, blockState: 'BLOCKED' };
    expected(await admin.publisher('POST /subscriptions/block-subscription', { query }), 200);
    expect((await read(admin, domain)).list).toEqual([]);
  });

  it('is told of to the tenant of the API, also of those without a subscription', async () => {
    const { admin, domain, api, application } = await free();
    await webhook(domain, api.id, application.applicationId, 'free', null);
    const { admin: stranger, domain: foreign } = await given.organization();

    expect((await read(admin, 'ALL')).list).toMatchObject([{ topicName: 'free', tier: 'DefaultSubscriptionless' }]);
    expect((await read(superAdmin, 'ALL')).list).toContainEqual(expect.objectContaining({ apiUUID: api.id }));
    expect((await read(stranger, foreign)).list).toEqual([]);
  });
});

it('tells gateways that nothing goes to Google Analytics', async () => {
  const { admin, domain } = await given.organization();

  const answer = await admin.internalData('GET /ga-config', { headers: { xWSO2Tenant: domain } });

  expect([answer.status, answer.headers['content-type']]).toEqual([200, expect.stringContaining('application/xml')]);
  expect(String(answer.body)).toContain('<Enabled>false</Enabled>');
});
