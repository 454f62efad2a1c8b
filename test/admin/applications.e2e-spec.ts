import { randomUUID } from 'node:crypto';
import {
  ForeignTenant,
  OwnerInAnotherTenant,
  OwnerMissing,
  OwnerUnknown,
  TenantUnknown,
} from '../../src/applications/administration/administered-applications.problems.js';
import { ApplicationExists, ApplicationNotFound } from '../../src/applications/applications.problems.js';
import { Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected, requestToken } from '../support/actor.js';
import { answersWithKey, associate, type KeyList, keyOf, TOKENS_AND_KEYS } from '../support/api-keys.js';
import type { Body } from '../support/client.js';
import { consumerOrganization, join, joinGroups } from '../support/consumer-organizations.js';
import { answers, callingTenants } from '../support/cross-tenant.js';
import { withDatabase } from '../support/database.js';
import { type GivenApplication, given } from '../support/given.js';
import { unique } from '../support/unique.js';

interface Info extends Body {
  readonly applicationId: string;
  readonly name: string;
  readonly owner: string;
}

interface List {
  readonly count: number;
  readonly list: readonly Info[];
  readonly pagination: { readonly total: number; readonly next: string; readonly previous: string };
}

const CONSUMER = ['Internal/subscriber'];
const APPLICATION = '/applications/{applicationId}';
/** Their own applications, which a user has from the first visit of the portal, are not what these tests look for. */
const isMade = ({ name }: { readonly name: string }) => name !== 'DefaultApplication';

const listed = async (by: Actor, query: Record<string, string> = {}) => expected(await by.admin<List>('GET /applications', { query }), 200);
const pathOf = ({ applicationId }: GivenApplication) => ({ applicationId });
const seen = async (by: Actor, application: GivenApplication) =>
  expected(await by.admin<Body>(`GET ${APPLICATION}`, { path: pathOf(application) }), 200);
const changeOwner = (by: Actor, application: GivenApplication, owner?: string | readonly string[]) =>
  by.admin(`POST ${APPLICATION}/change-owner`, { path: pathOf(application), query: { owner } });
const changeSettings = (by: Actor, application: GivenApplication, body: Body) =>
  by.admin<Body>(`POST ${APPLICATION}/change-settings`, { path: pathOf(application), body });

/** A tenant with two developers; the first has an application. */
const developers = async (properties: Body = {}) => {
  const { admin, domain } = await given.organization();
  const [ann, bob] = [await given.user({ roles: CONSUMER, by: admin }), await given.user({ roles: CONSUMER, by: admin })];
  return { admin, domain, ann, bob, application: await given.application(ann, properties) };
};

/** Lets clients that exist be mapped to applications. */
const openToMapping = async (by: Actor): Promise<void> => {
  const { list } = expected(await by.admin<{ list: readonly { id: string; type: string }[] }>('GET /key-managers'), 200);
  // Global ones, which other tests make, are listed too.
  const path = { keyManagerId: list.find(({ type }) => type === 'default')?.id ?? '' };
  const stored = expected(await by.admin<Body>('GET /key-managers/{keyManagerId}', { path }), 200);
  const body = { ...stored, enableMapOAuthConsumerApps: true };
  expected(await by.admin('PUT /key-managers/{keyManagerId}', { path, body }), 200);
};

