import { type Parts, tenantAdmin } from '../support/admin-services.js';
import { auditOf } from '../support/audit.js';
import { management } from '../support/client.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';

const PASSWORD = 'Secret12';
const { superAdmin } = given;
const tenants = tenantAdmin(superAdmin);
const DONE = { status: 200, returned: [null], fault: undefined };

interface TenantBean {
  readonly tenantDomain: string;
  readonly tenantId: string;
  readonly active: string;
  readonly admin: string | null;
}

/** With every part of the schema, in its order. */
const newTenant = (tenantDomain: string, further: Parts = {}): Parts => ({
  tenantInfoBean: {
    ...{
      active: true,
      admin: 'anna',
      adminPassword: PASSWORD,
      createdDate: null,
      email: 'anna@acme.com',
      firstname: 'Anna',
      lastname: 'B',
    },
    ...{ name: null, originatedService: null, successKey: 'true', tenantDomain, tenantId: 0, usagePlan: 'demo' },
    ...further,
  },
});

const created = async (prefix = 'acme'): Promise<string> => {
  const tenantDomain = `${unique(prefix)}.com`;
  expect(await tenants('addTenant', newTenant(tenantDomain))).toMatchObject({ status: 200 });
  return tenantDomain;
};

const tenant = async (tenantDomain: string): Promise<TenantBean> =>
  (await tenants('getTenant', { tenantDomain })).returned[0] as TenantBean; // the bean of the schema

const login = async (domain: string, password = PASSWORD): Promise<number> =>
  (await management.request('GET /scim2/Me', { as: { basic: { username: `anna@${domain}`, password } } })).status;

it('adds a tenant whose owner can sign in at once', async () => {
  const tenantDomain = `${unique('acme')}.com`;
  // What clients read from a domain that is free: not active, and without an id.
  expect(await tenant(tenantDomain)).toMatchObject({ active: 'false', tenantId: '0', tenantDomain: null });
  expect((await tenants('checkDomainAvailability', { domainName: tenantDomain })).returned).toEqual(['true']);

  const answer = await tenants('addTenant', newTenant(tenantDomain));

  expect(answer).toMatchObject({ status: 200, returned: [expect.stringMatching(/^[0-9a-f-]{36}$/)] });
  expect(await login(tenantDomain)).toBe(200);
  expect((await tenants('checkDomainAvailability', { domainName: tenantDomain })).returned).toEqual(['false']);
  expect((await tenants('checkDomainAvailability', { domainName: 'carbon.super' })).returned).toEqual(['false']);
  expect(await tenant(tenantDomain)).toEqual({
    ...{ active: 'true', admin: 'anna', adminPassword: null, email: 'anna@acme.com', firstname: 'Anna', lastname: 'B' },
    ...{ createdDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/), name: tenantDomain, originatedService: null, successKey: null },
    ...{ tenantDomain, tenantId: expect.stringMatching(/^[1-9]\d*$/), usagePlan: '' },
  });
  // Clients do so right after they made it.
  expect(await tenants('activateTenant', { tenantDomain })).toMatchObject(DONE);
  expect(await superAdmin.tenants('GET /tenants/domain/{d}', { path: { d: tenantDomain } })).toMatchObject({
    body: { id: answer.returned[0], lifecycleStatus: { activated: true } },
  });
});

it.each<[string, Parts, string | RegExp]>([
  ['domain in capitals', { tenantDomain: 'Acme.com' }, /^The tenant domain Acme\.com contains one or more illegal characters/],
  ['domain without an extension', { tenantDomain: 'acme' }, /extension/],
  ['domain that starts with a dot', { tenantDomain: '.acme.com' }, /must not start/],
  ['no domain', { tenantDomain: null }, /empty/],
  ['domain of the super tenant', { tenantDomain: 'carbon.super' }, /exists already/],
  ['mail address', { email: 'anna' }, 'Invalid email is provided.'],
  ['mail address with brackets', { email: 'a(b)@c.com' }, 'Invalid email is provided.'],
  ['user name', { admin: 'a b' }, /^31301/],
  ['no user name', { admin: null }, /^31301/],
  ['password', { adminPassword: 'four' }, /^30003/],
  ['no password', { adminPassword: null }, /^30003/],
])('refuses a tenant: %s', async (_, wrong, text) => {
  const tenantDomain = `${unique('acme')}.com`;

  expect(await tenants('addTenant', newTenant(tenantDomain, wrong))).toMatchObject({
    status: 500,
    fault: {
      faultcode: 'soapenv:Server',
      faultstring: typeof text === 'string' ? text : expect.stringMatching(text),
      detail: { TenantMgtAdminServiceException: '' },
    },
  });
  expect(await tenant(tenantDomain)).toMatchObject({ tenantId: '0' });
});

it('refuses a message without a tenant, and a domain that exists', async () => {
  const tenantDomain = await created();

  expect(await tenants('addTenant')).toMatchObject({ status: 500, fault: { faultcode: 'soapenv:Server' } });
  expect(await tenants('addTenant', newTenant(tenantDomain, { adminPassword: 'Another34' }))).toMatchObject({
    fault: { faultstring: expect.stringMatching(/exists already/) },
  });
  expect(await login(tenantDomain)).toBe(200);
});

