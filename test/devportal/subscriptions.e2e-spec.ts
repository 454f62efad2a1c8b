import { setTimeout } from 'node:timers/promises';
import {
  FilterMissing,
  PlanInternal,
  PlanNotAllowed,
  StatusMissing,
  SubscriptionExists,
} from '../../src/subscriptions/subscriptions.problems.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';

interface Subscription {
  readonly subscriptionId: string;
  readonly apiId: string;
  readonly applicationId: string;
  readonly throttlingPolicy: string;
  readonly requestedThrottlingPolicy: string;
  readonly status: string;
  readonly applicationInfo: { readonly name: string };
}

interface SubscriptionList {
  readonly count: number;
  readonly list: readonly Subscription[];
  readonly pagination: { readonly total: number };
}

const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';
const ONE = 'GET /subscriptions/{subscriptionId}';
const PLANS = ['Gold', 'Bronze'];

const subscribe = (by: Actor, body: Body) => by.devportal<Subscription>('POST /subscriptions', { body });

/** A published API with two plans and an application of the tenant's administrator. */
const pair = async (options: { readonly with?: Body } = {}) => {
  const { admin, domain } = await given.organization();
  const api = await given.publishedApi({ by: admin, policies: PLANS, ...options });
  const application = await given.application(admin);
  const body = { apiId: api.id, applicationId: application.applicationId, throttlingPolicy: 'Gold' };
  return { admin, domain, api, application, body };
};

