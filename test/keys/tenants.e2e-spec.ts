import { management } from '../support/client.js';
import { given, type Organization } from '../support/given.js';
import { server } from '../support/server.js';
import { unique } from '../support/unique.js';
import { discovered, introspect, isSignedByJwks, partsOf, passwordTokens, register, tokenOf, useAtRestApi } from './oauth.js';

let tenant: Organization;
beforeAll(async () => {
  tenant = await given.organization();
});

describe('a tenant', () => {
  it('has an issuer and keys of its own', async () => {
    const client = await register({ as: tenant.admin });
    const issuer = `${server.management}/t/${tenant.domain}/oauth2/token`;

    const { body } = await tokenOf(client, { grant_type: 'client_credentials' });
    const configuration = await discovered(client, issuer);

    expect(partsOf(body.access_token).claims).toMatchObject({ iss: issuer, realm: { signing_tenant: tenant.domain } });
    expect(configuration.serverMetadata().jwks_uri).toBe(`${server.management}/t/${tenant.domain}/oauth2/jwks`);
    expect(await isSignedByJwks(body.access_token, `/t/${tenant.domain}/oauth2/jwks`)).toBe(true);
    expect(await isSignedByJwks(body.access_token)).toBe(false);
  });

  it('is served under its own path too, for its own and for SaaS clients', async () => {
    const [own, saas, foreign] = [await register({ as: tenant.admin }), await register({ saasApp: true }), await register()];
    const path = `/t/${tenant.domain}/oauth2/token`;

    expect((await tokenOf(own, { grant_type: 'client_credentials' }, path)).status).toBe(200);
    expect((await tokenOf(saas, { grant_type: 'client_credentials' }, path)).status).toBe(200);
    expect(await tokenOf(foreign, { grant_type: 'client_credentials' }, path)).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    });
  });

  it('lets its users log in through SaaS clients of others, and through no other client', async () => {
    const [saas, closed] = [await register({ saasApp: true }), await register()];
    const login = { grant_type: 'password', username: tenant.admin.username, password: tenant.admin.password };

    expect((await tokenOf(saas, login)).status).toBe(200);
    expect(await tokenOf(closed, login)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });

  it('gives its users no more scopes through a client of another tenant than through its own', async () => {
    const [saas, own] = [await register({ saasApp: true }), await register({ as: tenant.admin })];
    const [theirs, ours] = [unique('theirs'), unique('ours')];
    const scopes = (name: string, role: string) => [{ scope: { name, displayName: name, bindings: [role] } }];
    const role = unique('keeper').toLowerCase();
    await tenant.admin.scim('POST /Groups', { body: { displayName: role } });
    await given.api({ by: tenant.admin, with: { scopes: scopes(theirs, role) } });
    await given.api({ with: { scopes: scopes(ours, 'admin') } });
    const login = { username: tenant.admin.username, password: tenant.admin.password };

    expect((await passwordTokens(own, login, theirs)).scope).toBe('default');
    expect((await passwordTokens(saas, login, theirs)).scope).toBe('default');
    // Its administrator is not the other tenant's.
    expect((await passwordTokens(saas, login, ours)).scope).toBe('default');
    expect((await passwordTokens(saas, login, `apim:api_view ${unique('unknown')}`)).scope).toMatch(/^apim:api_view unknown/);
  });

  it('takes a bare user name for its own at its own clients', async () => {
    const client = await register({ as: tenant.admin });

    const answer = await tokenOf(client, { grant_type: 'password', username: 'admin', password: tenant.admin.password });

    expect(answer.status).toBe(200);
    expect(await introspect(answer.body.access_token)).toMatchObject({ active: true, username: `admin@${tenant.domain}` });
  });

  it('is gone for its clients, users and tokens while it is inactive', async () => {
    const other = await given.organization();
    const client = await register({ as: other.admin });
    const { access_token } = await passwordTokens(client, other.admin);
    expect((await useAtRestApi(access_token)).status).toBe(200);

    const tenants = await given.superAdmin.tenants<{ id: string }>(`GET /tenants/domain/${other.domain}`);
    await given.superAdmin.tenants('PUT /tenants/{id}/lifecycle-status', { path: { id: tenants.body.id }, body: { activated: false } });

    expect((await useAtRestApi(access_token)).status).toBe(401);
    expect((await tokenOf(client, { grant_type: 'client_credentials' })).status).toBe(401);
    expect((await management.request(`GET /t/${other.domain}/oauth2/jwks`)).status).toBe(404);
  });
});
