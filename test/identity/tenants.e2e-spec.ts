import { expected } from '../support/actor.js';
import { type Answer, management, NOBODY } from '../support/client.js';
import { withDatabase } from '../support/database.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';

const PASSWORD = 'Secret12';
const UUID = /^[0-9a-f-]{36}$/;
const { superAdmin } = given;

interface Tenant {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
  readonly owners: readonly { readonly id: string; readonly username: string }[];
  readonly createdDate: string;
  readonly lifecycleStatus: { readonly activated: boolean };
}

const owner = {
  username: 'anna',
  password: PASSWORD,
  email: 'anna@acme.com',
  firstname: 'Anna',
  lastname: 'B',
  provisioningMethod: 'inline-password',
};

const created = async (with_: object = {}): Promise<Tenant> => {
  const domain = `${unique('acme')}.com`;
  expected(await superAdmin.tenants('POST /tenants', { body: { name: 'Acme', domain, owners: [{ ...owner, ...with_ }] } }), 201);
  return byDomain(domain);
};

const byDomain = async (domain: string): Promise<Tenant> =>
  expected(await superAdmin.tenants<Tenant>('GET /tenants/domain/{domain}', { path: { domain } }), 200);

const setActive = async (id: string, activated: boolean) =>
  superAdmin.tenants<string>('PUT /tenants/{id}/lifecycle-status', { path: { id }, body: { activated } });

const login = ({ domain }: Pick<Tenant, 'domain'>, password = PASSWORD): Promise<Answer> =>
  management.request('GET /scim2/Me', { as: { basic: { username: `anna@${domain}`, password } } });

it('creates a tenant whose owner can sign in at once and holds the role admin', async () => {
  const domain = `${unique('acme')}.com`;

  const answer = await superAdmin.tenants('POST /tenants', { body: { name: 'Acme', domain, owners: [owner] } });

  expect(answer).toMatchObject({ status: 201, body: undefined });
  const tenant = await byDomain(domain);
  expect(answer.headers['location']).toMatch(new RegExp(`/api/server/v1/tenants/${tenant.id}$`));
  expect(tenant).toEqual({
    id: expect.stringMatching(UUID),
    name: 'Acme',
    domain,
    owners: [{ id: expect.stringMatching(UUID), username: 'anna' }],
    createdDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}Z$/),
    lifecycleStatus: { activated: true },
  });
  expect(await login(tenant)).toMatchObject({ status: 200, body: { userName: 'anna', groups: [{ display: 'admin' }] } });
});

it.each([
  ['domain', { domain: 'nodot' }, {}, 'TM-60005'],
  ['domain', { domain: '.a.com' }, {}, 'TM-60006'],
  ['domain', { domain: 'Acme.com' }, {}, 'TM-60007'],
  ['domain', { domain: '' }, {}, 'TM-60004'],
  ['domain', { domain: 'carbon.super' }, {}, 'TM-60009'],
  ['owner', { owners: [] }, {}, 'TM-60012'],
  ['e-mail', {}, { email: '' }, 'TM-60000'],
  ['e-mail', {}, { email: 'a(b)@c.com' }, 'TM-60001'],
  ['e-mail', {}, { email: 'anna' }, 'TM-60002'],
  ['password', {}, { password: undefined }, 'TM-60013'],
  ['password', {}, { password: null }, 'TM-60013'],
  ['password', {}, { password: 'four' }, '30003'],
  ['user name', {}, { username: 'a b' }, '31301'],
])('refuses a wrong %s: %j %j', async (_, tenant, wrong, code) => {
  const domain = `${unique('acme')}.com`;

  const answer = await superAdmin.tenants('POST /tenants', { body: { domain, owners: [{ ...owner, ...wrong }], ...tenant } });

  expect(answer).toMatchObject({ status: 400, body: { code, traceId: expect.stringMatching(UUID) } });
  expect(Object.keys(answer.body)).toEqual(['code', 'message', 'description', 'traceId']);
  expect(await superAdmin.tenants('HEAD /tenants/domain/{domain}', { path: { domain } })).toMatchObject({ status: 404 });
});

it('refuses a domain that exists, and makes only one of two at the same time', async () => {
  const domain = `${unique('acme')}.com`;
  const create = () => superAdmin.tenants('POST /tenants', { body: { domain, owners: [owner] } });

  const answers = await Promise.all([create(), create()]);

  expect(answers.map(({ status }) => status).sort()).toEqual([201, 400]);
  expect(answers.find(({ status }) => status === 400)?.body).toMatchObject({ code: 'TM-60009' });
  expect(await superAdmin.tenants('HEAD /tenants/domain/{domain}', { path: { domain } })).toMatchObject({ status: 200 });
});

it('lists with filter, window and links', async () => {
  const [first, second] = [await created(), await created()];
  const filter = `domainName co ${first.domain.slice(0, 10)}`;

  const one = await superAdmin.tenants('GET /tenants', { query: { filter } });
  const window = await superAdmin.tenants<{ totalResults: number; tenants: readonly Tenant[] }>('GET /tenants', {
    query: { limit: 1, offset: 1, sortBy: 'domainName', sortOrder: 'DESC', filter: 'domainName sw acme' },
  });

  expect(one).toMatchObject({ status: 200, body: { totalResults: 1, startIndex: 1, count: 1, links: [], tenants: [first] } });
  expect(window).toMatchObject({ status: 200, body: { startIndex: 2, count: 1 } });
  expect(window.body).toHaveProperty(
    'links',
    expect.arrayContaining([{ rel: 'previous', href: '/api/server/v1/tenants?offset=0&limit=1&filter=domainName%20sw%20acme' }]),
  );
  expect(window.body.totalResults).toBeGreaterThanOrEqual(2);
  expect(second.domain).not.toBe(first.domain);
});