describe('POST /subscriptions', () => {
  it('subscribes an application to a published API', async () => {
    const { admin, api, application, body } = await pair();

    const answer = await subscribe(admin, body);

    expect(answer.status).toBe(201);
    expect(answer.headers['location']).toContain(`/subscriptions/${answer.body.subscriptionId}`);
    expect(answer.body).toMatchObject({
      apiId: api.id,
      applicationId: application.applicationId,
      throttlingPolicy: 'Gold',
      requestedThrottlingPolicy: 'Gold',
      status: 'UNBLOCKED',
      redirectionParams: null,
      apiInfo: {
        id: api.id,
        name: api.name,
        version: api.version,
        context: api.context,
        lifeCycleStatus: 'PUBLISHED',
        throttlingPolicies: PLANS,
      },
      applicationInfo: { applicationId: application.applicationId, name: application.name, subscriptionCount: 1 },
    });
    const read = await admin.devportal(ONE, { path: { subscriptionId: answer.body.subscriptionId } });
    expect(read.body).toEqual(answer.body);
  });

  it('refuses a second subscription of one application to the same API', async () => {
    const { admin, api, application, body } = await pair();
    await subscribe(admin, body);

    const again = await subscribe(admin, { ...body, throttlingPolicy: 'Bronze' });

    expect(again).toFailWith(SubscriptionExists(api.id, application.applicationId));
  });

  it('makes exactly one of many subscriptions that are asked for at once', async () => {
    const { admin, body } = await pair();

    const answers = await Promise.all(Array.from({ length: 6 }, () => subscribe(admin, body)));

    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
  });

  it.each([0, 2, 4, 6, 8, 10])('leaves no subscription to an API that is deleted %d ms later', async (ms) => {
    const { admin, api } = await pair();
    const applications = await Promise.all(Array.from({ length: 6 }, () => given.application(admin)));
    const deletion = setTimeout(ms).then(() => admin.publisher('DELETE /apis/{apiId}', { path: { apiId: api.id } }));

    const answers = await Promise.all(
      applications.map(({ applicationId }) => subscribe(admin, { apiId: api.id, applicationId, throttlingPolicy: 'Gold' })),
    );

    const made = answers.filter(({ status }) => status === 201).length;
    expect((await deletion).status).toBe(made > 0 ? 409 : 200);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(made > 0 ? [201] : [404]));
  });

  it.each([
    ['no API', { apiId: undefined }],
    ['no application', { applicationId: undefined }],
    ['no plan', { throttlingPolicy: undefined }],
    ['a plan of another type', { throttlingPolicy: 7 }],
    ['an unknown property', { colour: 'red' }],
    ['an unknown status', { status: 'OPEN' }],
  ])('refuses %s', async (_, change) => {
    const body = { apiId: UNKNOWN_ID, applicationId: UNKNOWN_ID, throttlingPolicy: 'Gold', ...change };
    // The application is looked up first, so it has to exist for the API to be missed.
    const application = await given.application();
    const applicationId = 'applicationId' in change ? change.applicationId : application.applicationId;

    expect(await subscribe(given.superAdmin, { ...body, applicationId })).toFailWith({ status: 400, code: 400, message: 'Bad Request' });
  });

  it.each(['Silver', 'Nonesuch', ''])('refuses the plan %j, which the API does not offer', async (throttlingPolicy) => {
    const { admin, body } = await pair();

    expect(await subscribe(admin, { ...body, throttlingPolicy })).toFailWith(PlanNotAllowed(throttlingPolicy, admin.username));
  });

  it('refuses a plan the server assigns by itself', async () => {
    const { admin, body } = await pair();

    const answer = await subscribe(admin, { ...body, throttlingPolicy: 'DefaultSubscriptionless' });

    expect(answer).toFailWith(PlanInternal('DefaultSubscriptionless'));
  });

  it('refuses a plan that the caller’s roles do not open', async () => {
    const { admin } = await given.organization();
    const policyName = unique('plan');
    const permissions = { permissionType: 'DENY', roles: ['Internal/subscriber'] };
    const defaultLimit = { type: 'REQUESTCOUNTLIMIT', requestCount: { timeUnit: 'min', unitTime: 1, requestCount: 1 } };
    expected(await admin.admin('POST /throttling/policies/subscription', { body: { policyName, defaultLimit, permissions } }), 201);
    const api = await given.publishedApi({ by: admin, policies: [policyName] });
    const ann = await given.user({ roles: ['Internal/subscriber'], by: admin });
    const { applicationId } = await given.application(ann);

    const answer = await subscribe(ann, { apiId: api.id, applicationId, throttlingPolicy: policyName });

    expect(answer).toFailWith(PlanNotAllowed(policyName, ann.username));
  });

  it('refuses an API that is not published', async () => {
    const { admin } = await given.organization();
    const api = await given.api({ by: admin, policies: PLANS });
    const { applicationId } = await given.application(admin);

    const answer = await subscribe(admin, { apiId: api.id, applicationId, throttlingPolicy: 'Gold' });

    expect(answer).toFailWith({ status: 403, code: 403, message: 'Forbidden' });
  });

  it('refuses a deprecated API', async () => {
    const { admin, api, body } = await pair();
    expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId: api.id, action: 'Deprecate' } }), 200);

    expect(await subscribe(admin, body)).toFailWith({ status: 403, code: 403, message: 'Forbidden' });
  });

  it('hides an API that the caller’s roles do not open, an unknown one and another tenant’s', async () => {
    const { admin } = await given.organization();
    const restricted = await given.publishedApi({ by: admin, with: { visibility: 'RESTRICTED', visibleRoles: ['admin'] } });
    const ann = await given.user({ roles: ['Internal/subscriber'], by: admin });
    const mine = await given.application(ann);
    const elsewhere = await given.application();

    for (const [by, apiId, { applicationId }] of [
      [ann, restricted.id, mine],
      [ann, UNKNOWN_ID, mine],
      [ann, 'no-uuid', mine],
      [given.superAdmin, restricted.id, elsewhere],
    ] as const) {
      const answer = await subscribe(by, { apiId, applicationId, throttlingPolicy: 'Unlimited' });
      expect(answer).toFailWith({ status: 404, code: 404, description: `Requested API with Id '${apiId}' not found` });
    }
  });

  it('refuses somebody else’s application, an unknown one and another tenant’s', async () => {
    const { admin, api, application } = await pair();
    const ann = await given.user({ roles: ['Internal/subscriber'], by: admin });
    const { applicationId: foreign } = await given.application();
    const with_ = (applicationId: string) => ({ apiId: api.id, applicationId, throttlingPolicy: 'Gold' });

    expect(await subscribe(ann, with_(application.applicationId))).toFailWith({ status: 403, code: 403 });
    expect(await subscribe(admin, with_(UNKNOWN_ID))).toFailWith({ status: 404, code: 404 });
    expect(await subscribe(admin, with_(foreign))).toFailWith({ status: 404, code: 404 });
  });
});

