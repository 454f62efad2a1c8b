import { MonetizationRefused } from '../../src/apis/monetization/monetization.problems.js';
import {
  ApplicationNotApproved,
  PlanChangeRefused,
  SchemeNotSubscribable,
  SubscriptionBlocked,
  SubscriptionExists,
} from '../../src/subscriptions/subscriptions.problems.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body } from '../support/client.js';
import { withDatabase } from '../support/database.js';
import { given } from '../support/given.js';
import { configure, decide, requireApproval, theWaiting } from '../support/tenant-config.js';

interface Subscription {
  readonly subscriptionId: string;
  readonly status: string;
}

interface List {
  readonly count: number;
  readonly list: readonly Body[];
  readonly pagination: { readonly total: number; readonly limit: number; readonly offset: number };
}

const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';
const ADDITIONAL_INFO = 'GET /subscriptions/{apiId}/additionalInfo';
const USAGE = 'GET /subscriptions/{subscriptionId}/usage';
const UNAUTHENTICATED = { status: 401, code: 401, description: 'Unauthenticated request' };

const subscribe = (by: Actor, body: Body) => by.devportal<Subscription>('POST /subscriptions', { body });

/** A published API with two plans and an application of the tenant's administrator. */
const pair = async (options: { readonly with?: Body } = {}) => {
  const { admin } = await given.organization();
  const api = await given.publishedApi({ by: admin, policies: ['Gold', 'Bronze'], ...options });
  const application = await given.application(admin);
  const body = { apiId: api.id, applicationId: application.applicationId, throttlingPolicy: 'Gold' };
  const change = (subscriptionId: string) =>
    admin.devportal('PUT /subscriptions/{subscriptionId}', {
      path: { subscriptionId },
      body: { ...body, status: 'UNBLOCKED', requestedThrottlingPolicy: 'Bronze' },
    });
  return { admin, api, application, body, change };
};

describe('a subscription', () => {
  it.each(['BLOCKED', 'PROD_ONLY_BLOCKED'])('that is %s is not asked for again', async (blockState) => {
    const { admin, api, application, body } = await pair();
    const { subscriptionId } = expected(await subscribe(admin, body), 201);
    expected(await admin.publisher('POST /subscriptions/block-subscription', { query: { subscriptionId, blockState } }), 200);

    const answer = await subscribe(admin, body);

    expect(answer).toFailWith(SubscriptionBlocked(api.id, application.applicationId));
  });

  it('keeps its plan while it is BLOCKED, and changes it while only its production keys are', async () => {
    const { admin, body, change } = await pair();
    const { subscriptionId } = expected(await subscribe(admin, body), 201);
    const block = (blockState: string) =>
      admin.publisher('POST /subscriptions/block-subscription', { query: { subscriptionId, blockState } });

    expected(await block('BLOCKED'), 200);
    expect(await change(subscriptionId)).toFailWith(PlanChangeRefused('BLOCKED'));
    expected(await block('PROD_ONLY_BLOCKED'), 200);
    expect(await change(subscriptionId)).toMatchObject({ status: 200, body: { status: 'PROD_ONLY_BLOCKED', throttlingPolicy: 'Bronze' } });
  });

  it('keeps its plan while it is ON_HOLD and once it is REJECTED, and is then not asked for again', async () => {
    const { admin, api, application, body, change } = await pair();
    await requireApproval(admin, 'SubscriptionCreation');
    const { subscriptionId, status } = expected(await subscribe(admin, body), 201);

    expect(status).toBe('ON_HOLD');
    expect(await change(subscriptionId)).toFailWith(PlanChangeRefused('ON_HOLD'));
    expected(await decide(admin, (await theWaiting(admin)).referenceId, 'REJECTED'), 200);
    expect(await change(subscriptionId)).toFailWith(PlanChangeRefused('REJECTED'));
    expect(await subscribe(admin, body)).toFailWith(SubscriptionExists(api.id, application.applicationId));
    expect((await admin.devportal('DELETE /subscriptions/{subscriptionId}', { path: { subscriptionId } })).status).toBe(200);
  });

  it('is not given to an application that is not approved', async () => {
    const { admin, body, application } = await pair();
    await withDatabase((database) =>
      database.query("UPDATE applications SET status = 'CREATED' WHERE id = $1", [application.applicationId]),
    );

    expect(await subscribe(admin, body)).toFailWith(ApplicationNotApproved());
  });

  it('is not given to an API whose callers are no applications', async () => {
    const { admin, api, body } = await pair({ with: { securityScheme: ['basic_auth', 'oauth_basic_auth_api_key_mandatory'] } });

    expect(await subscribe(admin, body)).toFailWith(SchemeNotSubscribable(api.name));
  });

  it('is passed over in lists, and can be removed, once its API is gone', async () => {
    const { admin, application, body } = await pair();
    const { subscriptionId } = expected(await subscribe(admin, body), 201);
    const whole = await given.publishedApi({ by: admin });
    await given.subscription(whole, application, { by: admin });
    await withDatabase((database) => database.query('UPDATE subscriptions SET api_id = gen_random_uuid() WHERE id = $1', [subscriptionId]));

    const { body: seen } = await admin.devportal<List>('GET /subscriptions', { query: { applicationId: application.applicationId } });

    expect(seen).toMatchObject({ count: 1, list: [{ apiId: whole.id }], pagination: { total: 1 } });
    expect((await admin.devportal('DELETE /subscriptions/{subscriptionId}', { path: { subscriptionId } })).status).toBe(200);
  });

  it('is of one tenant when an older server has made it, which knows no other', async () => {
    const { admin, application, api } = await pair();
    await withDatabase((database) =>
      database.query(
        `INSERT INTO subscriptions (id, organization, api_id, application_id, policy, requested_policy, state)
         SELECT gen_random_uuid(), organization, $2, id, 'Gold', 'Gold', 'UNBLOCKED' FROM applications WHERE id = $1`,
        [application.applicationId, api.id],
      ),
    );

    const { body: seen } = await admin.devportal<List>('GET /subscriptions', { query: { applicationId: application.applicationId } });

    expect(seen.list).toMatchObject([{ apiId: api.id, status: 'UNBLOCKED' }]);
    expect((await admin.publisher<List>('GET /subscriptions', { query: { apiId: api.id } })).body.count).toBe(1);
  });

  it('is listed whatever group is asked for, as long as it is the caller’s own', async () => {
    const { admin, api, body } = await pair();
    const { subscriptionId } = expected(await subscribe(admin, body), 201);

    const { body: seen } = await admin.devportal<List>('GET /subscriptions', { query: { apiId: api.id, groupId: 'sales' } });

    expect(seen.list).toMatchObject([{ subscriptionId }]);
  });
});

