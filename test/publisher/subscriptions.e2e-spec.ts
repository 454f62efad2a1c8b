import { PlanDenied, PlanInternal, PlanMissing, SubscriptionIdMissing } from '../../src/subscriptions/subscriptions.problems.js';
import { type Actor, expected } from '../support/actor.js';
import type { Answer, Body } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';

interface Subscription {
  readonly subscriptionId: string;
  readonly applicationInfo: {
    readonly applicationId: string;
    readonly name: string;
    readonly subscriber: string;
    readonly subscriptionCount: number;
  };
  readonly throttlingPolicy: string;
  readonly subscriptionStatus: string;
}

interface SubscriptionList {
  readonly count: number;
  readonly list: readonly Subscription[];
  readonly pagination: { readonly total: number; readonly next: string };
}

const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';
const BLOCK = 'POST /subscriptions/block-subscription';
const UNBLOCK = 'POST /subscriptions/unblock-subscription';
const CHANGE_PLAN = 'POST /subscriptions/change-business-plan';
const SUBSCRIBER_INFO = 'GET /subscriptions/{subscriptionId}/subscriber-info';
const FORBIDDEN = { status: 403, code: 403, description: 'User is not authorized to access the API' };
const PLANS = ['Gold', 'Bronze'];

const list = (by: Actor, query: Record<string, string | number> = {}) => by.publisher<SubscriptionList>('GET /subscriptions', { query });
const names = ({ body }: Answer<SubscriptionList>) => body.list.map(({ applicationInfo }) => applicationInfo.name);

/** A tenant with a subscribed API. */
const subscribed = async (options: { readonly with?: Body } = {}) => {
  const { admin, domain } = await given.organization();
  const api = await given.publishedApi({ by: admin, policies: PLANS, ...options });
  const application = await given.application(admin, { description: 'For tests' });
  const { subscriptionId } = await given.subscription(api, application, { by: admin, policy: 'Gold' });
  const read = async (): Promise<Subscription> => {
    const [subscription] = expected(await list(admin, { apiId: api.id }), 200).list;
    if (!subscription) throw new Error('the subscription is gone');
    return subscription;
  };
  return { admin, domain, api, application, subscriptionId, read };
};

