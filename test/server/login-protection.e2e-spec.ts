import { Agent, fetch } from 'undici';
import { eventually } from '../support/eventually.js';
import { Cli } from './cli.js';

const insecure = new Agent({ connect: { rejectUnauthorized: false } });
const basic = (credentials: string) => ({ authorization: `Basic ${btoa(credentials)}` });

const withUser = async (server: Cli, userName: string): Promise<string> => {
  const { status, body } = await server.post('/scim2/Users', { userName, password: 'Secret12' });
  expect(status).toBe(201);
  return String((body as { id: string }).id); // SCIM: a created resource
};

interface Locked {
  readonly unlockTime: number;
  readonly failedLoginLockoutCount: number;
}

const lockOf = async (server: Cli, id: string): Promise<Locked | undefined> => {
  const response = await fetch(`${server.management}/scim2/Users/${id}`, { dispatcher: insecure, headers: basic('admin:admin') });
  const body = (await response.json()) as Record<string, Locked>; // SCIM: the extension of the server
  return body['urn:scim:wso2:schema'];
};

it('locks longer each time, opens by itself, and forgets all of it after a success', async () => {
  const server = await Cli.start({
    APIM_IDENTITY_MGT__ACCOUNT_LOCKING__ALLOWED_FAILED_ATTEMPTS: '2',
    APIM_IDENTITY_MGT__ACCOUNT_LOCKING__AUTO_UNLOCK_AFTER: '0.02',
    APIM_IDENTITY_MGT__ACCOUNT_LOCKING__AUTO_UNLOCK_TIME_INCREMENT_RATIO: '3',
  });
  const id = await withUser(server, 'ann');
  const login = (password: string) => server.status('/scim2/Me', basic(`ann:${password}`));
  const lockSeconds = async (): Promise<number> => {
    const before = Date.now();
    expect([await login('wrong-1'), await login('wrong-2')]).toEqual([401, 401]);
    const lock = await eventually(
      () => lockOf(server, id),
      (shown) => (shown?.unlockTime ?? 0) > before,
    );
    expect(await login('Secret12')).toBe(401);
    return ((lock?.unlockTime ?? 0) - before) / 1_000;
  };
  const opened = () =>
    eventually(
      () => lockOf(server, id),
      (shown) => shown?.unlockTime === undefined,
    );

  const first = await lockSeconds();
  await opened();
  const second = await lockSeconds();
  await opened();

  expect(first).toBeGreaterThan(1.1);
  expect(second).toBeGreaterThan(3.5);
  expect((await lockOf(server, id))?.failedLoginLockoutCount).toBe(2);
  expect(await login('Secret12')).toBe(200);
  expect(await lockOf(server, id)).toBeUndefined();
  expect(await lockSeconds()).toBeLessThan(3);
  await server.stop();
});

it('lets an address that fails too often wait, whatever account it names and whatever the interface', async () => {
  const server = await Cli.start({
    APIM_IDENTITY_MGT__LOGIN_THROTTLE__FAILURES_MAX: '3',
    APIM_IDENTITY_MGT__LOGIN_THROTTLE__REGAINED_PER_MINUTE: '1',
  });
  await withUser(server, 'ann');
  const { body } = await server.post('/client-registration/v0.17/register', {
    ...{ clientName: 'c', owner: 'admin', grantType: 'password', saasApp: true, callbackUrl: '' },
  });
  const { clientId, clientSecret } = body as { clientId: string; clientSecret: string }; // DCR answers with credentials
  for (const name of ['one', 'two', 'three']) expect(await server.status('/scim2/Me', basic(`${name}:Secret12`))).toBe(401);

  const refused = await fetch(`${server.management}/scim2/Me`, { dispatcher: insecure, headers: basic('ann:Secret12') });
  const portal = await fetch(`${server.management}/api/am/devportal/v3/applications`, { dispatcher: insecure, headers: basic('no-one:x') });
  const form = new URLSearchParams({ grant_type: 'password', username: 'ann', password: 'Secret12' });
  const token = await fetch(`${server.management}/oauth2/token`, {
    ...{ method: 'POST', dispatcher: insecure, body: form.toString() },
    headers: { ...basic(`${clientId}:${clientSecret}`), 'content-type': 'application/x-www-form-urlencoded' },
  });

  expect([refused.status, portal.status, token.status]).toEqual([429, 429, 429]);
  for (const answer of [refused, portal, token]) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(30);
  expect(await token.json()).toEqual({
    error_description: 'Too many login attempts. Try again later.',
    error: 'temporarily_unavailable',
  });
  expect(await portal.json()).toMatchObject({ code: 429 });
  // Whoever was logged in from there before is remembered, and goes on.
  expect(await server.status('/scim2/Me', basic('admin:admin'))).toBe(200);
  await server.stop();
});

it('knows clients behind a trusted proxy apart', async () => {
  const server = await Cli.start({
    APIM_IDENTITY_MGT__LOGIN_THROTTLE__FAILURES_MAX: '2',
    APIM_GATEWAY__TRUSTED_PROXIES: '["127.0.0.0/8"]',
  });
  const from = (address: string) => server.status('/scim2/Me', { ...basic('no-one:x'), 'x-forwarded-for': address });

  expect([await from('192.0.2.1'), await from('192.0.2.1'), await from('192.0.2.1')]).toEqual([401, 401, 429]);

  expect(await from('192.0.2.2')).toBe(401);
  await server.stop();
});

it('does not let an address that fails too often find out what somebody else logs in with', async () => {
  const server = await Cli.start({
    APIM_IDENTITY_MGT__LOGIN_THROTTLE__FAILURES_MAX: '2',
    APIM_GATEWAY__TRUSTED_PROXIES: '["127.0.0.0/8"]',
  });
  await withUser(server, 'ann');
  const from = (address: string, password: string) =>
    server.status('/scim2/Me', { ...basic(`ann:${password}`), 'x-forwarded-for': address });
  expect(await from('192.0.2.1', 'Secret12')).toBe(200);

  expect([await from('192.0.2.9', 'wrong-1'), await from('192.0.2.9', 'wrong-2')]).toEqual([401, 401]);

  expect([await from('192.0.2.9', 'wrong-3'), await from('192.0.2.9', 'Secret12')]).toEqual([429, 429]);
  expect(await from('192.0.2.1', 'Secret12')).toBe(200);
  await server.stop();
});

it('counts wrong codes of devices by the address of the browser, also behind a proxy', async () => {
  const server = await Cli.start({ APIM_GATEWAY__TRUSTED_PROXIES: '["127.0.0.0/8", "::1"]' });
  const type = async (address: string): Promise<number> => {
    const options = {
      method: 'POST',
      dispatcher: insecure,
      headers: { 'x-forwarded-for': address },
      body: new URLSearchParams({ user_code: 'BCDF-GHJK' }),
    };
    return (await fetch(`${server.management}/oauth2/device`, options)).status;
  };

  for (let attempt = 0; attempt < 30; attempt += 1) expect(await type(`2001:db8:1:1::${attempt}`)).toBe(400);

  expect(await type('2001:db8:1:1::ffff')).toBe(429);
  expect(await type('2001:db8:1:2::1')).toBe(400);
  await server.stop();
});