describe('the list', () => {
  it('shows the applications of everybody in the tenant, and of nobody else', async () => {
    const { admin, ann, bob, application } = await developers();
    const another = await given.application(bob);
    await given.keys(application, { by: ann });
    await developers();

    const { list, count, pagination } = await listed(admin);

    expect(list.filter(isMade).map(({ applicationId }) => applicationId)).toEqual(
      [application, another]
        .sort((a, b) => a.name.toLowerCase().localeCompare(b.name.toLowerCase()))
        .map(({ applicationId }) => applicationId),
    );
    expect({ count, total: pagination.total }).toEqual({ count: list.length, total: list.length });
    expect(
      list
        .filter((one) => !isMade(one))
        .map(({ owner }) => owner)
        .sort(),
    ).toEqual([ann.username, bob.username].sort());
    const shown = list.find(({ applicationId }) => applicationId === application.applicationId);
    expect(shown).toMatchObject({ name: application.name, owner: ann.username, tokenType: 'JWT', status: 'APPROVED', groupId: '' });
    expect(shown?.['keyManagers']).toEqual([
      expect.objectContaining({ name: 'Resident Key Manager', type: 'default', isGlobal: false, isUsed: true, enabled: true }),
    ]);
    expect(JSON.stringify(list)).not.toContain('consumerSecret');
  });

  it('finds by a part of the owner’s name or of the application’s', async () => {
    const { admin, ann, bob, application } = await developers({ name: unique('100%_Sure') });
    const name = (actor: Actor) => actor.username.split('@')[0] ?? '';

    const made = async (query: Record<string, string>) => (await listed(admin, query)).list.filter(isMade).map((one) => one.name);
    expect(await made({ name: '100%_sUR' })).toEqual([application.name]);
    expect(await made({ name: '100_' })).toEqual([]);
    expect(await made({ user: name(ann).toUpperCase() })).toEqual([application.name]);
    expect(await made({ user: ann.username })).toEqual([application.name]);
    expect(await made({ user: name(bob) })).toEqual([]);
    expect(await made({ user: name(bob), name: '100%' })).toEqual([application.name]);
    expect(await made({ name: 'nul\0' })).toEqual([]);
  });

  it('comes in pages, sorted by name or owner', async () => {
    const { admin, ann, bob } = await developers({ name: 'b' });
    await given.application(bob, { name: 'A' });
    const owners = [ann.username, bob.username].sort();

    const first = await listed(admin, { limit: '1', offset: '1' });
    expect(first).toMatchObject({ count: 1, list: [{ name: 'b' }], pagination: { total: 4, offset: 1, limit: 1 } });
    expect(first.pagination.next).toBe('/applications?limit=1&offset=2');
    expect((await listed(admin, { sortOrder: 'desc' })).list.filter(isMade).map(({ name }) => name)).toEqual(['b', 'A']);
    const byOwner = (await listed(admin, { sortBy: 'owner' })).list.map(({ owner }) => owner);
    expect(byOwner).toEqual([owners[0], owners[0], owners[1], owners[1]]);
    expect(await listed(admin, { offset: '99' })).toMatchObject({ count: 0, list: [], pagination: { total: 4 } });
  });

  it.each([
    ['sortBy', 'tier'],
    ['sortOrder', 'up'],
    ['limit', '-1'],
    ['offset', 'x'],
  ])('refuses %s=%s', async (parameter, value) => {
    expect(await given.superAdmin.admin('GET /applications', { query: { [parameter]: value } })).toFailWith({ status: 400, code: 400 });
  });

  it('shows another tenant’s to administrators of the super tenant alone', async () => {
    const { admin, domain, application, ann } = await developers();
    const { list } = await listed(given.superAdmin, { tenantDomain: domain, name: application.name });
    expect(list).toMatchObject([{ applicationId: application.applicationId, owner: ann.username }]);
    expect((await listed(admin, { tenantDomain: domain, name: application.name })).count).toBe(1);

    const stranger = (await given.organization()).admin;

    expect(await stranger.admin('GET /applications', { query: { tenantDomain: domain } })).toFailWith(ForeignTenant(domain));
    const unknown = `${unique('none')}.com`;
    const asked = await given.superAdmin.admin('GET /applications', { query: { tenantDomain: unknown } });
    expect(asked).toFailWith(TenantUnknown(unknown));
  });
});

it('shows an application, without its keys', async () => {
  const { admin, ann, application } = await developers({ description: 'Shop', throttlingPolicy: '50PerMin' });
  const { consumerKey } = await given.keys(application, { by: ann });
  const api = await given.publishedApi({ by: admin });
  await given.subscription(api, application, { by: ann });

  const shown = await seen(admin, application);

  expect(shown).toEqual({
    ...{ applicationId: application.applicationId, name: application.name, owner: ann.username, description: 'Shop' },
    ...{ throttlingPolicy: '50PerMin', tokenType: 'JWT', status: 'APPROVED', groups: [], subscriptionCount: 1 },
    ...{ attributes: {}, subscriptionScopes: [] },
  });
  expect(JSON.stringify(shown)).not.toContain(consumerKey);
});