describe('GET /subscriptions', () => {
  it('shows who holds an API under which plan', async () => {
    const { admin, api, application, subscriptionId } = await subscribed();

    const answer = await list(admin, { apiId: api.id });

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      count: 1,
      list: [
        {
          subscriptionId,
          applicationInfo: {
            applicationId: application.applicationId,
            name: application.name,
            subscriber: admin.username,
            description: 'For tests',
            subscriptionCount: 1,
          },
          throttlingPolicy: 'Gold',
          subscriptionStatus: 'UNBLOCKED',
        },
      ],
      pagination: { offset: 0, limit: 25, total: 1, next: '', previous: '' },
    });
  });

  it('lists by the names of the applications, page by page, whoever owns them', async () => {
    const { admin, api, application } = await subscribed();
    const ann = await given.user({ roles: ['Internal/subscriber'], by: admin });
    const able = await given.application(ann, { name: 'Able' });
    const zulu = await given.application(admin, { name: 'zulu' });
    await given.subscription(api, able, { by: ann, policy: 'Bronze' });
    await given.subscription(api, zulu, { by: admin, policy: 'Bronze' });

    const all = await list(admin, { apiId: api.id });
    const page = await list(admin, { apiId: api.id, limit: 1, offset: 1 });
    const none = await list(admin, { apiId: api.id, limit: 0 });

    expect(names(all)).toEqual(['Able', application.name, 'zulu']);
    expect(all.body.list[0]?.applicationInfo.subscriber).toBe(ann.username);
    expect(names(page)).toEqual([application.name]);
    expect(page.body).toMatchObject({ count: 1, pagination: { total: 3, limit: 1, offset: 1 } });
    expect(page.body.pagination.next).toBe(`/subscriptions?limit=1&offset=2&apiId=${api.id}`);
    expect(none.body).toMatchObject({ count: 0, list: [], pagination: { total: 3 } });
  });

  it('finds words in the names of applications and subscribers', async () => {
    const { admin, api } = await subscribed();
    const ann = await given.user({ roles: ['Internal/subscriber'], by: admin });
    await given.subscription(api, await given.application(ann, { name: 'Reading list' }), { by: ann, policy: 'Gold' });
    await given.subscription(api, await given.application(admin, { name: '100%_read' }), { by: admin, policy: 'Gold' });
    const found = async (query: string) => names(await list(admin, { apiId: api.id, query }));

    expect(await found('READ')).toEqual(['100%_read', 'Reading list']);
    expect(await found('list reading')).toEqual(['Reading list']);
    expect(await found('reading nothing')).toEqual([]);
    expect(await found('0%_r')).toEqual(['100%_read']);
    expect(await found('_')).toEqual(['100%_read']);
    expect(await found('\0')).toEqual([]);
    expect(await found(ann.username.split('@')[0] ?? '')).toEqual(['Reading list']);
  });

  it('without an API lists those of all the caller provides', async () => {
    const { admin, api, application, subscriptionId } = await subscribed();
    const other = await given.publishedApi({ by: admin, policies: PLANS });
    const second = await given.subscription(other, application, { by: admin, policy: 'Bronze' });
    const ann = await given.user({ roles: ['Internal/publisher'], by: admin });

    const answer = await list(admin);

    expect(answer.body.list.map((each) => each.subscriptionId)).toEqual([subscriptionId, second.subscriptionId]);
    expect(answer.body.list.map(({ applicationInfo }) => applicationInfo.subscriptionCount)).toEqual([2, 2]);
    expect((await list(ann)).body.list).toEqual([]);
    expect((await list(ann, { apiId: api.id })).body.count).toBe(1);
  });

  it('refuses an unknown API, another tenant’s, and a bad window', async () => {
    const { admin, api } = await subscribed();

    for (const [by, apiId] of [
      [admin, UNKNOWN_ID],
      [admin, 'no-uuid'],
      [given.superAdmin, api.id],
    ] as const) {
      expect(await list(by, { apiId })).toFailWith({ status: 404, code: 404, description: `Requested API with Id '${apiId}' not found` });
    }
    expect(await list(admin, { apiId: api.id, limit: -1 })).toFailWith({ status: 400, code: 400 });
  });
});