describe('POST /subscriptions/multiple', () => {
  it('makes all of them', async () => {
    const { admin, application, body } = await pair();
    const other = await given.publishedApi({ by: admin, policies: PLANS });

    const answer = await admin.devportal<readonly Subscription[]>('POST /subscriptions/multiple', {
      body: [body, { ...body, apiId: other.id, throttlingPolicy: 'Bronze' }],
    });

    expect(answer.status).toBe(200);
    expect(answer.body.map(({ apiId, throttlingPolicy }) => [apiId, throttlingPolicy])).toEqual([
      [body.apiId, 'Gold'],
      [other.id, 'Bronze'],
    ]);
    const { list } = (
      await admin.devportal<SubscriptionList>('GET /subscriptions', { query: { applicationId: application.applicationId } })
    ).body;
    expect(list.map(({ apiId }) => apiId).sort()).toEqual([body.apiId, other.id].sort());
  });

  it('ends at the first refusal and keeps what was made before it', async () => {
    const { admin, application, body } = await pair();
    const other = await given.publishedApi({ by: admin, policies: PLANS });
    const requests = [body, { ...body, throttlingPolicy: 'Bronze' }, { ...body, apiId: other.id }];

    const answer = await admin.devportal('POST /subscriptions/multiple', { body: requests });

    expect(answer).toFailWith(SubscriptionExists(body.apiId, application.applicationId));
    const { list } = (
      await admin.devportal<SubscriptionList>('GET /subscriptions', { query: { applicationId: application.applicationId } })
    ).body;
    expect(list.map(({ apiId }) => apiId)).toEqual([body.apiId]);
  });

  it.each([[{}], [[7]], [[{ applicationId: UNKNOWN_ID }]]])('refuses %j', async (body) => {
    expect(await given.superAdmin.devportal('POST /subscriptions/multiple', { body })).toFailWith({ status: 400, code: 400 });
  });
});

describe('GET /subscriptions', () => {
  it('lists those of an API by the names of the caller’s applications, page by page', async () => {
    const { admin, api, application, body } = await pair();
    const ann = await given.user({ roles: ['Internal/subscriber'], by: admin });
    const last = await given.application(admin, { name: 'zulu' });
    const first = await given.application(admin, { name: 'Able' });
    const foreign = await given.application(ann);
    for (const { applicationId } of [last, application, first]) expected(await subscribe(admin, { ...body, applicationId }), 201);
    expected(await subscribe(ann, { ...body, applicationId: foreign.applicationId }), 201);
    const list = (by: Actor, query: Record<string, string | number>) => by.devportal<SubscriptionList>('GET /subscriptions', { query });
    const names = ({ list }: SubscriptionList) => list.map(({ applicationInfo }) => applicationInfo.name);

    const all = await list(admin, { apiId: api.id });
    const page = await list(admin, { apiId: api.id, limit: 1, offset: 1 });

    expect(names(all.body)).toEqual(['Able', application.name, 'zulu']);
    expect(all.body.list.map(({ status }) => status)).toEqual(['UNBLOCKED', 'UNBLOCKED', 'UNBLOCKED']);
    expect(names(page.body)).toEqual([application.name]);
    expect(page.body).toMatchObject({ count: 1, pagination: { total: 3, limit: 1, offset: 1 } });
    expect(names((await list(ann, { apiId: api.id })).body)).toEqual([foreign.name]);
  });

  it('refuses to list without an API or application, and those of hidden ones', async () => {
    const { admin, api, application } = await pair();
    const ann = await given.user({ roles: ['Internal/subscriber'], by: admin });
    const list = (by: Actor, query: Record<string, string>) => by.devportal('GET /subscriptions', { query });

    expect(await list(admin, {})).toFailWith(FilterMissing());
    expect(await list(ann, { applicationId: application.applicationId })).toFailWith({ status: 403, code: 403 });
    expect(await list(given.superAdmin, { applicationId: application.applicationId })).toFailWith({ status: 404, code: 404 });
    expect(await list(given.superAdmin, { apiId: api.id })).toFailWith({ status: 404, code: 404 });
  });
});