describe('GET /subscriptions/{apiId}/additionalInfo', () => {
  it('says of each of the caller’s subscriptions that no other gateway adds to it, page by page', async () => {
    const { admin, api, application, body } = await pair();
    const ann = await given.user({ roles: ['Internal/subscriber'], by: admin });
    const other = await given.application(admin, { name: 'zulu' });
    const { subscriptionId } = expected(await subscribe(admin, body), 201);
    expected(await subscribe(admin, { ...body, applicationId: other.applicationId }), 201);
    const path = { apiId: api.id };

    const answer = await admin.devportal<List>(ADDITIONAL_INFO, { path, query: { limit: 1 } });

    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ count: 1, pagination: { total: 2, limit: 1, offset: 0 } });
    expect(answer.body.list).toEqual([
      {
        subscriptionId,
        applicationId: application.applicationId,
        applicationName: application.name,
        apiId: api.id,
        isSolaceAPI: false,
        solaceOrganization: '',
        solaceDeployedEnvironments: [],
      },
    ]);
    expect((await ann.devportal<List>(ADDITIONAL_INFO, { path })).body).toMatchObject({ count: 0, list: [] });
  });

  it('does not find what is unknown or another tenant’s, and wants a token', async () => {
    const { admin, api } = await pair();

    for (const apiId of [UNKNOWN_ID, 'no-uuid'])
      expect(await admin.devportal(ADDITIONAL_INFO, { path: { apiId } })).toFailWith({ status: 404, code: 404 });
    expect(await given.superAdmin.devportal(ADDITIONAL_INFO, { path: { apiId: api.id } })).toFailWith({ status: 404, code: 404 });
    expect(await admin.devportal(ADDITIONAL_INFO, { path: { apiId: api.id }, as: { bearer: 'nonsense' } })).toFailWith(UNAUTHENTICATED);
  });
});

describe('GET /subscriptions/{subscriptionId}/usage', () => {
  const usage = (by: Actor, subscriptionId: string) =>
    by.devportal<{ properties: Record<string, string> }>(USAGE, { path: { subscriptionId } });

  it('tells the subscriber what is due', async () => {
    const { admin } = await given.organization();
    await configure(admin, { EnableMonetization: true });
    const defaultLimit = { type: 'REQUESTCOUNTLIMIT', requestCount: { timeUnit: 'min', unitTime: 1, requestCount: 1000 } };
    const monetization = { monetizationPlan: 'FIXEDRATE', properties: { fixedPrice: '19.90', currencyType: 'CHF', billingCycle: 'year' } };
    const plan = { policyName: 'Flat', defaultLimit, stopOnQuotaReach: true, billingPlan: 'COMMERCIAL', monetization };
    expected(await admin.admin('POST /throttling/policies/subscription', { body: plan }), 201);
    const api = await given.publishedApi({ by: admin, policies: ['Flat'] });
    const ann = await given.user({ roles: ['Internal/subscriber'], by: admin });
    const { subscriptionId } = await given.subscription(api, await given.application(ann), { by: ann, policy: 'Flat' });

    expect(await usage(ann, subscriptionId)).toFailWith(MonetizationRefused(`Monetization is not enabled for API ${api.id}.`));
    const enabled = { enabled: true, properties: { ConnectedAccountKey: 'acct_1' } };
    expected(await admin.publisher('POST /apis/{apiId}/monetize', { path: { apiId: api.id }, body: enabled }), 200);

    const answer = await usage(ann, subscriptionId);

    expect(answer.status).toBe(200);
    const since = `${new Date().getUTCFullYear()}-01-01T00:00:00.000Z`;
    expect(answer.body.properties).toEqual({ plan: 'Flat', since, requests: '0', amount: '19.90 CHF' });
    const [offered] = (await ann.devportal<readonly Body[]>('GET /apis/{apiId}/subscription-policies', { path: { apiId: api.id } })).body;
    expect(offered).toMatchObject({
      tierPlan: 'COMMERCIAL',
      monetizationAttributes: { billingType: 'fixedPrice', fixedPrice: '19.90', currencyType: 'CHF', billingCycle: 'year' },
    });
  });

  it('is for the subscriber alone, and wants a scope', async () => {
    const { admin, body } = await pair();
    const { subscriptionId } = expected(await subscribe(admin, body), 201);
    const ann = await given.user({ roles: ['Internal/subscriber'], by: admin });

    expect(await usage(ann, subscriptionId)).toFailWith({ status: 403, code: 403 });
    expect(await usage(given.superAdmin, subscriptionId)).toFailWith({ status: 404, code: 404 });
    expect(await usage(admin, 'no-uuid')).toFailWith({ status: 404, code: 404 });
    expect(await usage(admin.withScopes('apim:store_settings'), subscriptionId)).toFailWith(UNAUTHENTICATED);
  });
});