describe('block and unblock', () => {
  const call = (url: string, token: string) => () => gateway(`${url}/x`, { token });
  const isBlocked = ({ status }: { status: number }) => status === 401;
  const isServed = ({ status }: { status: number }) => status === 200;

  it('BLOCKED stops every call with 900907 until it is unblocked', async () => {
    const by = given.superAdmin;
    const { api, token, application, subscription } = await given.subscriber({ backend: await given.backend() });
    const sandbox = await given.applicationToken(await given.keys(application, { keyType: 'SANDBOX' }));
    await eventually(call(api.url, sandbox), isServed);
    const query = { subscriptionId: subscription.subscriptionId };

    const blocked = await by.publisher(BLOCK, { query: { ...query, blockState: 'BLOCKED' } });

    expect(blocked.status).toBe(200);
    const refused = await eventually(call(api.url, token), isBlocked);
    expect(refused.body).toMatchObject({ code: '900907', message: 'The requested API is temporarily blocked' });
    expect((await call(api.url, sandbox)()).body).toMatchObject({ code: '900907' });

    const unblocked = await by.publisher(UNBLOCK, { query });

    expect(unblocked.status).toBe(200);
    await eventually(call(api.url, token), isServed);
    expect((await call(api.url, sandbox)()).status).toBe(200);
  });

  it('PROD_ONLY_BLOCKED stops production keys and leaves the sandbox open', async () => {
    const by = given.superAdmin;
    const { api, token, application, subscription } = await given.subscriber({ backend: await given.backend() });
    const sandbox = await given.applicationToken(await given.keys(application, { keyType: 'SANDBOX' }));
    await eventually(call(api.url, sandbox), isServed);
    const query = { subscriptionId: subscription.subscriptionId };

    expected(await by.publisher(BLOCK, { query: { ...query, blockState: 'PROD_ONLY_BLOCKED' } }), 200);

    expect((await eventually(call(api.url, token), isBlocked)).body).toMatchObject({ code: '900907' });
    expect((await call(api.url, sandbox)()).status).toBe(200);

    expected(await by.publisher(UNBLOCK, { query }), 200);

    await eventually(call(api.url, token), isServed);
  });

  it('shows in the list and in the developer portal, and may be repeated', async () => {
    const { admin, subscriptionId, read } = await subscribed();
    const block = (blockState: string) => admin.publisher(BLOCK, { query: { subscriptionId, blockState } });

    for (const state of ['PROD_ONLY_BLOCKED', 'BLOCKED', 'BLOCKED']) {
      expected(await block(state), 200);
      expect((await read()).subscriptionStatus).toBe(state);
    }
    const portal = await admin.devportal<{ status: string }>('GET /subscriptions/{subscriptionId}', { path: { subscriptionId } });
    expect(portal.body.status).toBe('BLOCKED');
    for (let times = 0; times < 2; times++) expected(await admin.publisher(UNBLOCK, { query: { subscriptionId } }), 200);
    expect((await read()).subscriptionStatus).toBe('UNBLOCKED');
  });

  it('honours If-Match with the tag of the change before', async () => {
    const { admin, subscriptionId, read } = await subscribed();
    const query = { subscriptionId };
    const etag = (await admin.publisher(BLOCK, { query: { ...query, blockState: 'BLOCKED' } })).headers['etag'] ?? '';

    expect(await admin.publisher(UNBLOCK, { query, headers: { 'if-match': '"other"' } })).toFailWith({ status: 412, code: 412 });
    expect((await read()).subscriptionStatus).toBe('BLOCKED');
    expect((await admin.publisher(UNBLOCK, { query, headers: { 'if-match': etag } })).status).toBe(200);
  });

  it.each<[string, Record<string, string>, string]>([
    ['no subscription', { blockState: 'BLOCKED' }, '400_subscriptionId'],
    ['no state', { subscriptionId: UNKNOWN_ID }, '400_blockState'],
    ['an unknown state', { subscriptionId: UNKNOWN_ID, blockState: 'ON_HOLD' }, '400_blockState'],
  ])('refuses %s', async (_, query, code) => {
    const answer = await given.superAdmin.publisher(BLOCK, { query });

    expect(answer).toFailWith({ status: 400, code: 400, description: 'Validation Error' });
    expect(answer.body['error']).toMatchObject([{ code }]);
  });

  it('refuses to unblock no subscription', async () => {
    expect(await given.superAdmin.publisher(UNBLOCK)).toFailWith({ status: 400, code: 400, description: 'Validation Error' });
  });
});

