import { auditOf } from '../support/audit.js';
import { consumerOrganization, join } from '../support/consumer-organizations.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';
import { asking, Browser, CALLBACK, pathOf, portalClient, quietClient, redeem, sentBack, type Visit } from './browser.js';

const CONSENT_PAGE = '/authenticationendpoint/oauth2_consent.do';
const RETRY_PAGE = '/authenticationendpoint/retry.do';

const asksConsent = async (browser: Browser, app: { readonly clientId: string }, further: Readonly<Record<string, string>> = {}) =>
  browser.arrive(asking(app, further));

describe('a user of a portal’s application', () => {
  it('is asked before it acts for them, on a page that names it', async () => {
    const [browser, app] = [new Browser(), await portalClient()];

    const toConsent = await asksConsent(browser, app, { scope: 'openid apim:api_view' });

    const name = `admin_${app.application.applicationId}_PRODUCTION`;
    expect(pathOf(toConsent)).toBe(CONSENT_PAGE);
    expect(sentBack(toConsent)).toMatchObject({ loggedInUser: 'admin', application: name, scope: 'openid apim:api_view' });
    const page = await browser.get(toConsent.location);
    expect(page.status).toBe(200);
    for (const text of [name, app.application.name, 'apim:api_view', 'value="approve"', 'value="approveAlways"', 'value="deny"'])
      expect(page.body).toContain(text);
    const back = await browser.consent(toConsent, 'approve');
    expect((await redeem(app, sentBack(back)['code'])).status).toBe(200);
  });

  it('is asked on another page where no identity is asked for', async () => {
    const [browser, app] = [new Browser(), await portalClient()];

    expect(pathOf(await asksConsent(browser, app, { scope: 'orders' }))).toBe('/authenticationendpoint/oauth2_authz.do');
  });

  it('is asked each time after an approval for once', async () => {
    const [browser, app] = [new Browser(), await portalClient()];
    await browser.consent(await asksConsent(browser, app), 'approve');

    expect(pathOf(await browser.authorize(asking(app)))).toBe(CONSENT_PAGE);
    expect(sentBack(await browser.authorize(asking(app, { prompt: 'none' })))).toMatchObject({ error: 'consent_required' });
  });

  it('is not asked again after an approval for good, in no browser, unless the client wants it or asks for more', async () => {
    const app = await portalClient();
    const first = new Browser();
    await first.consent(await asksConsent(first, app, { scope: 'openid orders' }), 'approveAlways');
    expect(
      (await auditOf(given.superAdmin, { kind: 'Consent' })).filter(({ entityId }) => entityId.endsWith(`/${app.clientId}`)),
    ).toMatchObject([{ user: 'admin@carbon.super', address: '127.0.0.1', action: 'created', after: { scopes: ['openid', 'orders'] } }]);

    const browser = new Browser();
    expect(sentBack(await asksConsent(browser, app))['code']).toEqual(expect.any(String));
    expect(sentBack(await browser.authorize(asking(app, { prompt: 'none', scope: 'orders' })))['code']).toEqual(expect.any(String));
    expect(pathOf(await browser.authorize(asking(app, { scope: 'openid invoices' })))).toBe(CONSENT_PAGE);
    expect(pathOf(await browser.authorize(asking(app, { prompt: 'consent' })))).toBe(CONSENT_PAGE);
    const other = await given.user();
    expect(pathOf(await new Browser().arrive(asking(app), other))).toBe(CONSENT_PAGE);
  });

  it('may refuse', async () => {
    const [browser, app] = [new Browser(), await portalClient()];

    const back = await browser.consent(await asksConsent(browser, app, { state: 's' }), 'deny');

    expect(back.location.startsWith(CALLBACK)).toBe(true);
    expect(sentBack(back)).toMatchObject({ error: 'access_denied', state: 's' });
  });

  it('decides once, in their own browser, and by one of the three words', async () => {
    const [browser, app] = [new Browser(), await portalClient()];
    const toConsent = await asksConsent(browser, app);
    const stranger = new Browser();
    await stranger.arrive(asking(await quietClient()), await given.user());

    for (const other of [new Browser(), stranger]) {
      expect(pathOf(await other.consent(toConsent, 'approve'))).toBe(RETRY_PAGE);
      expect(pathOf(await other.get(toConsent.location))).toBe(RETRY_PAGE);
    }
    expect(pathOf(await browser.consent(toConsent, 'perhaps'))).toBe(CONSENT_PAGE);
    expect(sentBack(await browser.consent(toConsent, 'approve'))['code']).toEqual(expect.any(String));
    expect(pathOf(await browser.consent(toConsent, 'approve'))).toBe(RETRY_PAGE);
  });

  it('is not asked by a client that an administrator registered, not even when it wants them to be', async () => {
    const app = await quietClient();

    expect(sentBack(await new Browser().arrive(asking(app, { prompt: 'consent' })))['code']).toEqual(expect.any(String));
  });

  it('is asked by a client that anybody else registered, or another tenant’s administrator', async () => {
    const { admin } = await given.organization();
    const [ours, theirs] = [await quietClient({ as: await given.user() }), await quietClient({ as: admin, saasApp: true })];

    for (const app of [ours, theirs]) {
      const browser = new Browser();
      expect(pathOf(await browser.arrive(asking(app)))).toBe('/authenticationendpoint/oauth2_consent.do');
      expect(sentBack(await browser.authorize(asking(app, { prompt: 'none' })))).toMatchObject({ error: 'consent_required' });
    }
    expect(sentBack(await new Browser().arrive(asking(theirs), admin))['code']).toEqual(expect.any(String));
  });
});

