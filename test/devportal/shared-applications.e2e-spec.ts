import { type Actor, expected, requestToken } from '../support/actor.js';
import { answersWithKey, associate, type KeyList, keyOf, TOKENS_AND_KEYS } from '../support/api-keys.js';
import type { Body } from '../support/client.js';
import { join, joinGroups } from '../support/consumer-organizations.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { type GivenApplication, given } from '../support/given.js';
import { unique } from '../support/unique.js';

interface List {
  readonly count: number;
  readonly list: readonly { readonly name: string; readonly subscriptionId: string; readonly keyMappingId: string }[];
}

const CONSUMER = ['Internal/subscriber'];
const APPLICATION = '/applications/{applicationId}';
const DENIED = { status: 403, code: 403, message: 'Forbidden' };

/** Ann and Bob are in the group `sales`, Bob in another one too; Eve is in none. Ann owns an application that is shared with the group. */
const shared = async () => {
  const { admin } = await given.organization();
  const [ann, bob, eve] = [
    await given.user({ roles: CONSUMER, by: admin }),
    await given.user({ roles: CONSUMER, by: admin }),
    await given.user({ roles: CONSUMER, by: admin }),
  ];
  await joinGroups(admin, ann, 'sales');
  await joinGroups(admin, bob, 'support, sales');
  const application = await given.application(ann, { groups: ['sales'] });
  return { admin, ann, bob, eve, application, path: { applicationId: application.applicationId } };
};

const listed = async (by: Actor, query: Record<string, string> = {}) =>
  expected(await by.devportal<List>('GET /applications', { query }), 200).list.map(({ name }) => name);

const change = async (by: Actor, { applicationId }: GivenApplication, properties: Body) => {
  const path = { applicationId };
  const current = expected(await by.devportal(`GET ${APPLICATION}`, { path }), 200);
  return by.devportal(`PUT ${APPLICATION}`, { path, body: { ...current, ...properties } });
};

