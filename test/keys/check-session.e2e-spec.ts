import { type Answer, management } from '../support/client.js';
import { given } from '../support/given.js';
import { register } from './oauth.js';

const LOGIN = 'https://portal.example:9443/publisher/services/auth/callback/login';
const LOGOUT = 'https://portal.example:9443/publisher/services/auth/callback/logout';
const CALLBACK = `regexp=(${LOGIN}|${LOGOUT})`;
const ORIGIN = 'https://portal.example:9443';

const frame = (query: Readonly<Record<string, string>>, prefix = ''): Promise<Answer<string>> =>
  management.request<string>(`GET ${prefix}/oidc/checksession`, { query });

describe('the check-session frame', () => {
  it('is a page that the client’s origin alone may frame', async () => {
    const { clientId } = await register({ callbackUrl: CALLBACK });

    const { status, headers, body } = await frame({ client_id: clientId, redirect_uri: LOGIN });

    expect(status).toBe(200);
    expect(headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
    expect(headers['content-security-policy']).toMatch(`frame-ancestors ${ORIGIN}`);
    expect(headers['x-frame-options']).toBeUndefined();
    expect(body).toContain(`data-client-id="${clientId}" data-origin="${ORIGIN}"`);
  });

  it.each([
    ['a URL that is not registered', { redirect_uri: 'https://evil.example/' }, 400],
    ['a URL that looks like it', { redirect_uri: LOGIN.replace('portal.', 'portalx') }, 400],
    ['a foreign client', { client_id: 'nobody', redirect_uri: LOGIN }, 400],
    ['no client', { client_id: '', redirect_uri: LOGIN }, 400],
    ['no URL', {}, 400],
  ])('is not made for %s', async (_, query, status) => {
    const { clientId } = await register({ callbackUrl: CALLBACK });

    expect((await frame({ client_id: clientId, ...query })).status).toBe(status);
  });

  it('is not made for a URL that is no page', async () => {
    const { clientId } = await register({ callbackUrl: 'app://callback' });

    expect((await frame({ client_id: clientId, redirect_uri: 'app://callback' })).status).toBe(400);
  });

  it('is found below the tenant of its client, and below no other', async () => {
    const [tenant, other] = [await given.organization(), await given.organization()];
    const { clientId } = await register({ as: tenant.admin, callbackUrl: CALLBACK });
    const query = { client_id: clientId, redirect_uri: LOGIN };

    const statuses = await Promise.all(
      ['', `/t/${tenant.domain}`, `/t/${other.domain}`, '/t/no-such.org'].map(async (prefix) => (await frame(query, prefix)).status),
    );

    expect(statuses).toEqual([200, 200, 400, 404]);
  });

  it('takes no form', async () => {
    const { status, headers } = await management.request('POST /oidc/checksession');

    expect([status, headers['allow']]).toEqual([405, 'GET']);
    expect((await management.request('GET /oidc/no-such-thing')).status).toBe(404);
  });
});