describe('the pages', () => {
  const pagesOf = async (): Promise<readonly Visit[]> => {
    const [browser, app] = [new Browser(), await portalClient()];
    const toLogin = await browser.authorize(asking(app));
    const login = await browser.get(toLogin.location);
    const toConsent = await browser.get((await browser.logIn(toLogin, server.admin)).location);
    const rest = ['oauth2_error.do?oauthErrorCode=invalid_client', 'retry.do', 'nothing.do'].map((name) =>
      browser.get(`/authenticationendpoint/${name}`),
    );
    return [login, await browser.get(toConsent.location), ...(await Promise.all(rest))];
  };

  it('cannot be framed, kept or scripted', async () => {
    for (const { headers, body } of await pagesOf()) {
      expect(headers['content-security-policy']).toMatch(
        /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; frame-ancestors 'none'$/,
      );
      expect(headers).toMatchObject({ 'x-frame-options': 'DENY', 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
      expect(headers['content-type']).toBe('text/html; charset=utf-8');
      expect(body).not.toMatch(/<script|style="| on\w+="/);
    }
  });

  it('show names as they are, and what is in them as text', async () => {
    const name = `<img src=x onerror="alert(1)">'&`;
    const app = await quietClient();
    const browser = new Browser();

    const toLogin = await browser.authorize(asking(app, { login_hint: name }));

    const { body } = await browser.get(toLogin.location);
    expect(body).not.toContain('<img');
    expect(body).toContain('value="&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&#39;&amp;"');
  });

  it('name the tenant', async () => {
    const { admin, domain } = await given.organization();
    const browser = new Browser();

    const login = await browser.get((await browser.authorize(asking(await quietClient({ as: admin })))).location);

    expect(login.body).toContain(domain);
  });

  it('name the consumer organization of whoever is asked', async () => {
    const { admin } = await given.organization();
    const ann = await given.user({ by: admin });
    const { externalOrganizationId } = await consumerOrganization(admin);
    await join(admin, ann, externalOrganizationId);
    const app = await portalClient({}, admin);
    const browser = new Browser();

    const page = await browser.get((await browser.arrive(asking(app), ann)).location);

    expect(page.body).toContain(`Organization ${externalOrganizationId}`);
  });

  it('take only the methods they are for', async () => {
    const browser = new Browser();

    expect((await browser.post('/authenticationendpoint/login.do', {})).status).toBe(405);
    expect((await browser.get('/commonauth')).status).toBe(405);
    expect((await browser.post('/commonauth', { x: 'x'.repeat(60_000) })).status).toBe(413);
  });
});