describe('a subscription', () => {
  it('changes its plan at once', async () => {
    const { admin, body } = await pair();
    const { subscriptionId, ...rest } = expected(await subscribe(admin, body), 201);
    const path = { subscriptionId };

    const answer = await admin.devportal<Subscription>('PUT /subscriptions/{subscriptionId}', {
      path,
      body: { ...rest, subscriptionId, requestedThrottlingPolicy: 'Bronze' },
    });

    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      subscriptionId,
      throttlingPolicy: 'Bronze',
      requestedThrottlingPolicy: 'Bronze',
      status: 'UNBLOCKED',
    });
    expect((await admin.devportal(ONE, { path })).body).toEqual(answer.body);
  });

  it('changes its plan many times at once', async () => {
    const { admin, api, application, body } = await pair();
    const { subscriptionId } = await given.subscription(api, application, { by: admin, policy: 'Gold' });
    const change = (plan: string) =>
      admin.devportal('PUT /subscriptions/{subscriptionId}', {
        path: { subscriptionId },
        body: { ...body, requestedThrottlingPolicy: plan, status: 'UNBLOCKED' },
      });

    const answers = await Promise.all(Array.from({ length: 30 }, (_, index) => change(index % 2 === 0 ? 'Bronze' : 'Gold')));

    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('keeps its state when a change is refused', async () => {
    const { admin, application, body } = await pair();
    const { subscriptionId } = expected(await subscribe(admin, body), 201);
    const path = { subscriptionId };
    const before = (await admin.devportal(ONE, { path })).body;
    const valid = { ...body, status: 'UNBLOCKED', requestedThrottlingPolicy: 'Bronze' };
    const put = (change: Body) => admin.devportal('PUT /subscriptions/{subscriptionId}', { path, body: { ...valid, ...change } });
    const other = await given.application(admin);

    expect(await put({ status: undefined })).toFailWith(StatusMissing());
    expect(await put({ requestedThrottlingPolicy: 'Silver' })).toFailWith(PlanNotAllowed('Silver', admin.username));
    expect(await put({ applicationId: other.applicationId })).toFailWith({ status: 400, code: 400 });
    expect(await put({ apiId: UNKNOWN_ID })).toFailWith({ status: 400, code: 400 });
    expect(await put({ applicationId: application.applicationId, throttlingPolicy: undefined })).toFailWith({ status: 400, code: 400 });

    expect((await admin.devportal(ONE, { path })).body).toEqual(before);
  });

  it('is removed once, with If-Match honoured', async () => {
    const { admin, body } = await pair();
    const { subscriptionId } = expected(await subscribe(admin, body), 201);
    const path = { subscriptionId };
    const remove = (headers: Record<string, string> = {}) => admin.devportal('DELETE /subscriptions/{subscriptionId}', { path, headers });
    const etag = (await admin.devportal(ONE, { path })).headers['etag'] ?? '';

    expect(await remove({ 'if-match': '"stale"' })).toFailWith({ status: 412, code: 412 });
    expect((await remove({ 'if-match': etag })).status).toBe(200);
    expect(await remove()).toFailWith({ status: 404, code: 404 });
    expect((await subscribe(admin, body)).status).toBe(201);
  });

  it('is hidden from other users and other tenants', async () => {
    const { admin, body } = await pair();
    const ann = await given.user({ roles: ['Internal/subscriber'], by: admin });
    const { subscriptionId } = expected(await subscribe(admin, body), 201);
    const path = { subscriptionId };
    const put = { ...body, status: 'UNBLOCKED' };

    for (const [by, status] of [
      [ann, 403],
      [given.superAdmin, 404],
    ] as const) {
      expect(await by.devportal(ONE, { path })).toFailWith({ status, code: status });
      expect(await by.devportal('PUT /subscriptions/{subscriptionId}', { path, body: put })).toFailWith({ status, code: status });
      expect(await by.devportal('DELETE /subscriptions/{subscriptionId}', { path })).toFailWith({ status, code: status });
    }
    expect((await admin.devportal(ONE, { path })).status).toBe(200);
  });

  it.each([UNKNOWN_ID, 'no-uuid'])('with the id %s is not found', async (subscriptionId) => {
    expect(await given.superAdmin.devportal(ONE, { path: { subscriptionId } })).toFailWith({
      status: 404,
      code: 404,
      message: 'Not Found',
    });
  });
});