describe('change-business-plan', () => {
  const plan = async (by: Actor, further: Body = {}) => {
    const policyName = unique('Plan');
    const defaultLimit = { type: 'REQUESTCOUNTLIMIT', requestCount: { timeUnit: 'hour', unitTime: 1, requestCount: 1 } };
    expected(
      await by.admin('POST /throttling/policies/subscription', { body: { policyName, defaultLimit, stopOnQuotaReach: true, ...further } }),
      201,
    );
    return policyName;
  };

  it('takes effect at the gateway, both ways', async () => {
    const by = given.superAdmin;
    const small = await plan(by);
    const backend = await given.backend();
    const { api, token, subscription } = await given.subscriber({ backend, policies: ['Unlimited', small], policy: 'Unlimited' });
    const { subscriptionId } = subscription;
    const change = (businessPlan: string) => by.publisher(CHANGE_PLAN, { query: { subscriptionId, businessPlan } });
    const call = () => gateway(`${api.url}/x`, { token });

    expect((await change(small)).status).toBe(200);

    const stopped = await eventually(call, ({ status }) => status === 429);
    expect(stopped.body).toMatchObject({ code: '900804' });
    const shown = await by.devportal('GET /subscriptions/{subscriptionId}', { path: { subscriptionId } });
    expect(shown.body).toMatchObject({ throttlingPolicy: small, requestedThrottlingPolicy: small, status: 'UNBLOCKED' });

    expect((await change('Unlimited')).status).toBe(200);

    await eventually(call, ({ status }) => status === 200);
  });

  it('leaves a blocked subscription blocked', async () => {
    const { admin, subscriptionId, read } = await subscribed();
    expected(await admin.publisher(BLOCK, { query: { subscriptionId, blockState: 'BLOCKED' } }), 200);

    expected(await admin.publisher(CHANGE_PLAN, { query: { subscriptionId, businessPlan: 'Bronze' } }), 200);

    expect(await read()).toMatchObject({ throttlingPolicy: 'Bronze', subscriptionStatus: 'BLOCKED' });
  });

  it('refuses what is missing, unknown or not offered, and changes nothing', async () => {
    const { admin, subscriptionId, read } = await subscribed();
    const change = (query: Record<string, string>) => admin.publisher(CHANGE_PLAN, { query: { subscriptionId, ...query } });

    expect(await change({ subscriptionId: '', businessPlan: 'Bronze' })).toFailWith(SubscriptionIdMissing());
    expect(await change({ businessPlan: '' })).toFailWith(PlanMissing());
    expect(await change({})).toFailWith(PlanMissing());
    for (const businessPlan of ['Nonesuch', 'Silver', 'bronze', '\0', 'DefaultSubscriptionless']) {
      expect(await change({ businessPlan })).toFailWith(PlanInternal(businessPlan));
    }
    expect((await read()).throttlingPolicy).toBe('Gold');
  });

  it('refuses a plan that the subscriber’s roles do not open', async () => {
    const { admin } = await given.organization();
    const denied = await plan(admin, { permissions: { permissionType: 'DENY', roles: ['Internal/subscriber'] } });
    const api = await given.publishedApi({ by: admin, policies: ['Gold', denied] });
    const ann = await given.user({ roles: ['Internal/subscriber'], by: admin });
    const { subscriptionId } = await given.subscription(api, await given.application(ann), { by: ann, policy: 'Gold' });
    const bob = await given.user({ by: admin });

    const answer = await admin.publisher(CHANGE_PLAN, { query: { subscriptionId, businessPlan: denied } });

    expect(answer).toFailWith(PlanDenied(subscriptionId));
    expect((await list(admin, { apiId: api.id })).body.list[0]?.throttlingPolicy).toBe('Gold');
    expect(await bob.publisher(CHANGE_PLAN, { query: { subscriptionId, businessPlan: denied } })).toFailWith({ status: 401, code: 401 });
  });

  it('stands many changes of one subscription at once', async () => {
    const { admin, subscriptionId } = await subscribed();
    const changes = Array.from({ length: 12 }, (_, index) =>
      index % 3 === 0
        ? admin.publisher(BLOCK, { query: { subscriptionId, blockState: 'BLOCKED' } })
        : admin.publisher(CHANGE_PLAN, { query: { subscriptionId, businessPlan: index % 2 === 0 ? 'Gold' : 'Bronze' } }),
    );

    expect(new Set((await Promise.all(changes)).map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('leaves nothing behind when the application is deleted meanwhile', async () => {
    const { admin, api, application, subscriptionId } = await subscribed();
    const changes = Array.from({ length: 6 }, () => admin.publisher(BLOCK, { query: { subscriptionId, blockState: 'BLOCKED' } }));
    const deletion = admin.devportal('DELETE /applications/{applicationId}', { path: { applicationId: application.applicationId } });

    for (const { status } of await Promise.all(changes)) expect([200, 404]).toContain(status);
    expect((await deletion).status).toBe(200);
    expect((await list(admin, { apiId: api.id })).body.list).toEqual([]);
  });
});

describe('GET /subscriptions/{subscriptionId}/subscriber-info', () => {
  it('names the subscriber and the claims the configuration chooses', async () => {
    const { admin, subscriptionId } = await subscribed();

    const answer = await admin.publisher(SUBSCRIBER_INFO, { path: { subscriptionId } });

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      name: admin.username,
      claims: [
        { name: 'First Name', URI: 'http://wso2.org/claims/givenname', value: 'Anna' },
        { name: 'Last Name', URI: 'http://wso2.org/claims/lastname', value: 'Admin' },
        { name: 'Email', URI: 'http://wso2.org/claims/emailaddress', value: admin.username },
      ],
    });
  });

  it('has no claims for a user who has none', async () => {
    const { admin, api } = await subscribed();
    const ann = await given.user({ roles: ['Internal/subscriber'], by: admin });
    const { subscriptionId } = await given.subscription(api, await given.application(ann), { by: ann, policy: 'Gold' });

    const answer = await admin.publisher(SUBSCRIBER_INFO, { path: { subscriptionId } });

    expect(answer.body).toEqual({ name: ann.username, claims: [] });
  });
});

describe('a subscription', () => {
  const calls = (by: Actor, subscriptionId: string) => [
    by.publisher(BLOCK, { query: { subscriptionId, blockState: 'BLOCKED' } }),
    by.publisher(UNBLOCK, { query: { subscriptionId } }),
    by.publisher(CHANGE_PLAN, { query: { subscriptionId, businessPlan: 'Bronze' } }),
    by.publisher(SUBSCRIBER_INFO, { path: { subscriptionId } }),
  ];

  it('is not found when unknown or another tenant’s', async () => {
    const { admin, subscriptionId, read } = await subscribed();

    for (const [by, id] of [
      [admin, UNKNOWN_ID],
      [admin, 'no-uuid'],
      [given.superAdmin, subscriptionId],
    ] as const) {
      for (const answer of await Promise.all(calls(by, id))) {
        expect(answer).toFailWith({ status: 404, code: 404, description: `Requested Subscription with Id '${id}' not found` });
      }
    }
    expect(await read()).toMatchObject({ throttlingPolicy: 'Gold', subscriptionStatus: 'UNBLOCKED' });
  });

  it('is closed to publishers whom the access roles of its API keep out', async () => {
    const { admin, api, subscriptionId, read } = await subscribed({
      with: { accessControl: 'RESTRICTED', accessControlRoles: ['Internal/creator'] },
    });
    const outsider = await given.user({ roles: ['Internal/publisher'], by: admin });
    const insider = await given.user({ roles: ['Internal/publisher', 'Internal/creator'], by: admin });

    for (const answer of await Promise.all(calls(outsider, subscriptionId))) expect(answer).toFailWith(FORBIDDEN);
    expect(await list(outsider, { apiId: api.id })).toFailWith(FORBIDDEN);
    expect(await read()).toMatchObject({ throttlingPolicy: 'Gold', subscriptionStatus: 'UNBLOCKED' });
    for (const { status } of await Promise.all(calls(insider, subscriptionId))) expect(status).toBe(200);
  });

  it('needs the scope of the operation', async () => {
    const { admin, api, subscriptionId } = await subscribed();
    const creator = admin.withScopes('apim:api_create');
    const viewer = admin.withScopes('apim:subscription_view');
    const blocker = admin.withScopes('apim:subscription_block');
    const unauthenticated = { status: 401, code: 401, description: 'Unauthenticated request' };

    for (const answer of await Promise.all([...calls(creator, subscriptionId), list(creator, { apiId: api.id })])) {
      expect(answer).toFailWith(unauthenticated);
    }
    expect((await Promise.all(calls(viewer, subscriptionId))).map(({ status }) => status)).toEqual([401, 401, 401, 200]);
    expect((await Promise.all(calls(blocker, subscriptionId))).map(({ status }) => status)).toEqual([200, 200, 401, 401]);
    expect((await list(viewer, { apiId: api.id })).status).toBe(200);
  });
});