describe('an application that is shared with a group', () => {
  it('is listed and shown to the members of the group, and to nobody else', async () => {
    const { ann, bob, eve, application, path } = await shared();

    const [own, read] = [await ann.devportal(`GET ${APPLICATION}`, { path }), await bob.devportal(`GET ${APPLICATION}`, { path })];

    expect(read.status).toBe(200);
    expect(read.body).toEqual(own.body);
    expect(read.body).toMatchObject({ groups: ['sales'], owner: ann.username });
    expect(await listed(bob)).toEqual([application.name, 'DefaultApplication']);
    expect(await listed(bob, { groupId: 'sales' })).toContain(application.name);
    expect(await listed(bob, { groupId: 'support' })).toEqual(['DefaultApplication']);
    expect(await listed(eve)).toEqual(['DefaultApplication']);
    expect(await listed(eve, { groupId: 'sales' })).toEqual(['DefaultApplication']);
    expect(await eve.devportal(`GET ${APPLICATION}`, { path })).toFailWith(DENIED);
  });

  it('is not shown to a group of the same name in another tenant', async () => {
    const { path } = await shared();
    const { bob } = await shared();

    expect(await bob.devportal(`GET ${APPLICATION}`, { path })).toFailWith({ status: 404, code: 404 });
  });

  it('is used by members with keys and subscriptions, and changed by its owner alone', async () => {
    const { admin, bob, application, path } = await shared();
    const [first, second] = [await given.publishedApi({ by: admin }), await given.publishedApi({ by: admin })];

    const { subscriptionId } = await given.subscription(first, application, { by: bob });
    const keys = await given.keys(application, { by: bob });
    const key = { ...path, keyMappingId: keys.keyMappingId };

    expect((await bob.devportal(`GET ${APPLICATION}/oauth-keys`, { path })).body).toMatchObject({ count: 1 });
    expect((await bob.devportal(`GET ${APPLICATION}/oauth-keys/{keyMappingId}`, { path: key })).status).toBe(200);
    expect((await bob.devportal(`GET ${APPLICATION}/oauth-keys/{keyMappingId}/secrets`, { path: key })).status).toBe(200);
    const token = await bob.devportal(`POST ${APPLICATION}/oauth-keys/{keyMappingId}/generate-token`, {
      path: key,
      body: { scopes: [], validityPeriod: 3600 },
    });
    expect(token.status).toBe(200);
    expect((await bob.devportal<List>('GET /subscriptions', { query: path })).body.count).toBe(1);
    expect((await bob.devportal<List>('GET /subscriptions', { query: { apiId: first.id } })).body.count).toBe(1);
    expect((await bob.devportal<List>('GET /subscriptions', { query: { apiId: first.id, groupId: 'support' } })).body.count).toBe(0);
    expect((await bob.devportal('GET /subscriptions/{subscriptionId}', { path: { subscriptionId } })).status).toBe(200);
    await given.subscription(second, application, { by: bob });
    expect((await bob.devportal('DELETE /subscriptions/{subscriptionId}', { path: { subscriptionId } })).status).toBe(200);
    const reset = await bob.devportal(`POST ${APPLICATION}/reset-throttle-policy`, { path, body: { userName: bob.username } });
    expect(reset.status).toBe(200);

    expect(await change(bob, application, { description: 'mine now' })).toFailWith(DENIED);
    expect(await bob.devportal(`DELETE ${APPLICATION}`, { path })).toFailWith(DENIED);
    const update = { supportedGrantTypes: ['client_credentials'] };
    expect(await bob.devportal(`PUT ${APPLICATION}/oauth-keys/{keyMappingId}`, { path: key, body: update })).toFailWith(DENIED);
    expect(await bob.devportal(`DELETE ${APPLICATION}/oauth-keys/{keyMappingId}`, { path: key })).toFailWith(DENIED);
    expect(await bob.devportal(`POST ${APPLICATION}/oauth-keys/{keyMappingId}/clean-up`, { path: key })).toFailWith(DENIED);
    expect(await bob.devportal(`POST ${APPLICATION}/oauth-keys/{keyMappingId}/generate-secret`, { path: key, body: {} })).toFailWith(
      DENIED,
    );
    expect(await bob.devportal(`POST ${APPLICATION}/oauth-keys/{keyMappingId}/regenerate-secret`, { path: key })).toFailWith(DENIED);
    const mapping = { consumerKey: keys.consumerKey, keyType: 'SANDBOX' };
    expect(await bob.devportal(`POST ${APPLICATION}/map-keys`, { path, body: mapping })).toFailWith(DENIED);
  });

  it('is closed to outsiders in every operation that names it', async () => {
    const { admin, ann, eve, application, path } = await shared();
    const api = await given.publishedApi({ by: admin });
    const { subscriptionId } = await given.subscription(api, application, { by: ann });
    const { keyMappingId } = await given.keys(application, { by: ann });
    const key = { ...path, keyMappingId, keyType: 'PRODUCTION' };
    const generation = { keyType: 'SANDBOX', grantTypesToBeSupported: ['client_credentials'] };
    const token = { scopes: [], validityPeriod: 3600 };
    const subscription = { ...path, apiId: api.id, throttlingPolicy: 'Unlimited', status: 'UNBLOCKED' };
    const keyRequest = { keyName: 'Key', validityPeriod: -1, additionalProperties: {} };

    for (const [operation, options] of [
      [`GET ${APPLICATION}`, { path }],
      [`POST ${APPLICATION}/generate-keys`, { path, body: generation }],
      [`GET ${APPLICATION}/oauth-keys`, { path }],
      [`GET ${APPLICATION}/oauth-keys/{keyMappingId}`, { path: key }],
      [`GET ${APPLICATION}/oauth-keys/{keyMappingId}/secrets`, { path: key }],
      [`GET ${APPLICATION}/keys`, { path }],
      [`GET ${APPLICATION}/keys/{keyType}`, { path: key }],
      [`POST ${APPLICATION}/oauth-keys/{keyMappingId}/generate-token`, { path: key, body: token }],
      [`POST ${APPLICATION}/keys/{keyType}/generate-token`, { path: key, body: token }],
      [`GET ${APPLICATION}/api-keys/{keyType}`, { path: key }],
      [`GET ${APPLICATION}/api-keys/{keyType}/associations`, { path: key }],
      [`GET ${APPLICATION}/api-keys/{keyType}/subscriptions`, { path: key }],
      [`POST ${APPLICATION}/api-keys/{keyType}/generate`, { path: key, body: keyRequest }],
      [`POST ${APPLICATION}/reset-throttle-policy`, { path, body: { userName: 'x' } }],
      ['GET /subscriptions', { query: path }],
      ['POST /subscriptions', { body: subscription }],
      ['GET /subscriptions/{subscriptionId}', { path: { subscriptionId } }],
      ['PUT /subscriptions/{subscriptionId}', { path: { subscriptionId }, body: subscription }],
      ['DELETE /subscriptions/{subscriptionId}', { path: { subscriptionId } }],
    ] as const) {
      const { status } = await eve.devportal(operation, options);
      expect([operation, status]).toEqual([operation, 403]);
    }
    expect((await eve.devportal<List>('GET /subscriptions', { query: { apiId: api.id } })).body.count).toBe(0);
  });

  it('can be called with what a member made of it', async () => {
    const { admin, bob, application } = await shared();
    const backend = await given.backend();
    const api = await given.publishedApi({ by: admin, backend });
    await given.subscription(api, application, { by: bob });
    const keys = await given.keys(application, { by: bob });

    const token = await given.applicationToken(keys);

    await eventually(
      () => gateway(`${api.url}/`, { token }),
      ({ status }) => status === 200,
    );
  });

  it('has the quota of a member begin anew when the member asks for it', async () => {
    const { admin, ann, bob, application } = await shared();
    const quota = { type: 'REQUESTCOUNTLIMIT', requestCount: { timeUnit: 'days', unitTime: 1, requestCount: 2 } };
    const policy = { policyName: unique('policy'), defaultLimit: quota };
    expected(await admin.admin('POST /throttling/policies/application', { body: policy }), 201);
    expect((await change(ann, application, { throttlingPolicy: policy.policyName })).status).toBe(200);
    const api = await given.publishedApi({ by: admin, backend: await given.backend() });
    await given.subscription(api, application, { by: ann });
    const { consumerKey, consumerSecret } = await given.keys(application, { by: ann });
    const client = { clientId: consumerKey, clientSecret: consumerSecret };
    const { username, password } = bob;
    const { access_token: token } = expected(await requestToken(client, { grant_type: 'password', username, password }), 200);
    const answers = (status: number) =>
      eventually(
        () => gateway(`${api.url}/`, { token }),
        (answer) => answer.status === status,
      );
    await answers(200);
    await answers(429);

    const path = { applicationId: application.applicationId };
    expect((await bob.devportal(`POST ${APPLICATION}/reset-throttle-policy`, { path, body: { userName: username } })).status).toBe(200);

    await answers(200);
    await answers(429);
  });

  it('can be shared only with groups of the owner', async () => {
    const { ann, application } = await shared();
    const description = 'An application can be shared only with groups you belong to, which these are not: support';
    const refusal = { status: 400, code: 400, message: 'Bad Request', description };
    const body = { name: unique('App'), throttlingPolicy: 'Unlimited', groups: ['sales', 'support'] };

    expect(await ann.devportal('POST /applications', { body })).toFailWith(refusal);
    expect(await change(ann, application, { groups: ['support'] })).toFailWith(refusal);
  });

  it('keeps its groups when a change does not name them, and loses them when it names none', async () => {
    const { ann, bob, application, path } = await shared();

    expect((await change(ann, application, { groups: undefined })).body).toMatchObject({ groups: ['sales'] });
    expect((await change(ann, application, { groups: [] })).body).toMatchObject({ groups: [] });

    expect(await bob.devportal(`GET ${APPLICATION}`, { path })).toFailWith(DENIED);
    expect(await listed(bob)).toEqual(['DefaultApplication']);
  });

  it('shows API keys to those alone who made them, and ends those of members when it is shared no more', async () => {
    const { admin, ann, bob, application, path } = await shared();
    const backend = await given.backend();
    const api = await given.publishedApi({ by: admin, backend, with: TOKENS_AND_KEYS });
    await given.subscription(api, application, { by: ann });
    const place = { ...path, keyType: 'PRODUCTION' };
    const made = async (by: Actor) =>
      expected(
        await by.devportal<{ apikey: string }>(`POST ${APPLICATION}/api-keys/{keyType}/generate`, {
          path: place,
          body: { keyName: 'Key', validityPeriod: -1, additionalProperties: {} },
        }),
        200,
      ).apikey;
    const count = async (by: Actor) =>
      expected(await by.devportal<KeyList>(`GET ${APPLICATION}/api-keys/{keyType}`, { path: place }), 200).count;
    const anns = await made(ann);

    expect([await count(ann), await count(bob)]).toEqual([1, 0]);
    const bobs = await made(bob);
    const ofApi = await keyOf(bob, api);
    await associate(bob, api, ofApi.id, application);
    expect([await count(ann), await count(bob)]).toEqual([1, 1]);
    for (const key of [anns, bobs, ofApi.apikey]) await answersWithKey(api, key, 200);

    expect((await change(ann, application, { groups: [] })).status).toBe(200);

    await answersWithKey(api, bobs, 401);
    await answersWithKey(api, ofApi.apikey, 403);
    await answersWithKey(api, anns, 200);
  });
});