describe('the operations on subscriptions', () => {
  it('are closed to a publisher and to a token without their scopes', async () => {
    const publisher = await given.user({ roles: ['Internal/publisher'] });
    const unauthenticated = { status: 401, code: 401, description: 'Unauthenticated request' };
    const path = { subscriptionId: UNKNOWN_ID };
    const body = { apiId: UNKNOWN_ID, applicationId: UNKNOWN_ID, throttlingPolicy: 'Gold', status: 'UNBLOCKED' };

    for (const nobody of [publisher, given.superAdmin.withScopes('apim:store_settings')]) {
      expect(await nobody.devportal('GET /subscriptions', { query: { apiId: UNKNOWN_ID } })).toFailWith(unauthenticated);
      expect(await nobody.devportal('POST /subscriptions', { body })).toFailWith(unauthenticated);
      expect(await nobody.devportal('POST /subscriptions/multiple', { body: [body] })).toFailWith(unauthenticated);
      expect(await nobody.devportal(ONE, { path })).toFailWith(unauthenticated);
      expect(await nobody.devportal('PUT /subscriptions/{subscriptionId}', { path, body })).toFailWith(unauthenticated);
      expect(await nobody.devportal('DELETE /subscriptions/{subscriptionId}', { path })).toFailWith(unauthenticated);
    }
  });
});

describe('the gateway', () => {
  const planOfOne = async (by: Actor): Promise<string> => {
    const policyName = unique('plan');
    const defaultLimit = { type: 'REQUESTCOUNTLIMIT', requestCount: { timeUnit: 'min', unitTime: 1, requestCount: 1 } };
    expected(await by.admin('POST /throttling/policies/subscription', { body: { policyName, defaultLimit, stopOnQuotaReach: true } }), 201);
    return policyName;
  };

  it('enforces a changed plan', async () => {
    const { admin } = await given.organization();
    const small = await planOfOne(admin);
    const backend = await given.backend();
    const { api, application, subscription, token } = await given.subscriber({ by: admin, policies: ['Unlimited', small], backend });
    const body = { applicationId: application.applicationId, apiId: api.id, throttlingPolicy: 'Unlimited', status: 'UNBLOCKED' };

    const path = { subscriptionId: subscription.subscriptionId };
    expected(
      await admin.devportal('PUT /subscriptions/{subscriptionId}', { path, body: { ...body, requestedThrottlingPolicy: small } }),
      200,
    );

    const answer = await eventually(
      () => gateway(`${api.url}/`, { token }),
      ({ status }) => status !== 200,
    );
    expect(answer).toMatchObject({ status: 429, body: { code: '900804' } });
  });

  it('enforces a changed tier of the application', async () => {
    const { admin } = await given.organization();
    const backend = await given.backend();
    const { api, application, token } = await given.subscriber({ by: admin, backend });
    const body = { name: application.name, throttlingPolicy: '10PerMin' };

    expected(await admin.devportal('PUT /applications/{applicationId}', { path: { applicationId: application.applicationId }, body }), 200);

    const answer = await eventually(
      () => gateway(`${api.url}/`, { token }),
      ({ status }) => status !== 200,
    );
    expect(answer).toMatchObject({ status: 429, body: { code: '900803' } });
  });

  it.each([
    ['its keys are removed', 'DELETE /applications/{applicationId}/oauth-keys/{keyMappingId}'],
    ['its application is deleted', 'DELETE /applications/{applicationId}'],
  ])('refuses a token when %s', async (_, operation) => {
    const { admin } = await given.organization();
    const backend = await given.backend();
    const { api, application, keys, token } = await given.subscriber({ by: admin, backend });
    const path = { applicationId: application.applicationId, keyMappingId: keys.keyMappingId };

    expected(await admin.devportal(operation, { path }), 200);

    const answer = await eventually(
      () => gateway(`${api.url}/`, { token }),
      ({ status }) => status === 401,
    );
    expect(answer.body).toMatchObject({ code: '900901' });
  });
});
