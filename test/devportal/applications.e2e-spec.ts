import type { Answer, Body } from '../support/client.js';
import { withDatabase } from '../support/database.js';
import { given } from '../support/given.js';
import { configure } from '../support/tenant-config.js';
import { unique } from '../support/unique.js';

interface Application {
  readonly applicationId: string;
  readonly name: string;
  readonly throttlingPolicy: string;
  readonly subscriptionCount: number;
  readonly keys: readonly Body[];
}

interface ApplicationList {
  readonly count: number;
  readonly list: readonly Application[];
  readonly pagination: { readonly total: number; readonly next: string; readonly previous: string };
}

const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';
const CONSUMER = ['Internal/subscriber'];
const TIER_INVALID = { status: 400, code: 900305, message: 'The tier name is invalid.' };

const names = (answer: Answer<ApplicationList>) => answer.body.list.map(({ name }) => name);

describe('POST /applications', () => {
  it('creates an approved application with all its fields', async () => {
    const { admin } = await given.organization();
    const name = unique('App');

    const answer = await admin.devportal<Application>('POST /applications', {
      body: { name, throttlingPolicy: '10PerMin', description: 'Weather', tokenType: 'OAUTH', attributes: { unknown: 'dropped' } },
    });

    expect(answer.status).toBe(201);
    expect(answer.headers['location']).toContain(`/applications/${answer.body.applicationId}`);
    expect(answer.body).toEqual({
      applicationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name,
      throttlingPolicy: '10PerMin',
      description: 'Weather',
      tokenType: 'JWT',
      status: 'APPROVED',
      groups: [],
      subscriptionCount: 0,
      keys: [],
      attributes: {},
      subscriptionScopes: [],
      owner: admin.username,
      hashEnabled: false,
      createdTime: expect.stringMatching(/^\d{13}$/),
      updatedTime: expect.stringMatching(/^\d{13}$/),
      visibility: 'PRIVATE',
    });
    const read = await admin.devportal('GET /applications/{applicationId}', { path: { applicationId: answer.body.applicationId } });
    expect(read.body).toEqual(answer.body);
  });

  it('refuses a name its owner has used, and lets another owner use it', async () => {
    const { admin } = await given.organization();
    const ann = await given.user({ roles: CONSUMER, by: admin });
    const { name } = await given.application(admin);
    const body = { name, throttlingPolicy: 'Unlimited' };

    const again = await admin.devportal('POST /applications', { body });
    const other = await ann.devportal('POST /applications', { body });

    expect(again).toFailWith({
      status: 409,
      code: 409,
      message: 'Resource Already Exists',
      description: `An application already exists with name ${name}`,
    });
    expect(other.status).toBe(201);
  });

  it.each([
    ['no name', { throttlingPolicy: 'Unlimited' }, { description: 'Validation Error' }],
    ['an empty name', { name: '', throttlingPolicy: 'Unlimited' }, { description: 'Validation Error' }],
    ['a name of 101 characters', { name: 'a'.repeat(101), throttlingPolicy: 'Unlimited' }, { description: 'Validation Error' }],
    ['a blank before the name', { name: ' App', throttlingPolicy: 'Unlimited' }, {}],
    ['a blank behind the name', { name: 'App ', throttlingPolicy: 'Unlimited' }, {}],
    ['a zero byte in the name', { name: 'a\0b', throttlingPolicy: 'Unlimited' }, {}],
    ['no tier', { name: 'App' }, { description: 'Validation Error' }],
    ['a null tier', { name: 'App', throttlingPolicy: null }, { description: 'Validation Error' }],
    [
      'a description of 513 characters',
      { name: 'App', throttlingPolicy: 'Unlimited', description: 'd'.repeat(513) },
      { description: 'Validation Error' },
    ],
    ['an attribute that is no text', { name: 'App', throttlingPolicy: 'Unlimited', attributes: { team: 1 } }, {}],
    ['an unknown visibility', { name: 'App', throttlingPolicy: 'Unlimited', visibility: 'WORLD' }, {}],
    [
      'an unknown property',
      { name: 'App', throttlingPolicy: 'Unlimited', colour: 'red' },
      { description: "Unrecognized property 'colour'" },
    ],
  ])('refuses %s', async (_, body, refusal) => {
    const answer = await given.superAdmin.devportal('POST /applications', { body });

    expect(answer).toFailWith({ status: 400, code: 400, message: 'Bad Request', ...refusal });
  });

  it.each(['Nonesuch', 'Gold'])('refuses the tier %s, which is none of the application tiers', async (throttlingPolicy) => {
    const answer = await given.superAdmin.devportal('POST /applications', { body: { name: unique('App'), throttlingPolicy } });

    expect(answer).toFailWith(TIER_INVALID);
  });

  it('makes exactly one of many applications that are created at once under one name', async () => {
    const { admin } = await given.organization();
    const body = { name: unique('App'), throttlingPolicy: 'Unlimited' };

    const answers = await Promise.all(Array.from({ length: 6 }, () => admin.devportal('POST /applications', { body })));

    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
  });
});