describe('an application that is shared with its owner’s consumer organization', () => {
  const inOrganizations = async () => {
    const { admin } = await given.organization();
    const [ann, bob, eve] = [
      await given.user({ roles: CONSUMER, by: admin }),
      await given.user({ roles: CONSUMER, by: admin }),
      await given.user({ roles: CONSUMER, by: admin }),
    ];
    await join(admin, ann, 'acme');
    await join(admin, bob, 'acme');
    await join(admin, eve, 'other');
    return { admin, ann, bob, eve };
  };

  it('is open to its members until it is private again', async () => {
    const { admin, ann, bob, eve } = await inOrganizations();
    const application = await given.application(ann, { visibility: 'SHARED_WITH_ORG' });
    const path = { applicationId: application.applicationId };

    expect((await bob.devportal(`GET ${APPLICATION}`, { path })).body).toMatchObject({ visibility: 'SHARED_WITH_ORG' });
    expect(await listed(bob)).toContain(application.name);
    expect(await change(bob, application, { description: 'mine now' })).toFailWith(DENIED);
    for (const outsider of [eve, admin]) {
      expect(await outsider.devportal(`GET ${APPLICATION}`, { path })).toFailWith(DENIED);
      expect(await listed(outsider)).not.toContain(application.name);
    }

    expect((await change(ann, application, { visibility: 'PRIVATE' })).status).toBe(200);
    expect(await bob.devportal(`GET ${APPLICATION}`, { path })).toFailWith(DENIED);
    expect(await listed(bob)).not.toContain(application.name);

    expect((await change(ann, application, { visibility: 'SHARED_WITH_ORG' })).status).toBe(200);
    expect((await bob.devportal(`GET ${APPLICATION}`, { path })).status).toBe(200);
  });

  it('stays with the organization it was shared with when its owner goes to another one', async () => {
    const { admin, ann, bob, eve } = await inOrganizations();
    const { applicationId } = await given.application(ann, { visibility: 'SHARED_WITH_ORG' });

    await join(admin, ann, 'other');

    expect((await bob.devportal(`GET ${APPLICATION}`, { path: { applicationId } })).status).toBe(200);
    expect(await eve.devportal(`GET ${APPLICATION}`, { path: { applicationId } })).toFailWith(DENIED);
  });

  it('is private as long as its owner has none', async () => {
    const { admin, bob } = await inOrganizations();
    const carl = await given.user({ roles: CONSUMER, by: admin });
    const dora = await given.user({ roles: CONSUMER, by: admin });
    const { applicationId } = await given.application(carl, { visibility: 'SHARED_WITH_ORG' });

    for (const outsider of [bob, dora]) {
      expect(await outsider.devportal(`GET ${APPLICATION}`, { path: { applicationId } })).toFailWith(DENIED);
    }
  });
});