it('switches tenants off and on', async () => {
  const tenantDomain = await created();

  expect(await tenants('deactivateTenant', { tenantDomain })).toMatchObject(DONE);
  expect(await login(tenantDomain)).toBe(401);
  expect(await tenant(tenantDomain)).toMatchObject({ active: 'false', tenantId: expect.stringMatching(/^[1-9]/) });
  expect(await tenants('activateTenant', { tenantDomain })).toMatchObject(DONE);
  expect(await login(tenantDomain)).toBe(200);
});

it('changes the owner; blank fields stay', async () => {
  const tenantDomain = await created();
  const tenantInfoBean = {
    active: true,
    admin: 'anna',
    adminPassword: 'Changed34',
    email: 'new@acme.com',
    firstname: '',
    lastname: null,
    tenantDomain,
  };

  expect(await tenants('updateTenant', { tenantInfoBean })).toMatchObject(DONE);

  expect([await login(tenantDomain), await login(tenantDomain, 'Changed34')]).toEqual([401, 200]);
  expect(await tenant(tenantDomain)).toMatchObject({ email: 'new@acme.com', firstname: 'Anna', lastname: 'B' });
  const wrong = { tenantInfoBean: { ...tenantInfoBean, email: 'nowhere' } };
  expect(await tenants('updateTenant', wrong)).toMatchObject({ fault: { faultstring: 'Invalid email is provided.' } });
});

it('lists tenants, whole, by a part of their domains, and by pages of 15', async () => {
  const mark = unique('many');
  const domains: string[] = [];
  for (let index = 0; index < 16; index += 1) domains.push(await created(`${mark}-`));
  const seen = (beans: readonly unknown[]) => beans.map((bean) => (bean as TenantBean).tenantDomain); // the bean of the schema
  const page = async (pageNumber: number) => {
    const [found] = (await tenants('retrievePaginatedPartialSearchTenants', { domain: mark, pageNumber })).returned;
    return found as { numberOfPages: string; tenantInfoBeans: TenantBean | readonly TenantBean[] }; // the bean of the schema
  };

  const { returned } = await tenants('retrievePartialSearchTenants', { domain: mark });

  expect(seen(returned)).toEqual(domains);
  expect(returned[0]).toMatchObject({ admin: null, firstname: null, adminPassword: null, email: 'anna@acme.com', active: 'true' });
  expect(seen((await tenants('retrieveTenants')).returned)).toEqual(expect.arrayContaining(domains));
  const [first, second] = [await page(0), await page(1)];
  expect([first.numberOfPages, second.numberOfPages]).toEqual(['2', '2']);
  expect(seen([first.tenantInfoBeans].flat())).toEqual(domains.slice(0, 15));
  expect(seen([second.tenantInfoBeans].flat())).toEqual(domains.slice(15));
  const [all] = (await tenants('retrievePaginatedTenants', { pageNumber: 0 })).returned as [{ tenantInfoBeans: readonly unknown[] }]; // as above
  expect(all.tenantInfoBeans).toHaveLength(15);
  expect((await tenants('retrievePartialSearchTenants', { domain: 'a%b' })).returned).toEqual([null]);
  expect(seen((await tenants('retrieveTenants')).returned)).not.toContain('carbon.super');
});

it('deletes none, and knows none that are not there', async () => {
  const tenantDomain = await created();

  expect(await tenants('deleteTenant', { tenantDomain })).toMatchObject({ status: 500, fault: { faultcode: 'soapenv:Server' } });
  expect(await login(tenantDomain)).toBe(200);
  for (const operation of ['activateTenant', 'deactivateTenant', 'deleteTenant'])
    for (const unknown of ['no.where', 'carbon.super'])
      expect(await tenants(operation, { tenantDomain: unknown })).toMatchObject({
        status: 500,
        fault: { faultstring: expect.stringContaining(unknown) },
      });
});

it('is closed to users of other tenants, and to those of the super tenant who are no administrators', async () => {
  const { admin } = await given.organization();
  const plain = await given.user({ roles: ['Internal/creator'] });
  const tenantDomain = `${unique('acme')}.com`;
  const denied = { status: 500, fault: { faultcode: '50978', faultstring: 'Access Denied.' } };

  for (const by of [admin, plain])
    for (const operation of [
      ...['addTenant', 'getTenant', 'retrieveTenants', 'retrievePartialSearchTenants', 'retrievePaginatedTenants', 'updateTenant'],
      ...['retrievePaginatedPartialSearchTenants', 'checkDomainAvailability', 'activateTenant', 'deactivateTenant', 'deleteTenant'],
    ])
      expect(await tenantAdmin(by)(operation, newTenant(tenantDomain))).toMatchObject(denied);
  expect(await tenant(tenantDomain)).toMatchObject({ tenantId: '0' });
});

it('is in the audit entries', async () => {
  const tenantDomain = await created();
  await tenants('deactivateTenant', { tenantDomain });

  const entries = (await auditOf(superAdmin, { kind: 'Tenant' })).filter(({ entityName }) => entityName === tenantDomain);

  const by = `${superAdmin.username}@carbon.super`;
  expect(entries[0]).toMatchObject({ action: 'updated', user: by, before: { active: true }, after: { active: false } });
  expect(entries.at(-1)).toMatchObject({ action: 'created', user: by });
});