describe('the attributes of applications', () => {
  const attributes = [
    { Attribute: 'Cost center', Required: true },
    { Attribute: 'Region' },
    { Attribute: 'Origin', Hidden: true, Default: 'portal' },
  ];
  const asking = async () => {
    const { admin } = await given.organization();
    await configure(admin, { ApplicationConfigs: { Attributes: attributes } });
    return admin;
  };

  it('are stored as the tenant asks for them: unknown ones are dropped, those left out are empty or have their default', async () => {
    const admin = await asking();

    const { applicationId } = await given.application(admin, { attributes: { 'Cost center': '4711', colour: 'red' } });

    const path = { applicationId };
    const stored = await admin.devportal('GET /applications/{applicationId}', { path });
    expect(stored.body['attributes']).toEqual({ 'Cost center': '4711', Region: '', Origin: 'portal' });
    const body = { ...stored.body, attributes: { 'Cost center': '4712', Region: 'EU' } };
    const changed = await admin.devportal('PUT /applications/{applicationId}', { path, body });
    expect(changed.body['attributes']).toEqual({ 'Cost center': '4712', Region: 'EU', Origin: 'portal' });
  });

  it.each([[{}], [{ 'Cost center': '' }], [{ 'Cost center': ' ', Region: 'EU' }]])('refuse an application with %j', async (sent) => {
    const admin = await asking();
    const refusal = { status: 400, code: 900967, description: 'Required application attributes are missing: Cost center' };
    const body = { name: unique('App'), throttlingPolicy: 'Unlimited', attributes: sent };

    expect(await admin.devportal('POST /applications', { body })).toFailWith(refusal);
    const { applicationId } = await given.application(admin, { attributes: { 'Cost center': '4711' } });
    expect(await admin.devportal('PUT /applications/{applicationId}', { path: { applicationId }, body })).toFailWith(refusal);
  });

  it('leave the default application to be filled in', async () => {
    const admin = await asking();

    const { list } = (await admin.devportal<ApplicationList>('GET /applications')).body;

    expect(list).toMatchObject([{ name: 'DefaultApplication', attributes: { 'Cost center': '', Region: '', Origin: 'portal' } }]);
  });
});