it('deletes an application of anybody, with its subscriptions and keys', async () => {
  const { admin, domain, ann, application } = await developers();
  const api = await given.publishedApi({ by: admin, backend: await given.backend() });
  await given.subscription(api, application, { by: ann });
  const keys = await given.keys(application, { by: ann });
  const token = await given.applicationToken(keys);
  await answers(api, token, 200);

  expect(await admin.admin(`DELETE ${APPLICATION}`, { path: pathOf(application) })).toMatchObject({ status: 200, body: undefined });

  expect(await ann.devportal(`GET ${APPLICATION}`, { path: pathOf(application) })).toFailWith(
    ApplicationNotFound(application.applicationId),
  );
  await answers(api, token, 401);
  const client = { clientId: keys.consumerKey, clientSecret: keys.consumerSecret };
  expect(await requestToken(client, { grant_type: 'client_credentials' })).toMatchObject({ status: 401 });
  const left = await withDatabase(async (database) => {
    const { rows } = await database.query(
      `SELECT kind FROM gateway_document WHERE organization = $1 AND kind IN ('application', 'subscription', 'key-mapping')
       AND body::text LIKE $2`,
      [domain, `%${application.applicationId}%`],
    );
    return rows;
  });
  expect(left).toEqual([]);
  expect(await admin.admin(`DELETE ${APPLICATION}`, { path: pathOf(application) })).toFailWith(
    ApplicationNotFound(application.applicationId),
  );
});

