import { NotFound, Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import { given } from '../support/given.js';
import { configure, tenantConfig } from '../support/tenant-config.js';

const UnknownTenant = NotFound('Tenant');
const ask = (by: Actor, tenantDomain: string) => by.admin('GET /custom-urls/{tenantDomain}', { path: { tenantDomain } });

it('is not enabled for a tenant that has no address of its own', async () => {
  const { admin, domain } = await given.organization();

  expect(await ask(admin, domain)).toMatchObject({
    status: 200,
    body: { tenantDomain: domain, tenantAdminUsername: `admin@${domain}`, enabled: false, devPortal: { url: '' } },
  });
});

it('is the address that the tenant configured, and where its publishers are sent', async () => {
  const { admin, domain } = await given.organization();
  const DevPortal = 'https://apis.example.com';

  await configure(admin, { CustomUrls: { DevPortal } });

  expect((await ask(admin, domain)).body).toMatchObject({ enabled: true, devPortal: { url: DevPortal } });
  expect(expected(await admin.publisher('GET /settings'), 200)['devportalUrl']).toBe(DevPortal);
  expect(expected(await given.superAdmin.publisher('GET /settings'), 200)['devportalUrl']).not.toBe(DevPortal);
});

it("is told of every tenant to the super tenant's administrators, and to others of their own alone", async () => {
  const { admin, domain } = await given.organization();
  const other = await given.organization();

  expect((await ask(given.superAdmin, domain)).body).toMatchObject({ tenantDomain: domain, enabled: false });
  expect((await ask(given.superAdmin, 'carbon.super')).body).toMatchObject({ tenantAdminUsername: 'admin' });
  for (const unknown of [other.domain, 'carbon.super', 'nowhere.example', 'a\0b']) {
    expect(await ask(admin, unknown)).toFailWith(UnknownTenant(unknown));
  }
  expect(await ask(given.superAdmin, 'nowhere.example')).toFailWith(UnknownTenant('nowhere.example'));
});

it.each([
  ['of another scheme', { DevPortal: 'javascript:alert(1)' }],
  ['that is none', { DevPortal: 'https://' }],
  ['for something else', { Elsewhere: 'https://apis.example.com' }],
])('refuses an address %s', async (_, CustomUrls) => {
  const { admin } = await given.organization();
  const body = { ...(await tenantConfig(admin)), CustomUrls };

  expect(await admin.admin('PUT /tenant-config', { body })).toFailWith({ status: 400, code: 902001 });
});

it('wants apim:admin or apim:tenantInfo', async () => {
  const { admin, domain } = await given.organization();

  expect(await ask(admin.withScopes('apim:admin_settings'), domain)).toFailWith(Unauthenticated());
  expect(await ask(admin.withScopes('apim:tenantInfo'), domain)).toMatchObject({ status: 200 });
});