it.each([
  [{ limit: '-1' }, 'TM-60010'],
  [{ offset: '-1' }, 'TM-60011'],
  [{ filter: 'domainName like x' }, '400'],
  [{ filter: 'domainName sw' }, '400'],
  [{ filter: ['domainName sw a', 'domainName'], sortOrder: ['ASC', 'DESC'], sortBy: 'domainName' }, '400'],
])('refuses the list %j', async (query, code) => {
  expect(await superAdmin.tenants('GET /tenants', { query })).toMatchObject({ status: 400, body: { code } });
});

it('answers unknown ids, domains and owners with 400 and its own codes', async () => {
  const { id } = await created();

  expect(await superAdmin.tenants('GET /tenants/{id}', { path: { id: 'nobody' } })).toMatchObject({
    status: 400,
    body: { code: 'TM-60014' },
  });
  expect(await superAdmin.tenants('GET /tenants/domain/{d}', { path: { d: 'no.where' } })).toMatchObject({
    status: 400,
    body: { code: 'TM-60015' },
  });
  expect(await superAdmin.tenants('GET /tenants/{id}/owners/x', { path: { id } })).toMatchObject({
    status: 400,
    body: { code: 'TM-60020' },
  });
  expect(await superAdmin.tenants('DELETE /tenants/{id}/metadata', { path: { id } })).toMatchObject({
    status: 400,
    body: { code: 'TM-60016' },
  });
});

it('reads and changes the owner; blank fields stay', async () => {
  const claim = 'http://wso2.org/claims/telephone';
  const { id, owners, domain } = await created({ additionalClaims: [{ claim, value: '+1' }] });
  const path = { id, owner: owners[0]?.id ?? '' };

  const body = { email: 'new@acme.com', firstname: '', lastname: 'C', password: 'Changed34' };
  expect(await superAdmin.tenants('PUT /tenants/{id}/owners/{owner}', { path, body })).toMatchObject({ status: 200 });

  expect(await superAdmin.tenants('GET /tenants/{id}/owners', { path })).toMatchObject({ status: 200, body: owners });
  const query = { additionalClaims: `${claim},http://wso2.org/claims/country` };
  expect(await superAdmin.tenants('GET /tenants/{id}/owners/{owner}', { path, query })).toMatchObject({
    status: 200,
    body: { ...owners[0], email: 'new@acme.com', firstname: 'Anna', lastname: 'C', additionalClaims: [{ claim, value: '+1' }] },
  });
  expect(await login({ domain })).toMatchObject({ status: 401 });
  expect(await login({ domain }, 'Changed34')).toMatchObject({ status: 200 });
});

it('refuses logins and tokens of a deactivated tenant until it is active again', async () => {
  const { domain, admin } = await given.organization();
  const { id } = await byDomain(domain);
  const token = await admin.token();
  const withToken = () => management.request('GET /api/am/publisher/v4/throttling-policies/subscription', { as: { bearer: token } });
  expect(await withToken()).toMatchObject({ status: 200 });

  const answer = await setActive(id, false);

  expect(answer).toMatchObject({ status: 200, body: expect.stringMatching(new RegExp(`/api/server/v1/tenants/${id}$`)) });
  expect(await admin.scim('GET /Me')).toMatchObject({ status: 401 });
  expect(await withToken()).toMatchObject({ status: 401 });
  expect(await byDomain(domain)).toMatchObject({ lifecycleStatus: { activated: false } });

  expect(await setActive(id, true)).toMatchObject({ status: 200 });
  expect(await admin.scim('GET /Me')).toMatchObject({ status: 200 });
  expect(await withToken()).toMatchObject({ status: 200 });
});

it('is closed to a tenant that opened it to itself', async () => {
  const { admin, domain } = await given.organization();
  await withDatabase((database) =>
    database.query(
      `INSERT INTO scope_roles (organization, scope, roles) VALUES ($1, 'internal_list_tenants', '{admin}'), ($1, 'internal_user_mgt_list', '{Internal/creator}')`,
      [domain],
    ),
  );
  const creator = await given.user({ by: admin, roles: ['Internal/creator'] });
  const { list } = expected(await admin.admin<{ list: readonly { name: string }[] }>('GET /system-scopes'), 200);

  expect(list.filter(({ name }) => name.startsWith('internal_'))).toEqual([]);
  expect(await admin.tenants('GET /tenants')).toMatchObject({ status: 403 });
  expect(await creator.scim('GET /Users')).toMatchObject({ status: 403 });
});

it('is closed, without a body, to nobody, to users of other tenants and to tokens without the scope', async () => {
  const { admin } = await given.organization();
  const plain = await given.user();
  const reader = await superAdmin.token('internal_list_tenants');
  const body = { domain: `${unique('acme')}.com`, owners: [owner] };

  expect(await superAdmin.tenants('GET /tenants', { as: NOBODY })).toMatchObject({ status: 401, body: undefined });
  expect(
    await superAdmin.tenants('POST /tenants', { as: NOBODY, raw: '{', headers: { 'content-type': 'application/json' } }),
  ).toMatchObject({ status: 401 });
  expect(await admin.tenants('GET /tenants')).toMatchObject({ status: 403, body: undefined });
  expect(await plain.tenants('GET /tenants')).toMatchObject({ status: 403, body: undefined });
  expect(await superAdmin.tenants('GET /tenants', { as: { bearer: reader } })).toMatchObject({ status: 200 });
  expect(await superAdmin.tenants('POST /tenants', { as: { bearer: reader }, body })).toMatchObject({ status: 403, body: undefined });
});