describe('GET /applications', () => {
  it('shows a first-time subscriber nothing where the tenant wants no default applications', async () => {
    const { admin } = await given.organization();
    await configure(admin, { DisableDefaultApplicationCreation: true });

    expect((await admin.devportal<ApplicationList>('GET /applications')).body).toMatchObject({ count: 0, list: [] });
    const { name } = await given.application(admin);
    await configure(admin, { DisableDefaultApplicationCreation: false });
    expect(names(await admin.devportal<ApplicationList>('GET /applications'))).toEqual([name]);
  });

  it('shows a first-time subscriber a default application, once', async () => {
    const { admin } = await given.organization();
    const ann = await given.user({ roles: CONSUMER, by: admin });

    const first = await Promise.all([1, 2, 3].map(() => ann.devportal<ApplicationList>('GET /applications')));
    const later = await ann.devportal<ApplicationList>('GET /applications');

    expect(first.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(later.body.count).toBe(1);
    expect(later.body.list[0]).toMatchObject({
      name: 'DefaultApplication',
      throttlingPolicy: 'Unlimited',
      tokenType: 'JWT',
      owner: ann.username,
    });
  });

  it('does not bring the default application back when it was deleted', async () => {
    const { admin } = await given.organization();
    const applicationId = (await admin.devportal<ApplicationList>('GET /applications')).body.list[0]?.applicationId ?? '';

    await admin.devportal('DELETE /applications/{applicationId}', { path: { applicationId } });

    expect((await admin.devportal<ApplicationList>('GET /applications')).body.count).toBe(0);
  });

  it('sorts, pages and searches by name', async () => {
    const { admin } = await given.organization();
    await given.application(admin, { name: 'beta', throttlingPolicy: '50PerMin' });
    await given.application(admin, { name: 'Alpha', throttlingPolicy: '10PerMin' });
    const list = (query: Record<string, string | number | readonly string[]>) =>
      admin.devportal<ApplicationList>('GET /applications', { query });

    expect(names(await list({}))).toEqual(['Alpha', 'beta', 'DefaultApplication']);
    expect(names(await list({ sortOrder: 'desc' }))).toEqual(['DefaultApplication', 'beta', 'Alpha']);
    expect(names(await list({ sortBy: 'throttlingPolicy' }))).toEqual(['Alpha', 'beta', 'DefaultApplication']);
    expect(names(await list({ query: 'ETA' }))).toEqual(['beta']);
    expect(names(await list({ query: ['ETA', 'x'] }))).toEqual(['beta']);
    expect(names(await list({ query: '%' }))).toEqual([]);
    expect(names(await list({ query: '\0' }))).toEqual([]);

    const page = await list({ limit: 1, offset: 1, sortBy: 'name' });

    expect(names(page)).toEqual(['beta']);
    expect(page.body.pagination).toEqual({
      offset: 1,
      limit: 1,
      total: 3,
      next: '/applications?limit=1&offset=2&sortBy=name',
      previous: '/applications?limit=1&offset=0&sortBy=name',
    });
  });

  it.each([{ sortBy: 'owner' }, { sortOrder: 'up' }, { limit: -1 }, { offset: 'x' }])('refuses %j', async (query) => {
    expect(await given.superAdmin.devportal('GET /applications', { query })).toFailWith({ status: 400, code: 400 });
  });

  it('counts subscriptions', async () => {
    const { admin } = await given.organization();
    const api = await given.publishedApi({ by: admin });
    const application = await given.application(admin);
    await given.subscription(api, application, { by: admin });

    const { list } = (await admin.devportal<ApplicationList>('GET /applications')).body;

    expect(list.map(({ name, subscriptionCount }) => [name, subscriptionCount])).toEqual(
      expect.arrayContaining([
        [application.name, 1],
        ['DefaultApplication', 0],
      ]),
    );
  });
});

describe('an application', () => {
  it('is hidden from other users and from other tenants', async () => {
    const { admin } = await given.organization();
    const bob = await given.user({ roles: CONSUMER, by: admin });
    const { applicationId } = await given.application(admin);
    const path = { applicationId };
    const body = { name: 'taken', throttlingPolicy: 'Unlimited' };
    const denied = { status: 403, code: 403, message: 'Forbidden' };
    const unknown = {
      status: 404,
      code: 404,
      message: 'Not Found',
      description: `Requested Application with Id '${applicationId}' not found`,
    };

    expect(await bob.devportal('GET /applications/{applicationId}', { path })).toFailWith(denied);
    expect(await bob.devportal('PUT /applications/{applicationId}', { path, body })).toFailWith(denied);
    expect(await bob.devportal('DELETE /applications/{applicationId}', { path })).toFailWith(denied);
    expect(await given.superAdmin.devportal('GET /applications/{applicationId}', { path })).toFailWith(unknown);
    expect(await given.superAdmin.devportal('PUT /applications/{applicationId}', { path, body })).toFailWith(unknown);
    expect(await given.superAdmin.devportal('DELETE /applications/{applicationId}', { path })).toFailWith(unknown);
    expect(names(await bob.devportal<ApplicationList>('GET /applications'))).toEqual(['DefaultApplication']);
  });

  it.each([UNKNOWN_ID, 'no-uuid'])('with the id %s is not found', async (applicationId) => {
    const answer = await given.superAdmin.devportal('GET /applications/{applicationId}', { path: { applicationId } });

    expect(answer).toFailWith({ status: 404, code: 404, message: 'Not Found' });
  });

  it('is changed as a whole and read back', async () => {
    const { admin } = await given.organization();
    const { applicationId, name } = await given.application(admin, { description: 'old' });
    const path = { applicationId };
    const before = await admin.devportal('GET /applications/{applicationId}', { path });

    const answer = await admin.devportal('PUT /applications/{applicationId}', {
      path,
      body: { ...before.body, name: `${name}2`, throttlingPolicy: '20PerMin', description: null },
    });

    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ applicationId, name: `${name}2`, throttlingPolicy: '20PerMin', description: '', tokenType: 'JWT' });
    expect((await admin.devportal('GET /applications/{applicationId}', { path })).body).toEqual(answer.body);
  });

  it.each([
    ['UPDATE_PENDING', 409, 409, 'Conflict'],
    ['CREATED', 400, 900309, 'Application is not active'],
    ['REJECTED', 400, 900309, 'Application is not active'],
    ['DELETE_PENDING', 400, 900309, 'Application is not active'],
  ])('that is %s is shown so and cannot be changed', async (state, status, code, message) => {
    const { admin } = await given.organization();
    const { applicationId, name } = await given.application(admin);
    const path = { applicationId };
    await withDatabase((database) => database.query('UPDATE applications SET status = $2 WHERE id = $1', [applicationId, state]));

    expect((await admin.devportal('GET /applications/{applicationId}', { path })).body['status']).toBe(state);
    const body = { name, throttlingPolicy: '10PerMin' };
    expect(await admin.devportal('PUT /applications/{applicationId}', { path, body })).toFailWith({ status, code, message });
  });

  it('keeps its state when a change is refused', async () => {
    const { admin } = await given.organization();
    const first = await given.application(admin);
    const { applicationId } = await given.application(admin);
    const path = { applicationId };
    const before = await admin.devportal('GET /applications/{applicationId}', { path });
    const put = (body: Body) =>
      admin.devportal('PUT /applications/{applicationId}', { path, body: { name: 'x', throttlingPolicy: 'Unlimited', ...body } });

    expect(await put({ name: first.name })).toFailWith({ status: 409, code: 409, message: 'Resource Already Exists' });
    expect(await put({ throttlingPolicy: 'Nonesuch' })).toFailWith(TIER_INVALID);
    expect(await put({ name: ' x' })).toFailWith({ status: 400, code: 400 });

    expect((await admin.devportal('GET /applications/{applicationId}', { path })).body).toEqual(before.body);
  });

  it('honours If-Match on change and removal', async () => {
    const { admin } = await given.organization();
    const { applicationId, name } = await given.application(admin);
    const path = { applicationId };
    const etag = (await admin.devportal('GET /applications/{applicationId}', { path })).headers['etag'] ?? '';
    const body = { name, throttlingPolicy: '10PerMin' };

    const changed = await admin.devportal('PUT /applications/{applicationId}', { path, body, headers: { 'if-match': etag } });
    const late = await admin.devportal('PUT /applications/{applicationId}', { path, body, headers: { 'if-match': etag } });
    const removed = await admin.devportal('DELETE /applications/{applicationId}', { path, headers: { 'if-match': etag } });

    expect(changed.status).toBe(200);
    expect(late).toFailWith({ status: 412, code: 412 });
    expect(removed).toFailWith({ status: 412, code: 412 });
  });

  it('is deleted once, with its subscriptions', async () => {
    const { admin } = await given.organization();
    const api = await given.publishedApi({ by: admin });
    const application = await given.application(admin);
    const path = { applicationId: application.applicationId };
    const { subscriptionId } = await given.subscription(api, application, { by: admin });
    await given.keys(application, { by: admin });

    const first = await admin.devportal('DELETE /applications/{applicationId}', { path });
    const again = await admin.devportal('DELETE /applications/{applicationId}', { path });

    expect(first.status).toBe(200);
    expect(again).toFailWith({ status: 404, code: 404 });
    expect(await admin.devportal('GET /subscriptions/{subscriptionId}', { path: { subscriptionId } })).toFailWith({
      status: 404,
      code: 404,
    });
  });

  it('is deleted cleanly while its keys and subscriptions are being changed', async () => {
    const { admin } = await given.organization();
    const [first, second] = [await given.publishedApi({ by: admin }), await given.publishedApi({ by: admin })];
    const application = await given.application(admin);
    const { subscriptionId } = await given.subscription(first, application, { by: admin });
    const { keyMappingId } = await given.keys(application, { by: admin });
    const path = { applicationId: application.applicationId, keyMappingId, subscriptionId };
    const body = { applicationId: application.applicationId, apiId: second.id, throttlingPolicy: 'Unlimited' };

    const [deleted, ...others] = await Promise.all([
      admin.devportal('DELETE /applications/{applicationId}', { path }),
      admin.devportal('DELETE /applications/{applicationId}/oauth-keys/{keyMappingId}', { path }),
      admin.devportal('DELETE /subscriptions/{subscriptionId}', { path }),
      admin.devportal('POST /subscriptions', { body }),
      admin.devportal('POST /applications/{applicationId}/generate-keys', {
        path,
        body: { keyType: 'SANDBOX', grantTypesToBeSupported: ['client_credentials'] },
      }),
    ]);

    expect(deleted.status).toBe(200);
    for (const { status } of others) expect([200, 201, 404]).toContain(status);
    const { list } = (await admin.devportal<{ list: readonly Body[] }>('GET /subscriptions', { query: { apiId: second.id } })).body;
    expect(list).toEqual([]);
  });

  it('shows the scopes of the APIs it is subscribed to, and its keys', async () => {
    const { admin } = await given.organization();
    const scope = { name: unique('read'), displayName: 'Read', description: 'Reads', bindings: ['Internal/subscriber'] };
    const operations = [{ target: '/*', verb: 'GET', authType: 'Any', throttlingPolicy: 'Unlimited', scopes: [scope.name] }];
    const api = await given.publishedApi({ by: admin, with: { scopes: [{ scope, shared: false }], operations } });
    const application = await given.application(admin);
    await given.subscription(api, application, { by: admin });
    const { consumerKey } = await given.keys(application, { by: admin });

    const { body } = await admin.devportal('GET /applications/{applicationId}', { path: { applicationId: application.applicationId } });

    expect(body).toMatchObject({
      subscriptionCount: 1,
      keys: [{ consumerKey, keyType: 'PRODUCTION' }],
      subscriptionScopes: [{ key: scope.name, name: 'Read', roles: ['Internal/subscriber'], description: 'Reads' }],
    });
  });
});

describe('the operations on applications', () => {
  it('are closed to a publisher and to a token without their scopes', async () => {
    const publisher = await given.user({ roles: ['Internal/publisher'] });
    const { applicationId } = await given.application();
    const unauthenticated = { status: 401, code: 401, message: '', description: 'Unauthenticated request' };
    const body = { name: 'x', throttlingPolicy: 'Unlimited' };

    for (const nobody of [publisher, given.superAdmin.withScopes('apim:store_settings')]) {
      expect(await nobody.devportal('GET /applications')).toFailWith(unauthenticated);
      expect(await nobody.devportal('POST /applications', { body })).toFailWith(unauthenticated);
      expect(await nobody.devportal('GET /applications/{applicationId}', { path: { applicationId } })).toFailWith(unauthenticated);
      expect(await nobody.devportal('PUT /applications/{applicationId}', { path: { applicationId }, body })).toFailWith(unauthenticated);
      expect(await nobody.devportal('DELETE /applications/{applicationId}', { path: { applicationId } })).toFailWith(unauthenticated);
    }
  });
});