describe('a change of the owner', () => {
  it('gives the application to somebody else, with its keys and subscriptions', async () => {
    const { admin, ann, bob, application } = await developers();
    const api = await given.publishedApi({ by: admin, backend: await given.backend() });
    await given.subscription(api, application, { by: ann });
    const keys = await given.keys(application, { by: ann });
    const token = await given.applicationToken(keys);
    await answers(api, token, 200);

    expect(await changeOwner(admin, application, bob.username)).toMatchObject({ status: 200, body: undefined });

    expect(await seen(admin, application)).toMatchObject({ owner: bob.username, subscriptionCount: 1 });
    const path = pathOf(application);
    expect(await ann.devportal(`GET ${APPLICATION}`, { path })).toMatchObject({ status: 403 });
    expect(await bob.devportal(`GET ${APPLICATION}`, { path })).toMatchObject({
      status: 200,
      body: { owner: bob.username, subscriptionCount: 1, keys: [{ consumerKey: keys.consumerKey }] },
    });
    await answers(api, token, 200);
    await answers(api, await given.applicationToken(keys), 200);
    const made = await bob.devportal(`POST ${APPLICATION}/oauth-keys/{keyMappingId}/generate-secret`, {
      path: { ...path, keyMappingId: keys.keyMappingId },
      body: { additionalProperties: {} },
    });
    expect(made).toMatchObject({ status: 201 });
    const client = await admin.keyManagerOperations('GET /dcr/register/{clientId}', { path: { clientId: keys.consumerKey } });
    expect(client.body).toMatchObject({
      ext_application_owner: bob.username,
      client_name: `${bob.username}_${application.applicationId}_PRODUCTION`,
    });
  });

  it('tells the gateways', async () => {
    const { admin, domain, bob, application } = await developers();

    expected(await changeOwner(admin, application, bob.username), 200);

    const owners = await withDatabase(async (database) => {
      const where = `organization = $1 AND kind = 'application' AND key = $2`;
      const { rows } = await database.query(`SELECT body ->> 'owner' AS owner FROM gateway_document WHERE ${where}`, [
        domain,
        application.applicationId,
      ]);
      return rows;
    });
    expect(owners).toEqual([{ owner: bob.username }]);
  });

  it('leaves a client that was only mapped with its owner', async () => {
    const { admin, ann, bob, application } = await developers();
    await openToMapping(admin);
    const registered = await ann.clientRegistration<{ clientId: string; clientSecret: string }>('POST /register', {
      body: { clientName: unique('own'), owner: ann.username, grantType: 'client_credentials', callbackUrl: '', saasApp: false },
    });
    const { clientId, clientSecret } = expected(registered, 200);
    const body = { consumerKey: clientId, consumerSecret: clientSecret, keyType: 'PRODUCTION' };
    expected(await ann.devportal(`POST ${APPLICATION}/map-keys`, { path: pathOf(application), body }), 200);

    expected(await changeOwner(admin, application, bob.username), 200);

    const client = await admin.keyManagerOperations('GET /dcr/register/{clientId}', { path: { clientId } });
    expect(client.body).toMatchObject({ ext_application_owner: ann.username });
  });

  it('keeps the tenant of the owner in clients at another tenant’s key managers', async () => {
    const { provider, consumer, api, application, keys, token } = await callingTenants();
    const heir = await given.user({ roles: CONSUMER, by: consumer.admin });

    expected(await changeOwner(consumer.admin, application, heir.username), 200);

    const client = await provider.admin.keyManagerOperations('GET /dcr/register/{clientId}', { path: { clientId: keys.consumerKey } });
    expect(client.body).toMatchObject({ ext_application_owner: heir.username });
    await answers(api, token, 200);
    await answers(api, await given.applicationToken(keys), 200);
  });

  it('gives the new owner the API keys that the old one had with it', async () => {
    const { admin, ann, bob, application } = await developers();
    const api = await given.publishedApi({ by: admin, with: TOKENS_AND_KEYS, backend: await given.backend() });
    await given.subscription(api, application, { by: ann });
    const key = await keyOf(ann, api);
    await associate(ann, api, key.id, application);
    await answersWithKey(api, key.apikey, 200);

    expected(await changeOwner(admin, application, bob.username), 200);

    const keysOf = async (by: Actor) => {
      const { list } = expected(await by.devportal<KeyList>('GET /apis/{apiId}/api-keys', { path: { apiId: api.id } }), 200);
      return list.map(({ keyUUID }) => keyUUID);
    };
    expect(await keysOf(ann)).toEqual([]);
    expect(await keysOf(bob)).toEqual([key.id]);
    await answersWithKey(api, key.apikey, 200);
  });

  it('shares it with those alone with whom the new owner may share', async () => {
    const { admin } = await given.organization();
    const users = await Promise.all([1, 2, 3].map(() => given.user({ roles: CONSUMER, by: admin })));
    const [ann, bob, cleo] = users as [Actor, Actor, Actor]; // as many as were made
    const [first, second] = [await consumerOrganization(admin), await consumerOrganization(admin)];
    await joinGroups(admin, ann, 'sales,support');
    await joinGroups(admin, bob, 'support');
    await join(admin, ann, first.externalOrganizationId);
    await join(admin, bob, second.externalOrganizationId);
    await join(admin, cleo, first.externalOrganizationId);
    const application = await given.application(ann, { groups: ['sales', 'support'], visibility: 'SHARED_WITH_ORG' });
    const path = pathOf(application);
    expect(await cleo.devportal(`GET ${APPLICATION}`, { path })).toMatchObject({ status: 200 });

    expected(await changeOwner(admin, application, bob.username), 200);

    expect(await seen(admin, application)).toMatchObject({ groups: ['support'] });
    expect(await cleo.devportal(`GET ${APPLICATION}`, { path })).toMatchObject({ status: 403 });
    await join(admin, cleo, second.externalOrganizationId);
    expect(await cleo.devportal(`GET ${APPLICATION}`, { path })).toMatchObject({ status: 200 });
    // Of the group that stays.
    expect(await ann.devportal(`GET ${APPLICATION}`, { path })).toMatchObject({ status: 200, body: { owner: bob.username } });
  });

  it('knows the users of its tenant without the tenant’s name, in any letter case, and changes nothing for the owner', async () => {
    const { admin, ann, bob, application } = await developers();

    expected(await changeOwner(admin, application, ann.username), 200);
    expect(await seen(admin, application)).toMatchObject({ owner: ann.username });
    expected(await changeOwner(admin, application, (bob.username.split('@')[0] ?? '').toUpperCase()), 200);
    expect(await seen(admin, application)).toMatchObject({ owner: bob.username });
  });

  it('is refused for somebody who has an application of that name, who is unknown, or of another tenant', async () => {
    const { admin, domain, ann, bob, application } = await developers();
    const stranger = (await given.organization()).admin;
    await given.application(bob, { name: application.name });

    expect(await changeOwner(admin, application, bob.username)).toFailWith(ApplicationExists(application.name));
    for (const nobody of ['nobody', `nobody@${domain}`])
      expect(await changeOwner(admin, application, nobody)).toFailWith(OwnerUnknown(nobody));
    for (const name of [stranger.username, 'admin@carbon.super']) {
      expect(await changeOwner(admin, application, name)).toFailWith(OwnerInAnotherTenant());
    }
    expect(await changeOwner(admin, application, 'no\0body')).toFailWith({ status: 400, code: 400 });
    for (const nothing of [undefined, '', ' ', ['a', 'b']])
      expect(await changeOwner(admin, application, nothing)).toFailWith(OwnerMissing());
    expect(await seen(admin, application)).toMatchObject({ owner: ann.username });
  });
});

