import { type Actor, expected } from '../support/actor.js';
import { type Body, management } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { type GivenApi, type GivenApplication, given } from '../support/given.js';
import { type IdentityProvider, startIdentityProvider } from '../support/identity-provider.js';
import { unique } from '../support/unique.js';

interface KeyManager extends Body {
  readonly id: string;
  readonly name: string;
}

const ONE = '/key-managers/{keyManagerId}';
const INVALID = { status: 401, body: { code: '900901' } };

const providers: IdentityProvider[] = [];
afterAll(() => Promise.all(providers.map((provider) => provider.close())));
const identityProvider = async (): Promise<IdentityProvider> => {
  const provider = await startIdentityProvider();
  providers.push(provider);
  return provider;
};

/** A key manager for clients that were made at the provider and are mapped by hand. */
const trusting = (idp: IdentityProvider, changes: Body = {}): Body => ({
  name: unique('Idp'),
  type: 'CustomKeyManager',
  issuer: idp.issuer,
  certificates: { type: 'JWKS', value: idp.jwksUri },
  enableMapOAuthConsumerApps: true,
  ...changes,
});

const added = async (by: Actor, body: Body, path = '/key-managers'): Promise<KeyManager> =>
  expected(await by.admin<KeyManager>(`POST ${path}`, { body }), 201);
const changed = (by: Actor, keyManager: KeyManager, changes: Body) =>
  by.admin(`PUT ${ONE}`, { path: { keyManagerId: keyManager.id }, body: { ...keyManager, ...changes } });

interface Client {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Lets the client act for the application. */
const map = async (by: Actor, application: GivenApplication, keyManager: KeyManager, { clientId, clientSecret }: Client): Promise<void> => {
  const body = { consumerKey: clientId, consumerSecret: clientSecret, keyManager: keyManager.name, keyType: 'PRODUCTION' };
  expected(
    await by.devportal('POST /applications/{applicationId}/map-keys', { path: { applicationId: application.applicationId }, body }),
    200,
  );
};

/** An API, an application that is subscribed to it, and a client of the provider that acts for the application. */
const caller = async (by: Actor, idp: IdentityProvider, keyManager: KeyManager, api: Body = {}) => {
  const published = await given.publishedApi({ by, backend: await given.backend(), with: api });
  const application = await given.application(by);
  await given.subscription(published, application, { by });
  const client = await idp.client();
  await map(by, application, keyManager, client);
  return { api: published, application, client };
};

const call = (api: GivenApi, token: string) => gateway(`${api.url}/x`, { token });
const becomes = (api: GivenApi, token: string, wanted: number) =>
  eventually(
    () => call(api, token),
    ({ status }) => status === wanted,
  );

let admin: Actor;
let idp: IdentityProvider;
beforeEach(async () => {
  [{ admin }, idp] = await Promise.all([given.organization(), identityProvider()]);
});

describe('a token of an outside key manager', () => {
  it('opens an API to the application of its client', async () => {
    const keyManager = await added(admin, trusting(idp));
    const { api, client } = await caller(admin, idp, keyManager);

    const answer = await becomes(api, await idp.token(client), 200);

    expect(answer.status).toBe(200);
  });

  it('is refused without a mapped client', async () => {
    const keyManager = await added(admin, trusting(idp));
    const { api, client } = await caller(admin, idp, keyManager);
    await becomes(api, await idp.token(client), 200);

    expect(await call(api, await idp.token(await idp.client()))).toMatchObject({ status: 403, body: { code: '900908' } });
  });

  it('is refused when its issuer is not trusted, or trusted with another’s keys', async () => {
    const other = await identityProvider();
    const keyManager = await added(admin, trusting(idp));
    const { api, client } = await caller(admin, idp, keyManager);
    await becomes(api, await idp.token(client), 200);

    expect(await call(api, await other.token(await other.client()))).toMatchObject(INVALID);
    await added(admin, trusting(idp, { issuer: other.issuer }));
    // Long enough for the keys to have come.
    await eventually(
      async () => idp.seen.filter((request) => request === 'GET /jwks').length,
      (times) => times >= 2,
    );
    expect(await call(api, await other.token(await other.client()))).toMatchObject(INVALID);
  });

  it('is accepted under a new key as soon as the provider has changed it, and the old key’s are refused', async () => {
    const keyManager = await added(admin, trusting(idp));
    const { api, client } = await caller(admin, idp, keyManager);
    const old = await idp.token(client);
    await becomes(api, old, 200);

    idp.rotate();
    const fresh = await idp.token(client);

    expect((await call(api, fresh)).status).toBe(200);
    expect(await call(api, old)).toMatchObject(INVALID);
  });

  it('stays accepted while the keys cannot be fetched', async () => {
    const keyManager = await added(admin, trusting(idp));
    const { api, client } = await caller(admin, idp, keyManager);
    const token = await idp.token(client);
    await becomes(api, token, 200);

    idp.answerKeys(503);
    expected(await changed(admin, keyManager, { description: 'saved anew' }), 200);
    await eventually(
      async () => idp.seen.filter((request) => request === 'GET /jwks').length,
      (times) => times >= 2,
    );

    expect((await call(api, await idp.token(client))).status).toBe(200);
    const health = await eventually(
      () => management.request<{ status: string; keyManagers: string }>('GET /readyz'),
      ({ body }) => body.keyManagers === 'degraded',
    );
    expect(health).toMatchObject({ status: 200, body: { status: 'up' } });
  });

  it('is refused when the provider has taken its keys back', async () => {
    const keyManager = await added(admin, trusting(idp));
    const { api, client } = await caller(admin, idp, keyManager);
    const token = await idp.token(client);
    await becomes(api, token, 200);

    idp.answerKeys(200, '{"keys":[]}');
    expected(await changed(admin, keyManager, { description: 'saved anew' }), 200);

    expect(await becomes(api, token, 401)).toMatchObject(INVALID);
  });

  it('asks for keys no more often than every two seconds, whatever its key is called', async () => {
    const keyManager = await added(admin, trusting(idp));
    const { api, client } = await caller(admin, idp, keyManager);
    const token = await idp.token(client);
    await becomes(api, token, 200);
    const before = idp.seen.length;
    const [, payload, signature] = token.split('.');
    const forged = (kid: number) =>
      [Buffer.from(JSON.stringify({ alg: 'RS256', typ: 'at+jwt', kid: `made-up-${kid}` })).toString('base64url'), payload, signature].join(
        '.',
      );

    for (let kid = 0; kid < 50; kid++) expect(await call(api, forged(kid))).toMatchObject(INVALID);

    expect(idp.seen.slice(before).filter((request) => request === 'GET /jwks').length).toBeLessThanOrEqual(2);
    expect((await call(api, token)).status).toBe(200);
  });

  it('may be checked by a certificate', async () => {
    const { keys } = (await (await fetch(idp.jwksUri)).json()) as { keys: readonly Record<string, unknown>[] };
    const { createPublicKey } = await import('node:crypto');
    const pem = createPublicKey({ key: keys[0] ?? {}, format: 'jwk' }).export({ format: 'pem', type: 'spki' });
    const value = Buffer.from(pem).toString('base64');
    const keyManager = await added(admin, trusting(idp, { certificates: { type: 'PEM', value } }));
    const { api, client } = await caller(admin, idp, keyManager);
    expect((await becomes(api, await idp.token(client), 200)).status).toBe(200);

    idp.rotate();

    expect(await call(api, await idp.token(client))).toMatchObject(INVALID);
  });

  it('is refused at an API that names other key managers', async () => {
    const keyManager = await added(admin, trusting(idp));
    const { api, client, application } = await caller(admin, idp, keyManager);
    const closed = await given.publishedApi({ by: admin, with: { keyManagers: ['Resident Key Manager'] } });
    await given.subscription(closed, application, { by: admin });
    const token = await idp.token(client);
    await becomes(api, token, 200);

    expect(await call(closed, token)).toMatchObject(INVALID);
  });

  it('is refused when it is to be exchanged first', async () => {
    const keyManager = await added(admin, trusting(idp));
    const { api, client } = await caller(admin, idp, keyManager);
    const token = await idp.token(client);
    await becomes(api, token, 200);

    expected(await changed(admin, keyManager, { tokenType: 'EXCHANGED' }), 200);
    expect(await becomes(api, token, 401)).toMatchObject(INVALID);
    expected(await changed(admin, keyManager, { tokenType: 'BOTH' }), 200);

    expect((await becomes(api, token, 200)).status).toBe(200);
  });
});

describe('within a second', () => {
  it('a key manager that is switched off refuses its tokens, and takes them again when it is on', async () => {
    const keyManager = await added(admin, trusting(idp));
    const { api, client } = await caller(admin, idp, keyManager);
    const token = await idp.token(client);
    await becomes(api, token, 200);

    expected(await changed(admin, keyManager, { enabled: false }), 200);
    const since = Date.now();
    expect(await becomes(api, token, 401)).toMatchObject(INVALID);
    expect(Date.now() - since).toBeLessThan(1_000);
    expected(await changed(admin, keyManager, { enabled: true }), 200);

    expect((await becomes(api, token, 200)).status).toBe(200);
  });

  it('a deleted key manager’s tokens are refused', async () => {
    const keyManager = await added(admin, trusting(idp));
    const { api, client, application } = await caller(admin, idp, keyManager);
    const token = await idp.token(client);
    await becomes(api, token, 200);
    const path = { applicationId: application.applicationId };
    expected(await admin.devportal('DELETE /applications/{applicationId}', { path }), 200);
    expect((await becomes(api, token, 403)).body).toMatchObject({ code: '900908' });

    expected(await admin.admin(`DELETE ${ONE}`, { path: { keyManagerId: keyManager.id } }), 200);
    const since = Date.now();

    expect(await becomes(api, token, 401)).toMatchObject(INVALID);
    expect(Date.now() - since).toBeLessThan(1_000);
  });
});

describe('over tenants', () => {
  it('a key manager is its own tenant’s alone', async () => {
    const { admin: stranger } = await given.organization();
    const keyManager = await added(admin, trusting(idp));
    const { api, client } = await caller(admin, idp, keyManager);
    const token = await idp.token(client);
    await becomes(api, token, 200);
    const foreign = await given.publishedApi({ by: stranger });

    expect(await call(foreign, token)).toMatchObject(INVALID);
  });

  it('a global key manager serves all, unless a tenant has its own for the issuer', async () => {
    const { admin: stranger } = await given.organization();
    const global = await added(given.superAdmin, trusting(idp), '/global-key-managers');
    const [one, two] = [await caller(admin, idp, global), await caller(stranger, idp, global)];
    const tokens = [await idp.token(one.client), await idp.token(two.client)] as const;
    expect((await becomes(one.api, tokens[0], 200)).status).toBe(200);
    expect((await becomes(two.api, tokens[1], 200)).status).toBe(200);
    expect(await call(two.api, tokens[0])).toMatchObject({ status: 403, body: { code: '900908' } });

    await added(stranger, trusting(idp, { certificates: { type: 'JWKS', value: (await identityProvider()).jwksUri } }));

    expect(await becomes(two.api, tokens[1], 401)).toMatchObject(INVALID);
    expect((await call(one.api, tokens[0])).status).toBe(200);
  });
});