describe('a change of the settings', () => {
  it('gives the application to another owner and answers with it', async () => {
    const { admin, bob, application } = await developers();

    const changed = await changeSettings(admin, application, { owner: bob.username, tokenType: 'JWT' });

    expect(changed).toMatchObject({
      status: 200,
      body: { owner: bob.username, tokenType: 'JWT', applicationId: application.applicationId },
    });
    expect(await seen(admin, application)).toEqual(changed.body);
  });

  it('leaves what it does not name', async () => {
    const { admin, application } = await developers();
    const before = await seen(admin, application);

    expect(await changeSettings(admin, application, { tokenType: 'JWT' })).toMatchObject({ status: 200, body: before });
    expect(await changeSettings(admin, application, {})).toMatchObject({ status: 200, body: before });
  });

  it.each([{ tokenType: 'OAUTH' }, { owner: 7 }, { owner: ' ' }, { throttlingPolicy: '10PerMin' }])('refuses %j', async (body) => {
    const { admin, application } = await developers();

    expect(await changeSettings(admin, application, body)).toFailWith({ status: 400, code: 400 });
  });
});

it('hides the applications of other tenants, and those that are not there', async () => {
  const { application } = await developers();
  const stranger = (await given.organization()).admin;

  for (const applicationId of [application.applicationId, randomUUID(), 'no-uuid']) {
    const refused = ApplicationNotFound(applicationId);
    const path = { applicationId };
    expect(await stranger.admin(`GET ${APPLICATION}`, { path })).toFailWith(refused);
    expect(await stranger.admin(`DELETE ${APPLICATION}`, { path })).toFailWith(refused);
    const query = { owner: stranger.username };
    expect(await stranger.admin(`POST ${APPLICATION}/change-owner`, { path, query })).toFailWith(refused);
    expect(await stranger.admin(`POST ${APPLICATION}/change-settings`, { path, body: query })).toFailWith(refused);
    expect(await stranger.admin(`POST ${APPLICATION}/change-settings`, { path, body: {} })).toFailWith(refused);
  }
});

it('is for those with the scopes of it', async () => {
  const { admin, ann, application } = await developers();
  const path = pathOf(application);
  const viewer = admin.withScopes('apim:admin_application_view');

  expect((await listed(viewer)).count).toBeGreaterThan(0);
  expect(await viewer.admin(`GET ${APPLICATION}`, { path })).toMatchObject({ status: 200 });
  for (const operation of [`DELETE ${APPLICATION}`, `POST ${APPLICATION}/change-owner`]) {
    expect(await viewer.admin(operation, { path, query: { owner: ann.username } })).toFailWith(Unauthenticated());
  }
  expect(await viewer.admin(`POST ${APPLICATION}/change-settings`, { path, body: {} })).toFailWith(Unauthenticated());
  expect(await ann.admin('GET /applications')).toFailWith(Unauthenticated());
  expect(await ann.admin(`GET ${APPLICATION}`, { path })).toFailWith(Unauthenticated());
});
