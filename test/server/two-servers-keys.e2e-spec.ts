import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { Agent, request } from 'undici';
import { eventually } from '../support/eventually.js';
import { Cli } from './cli.js';
import { hasExternalPostgres, ownDatabase } from './own-database.js';

const isReachable = await hasExternalPostgres();
const whenReachable = isReachable ? it : it.skip;
const database = ownDatabase();

const [KEY, NEXT_KEY] = ['ab'.repeat(32), 'cd'.repeat(32)];
const SCOPES = 'apim:subscribe apim:app_manage apim:api_view';
const CALLBACK = 'https://app.example.com/callback';
const DEVPORTAL = '/api/am/devportal/v3';
/** How long a change by the other server may stay unseen (`docs/tokens.md`), and then some. */
const SEEN_MS = 20_000;
const insecure = new Agent({ connect: { rejectUnauthorized: false } });

/** A load balancer that gives each connection to the next server. */
const balancer = createServer((socket) => {
  const port = ports[turn++ % ports.length] ?? 0;
  const server = connect(port, '127.0.0.1');
  const close = () => {
    socket.destroy();
    server.destroy();
  };
  socket.on('error', close);
  server.on('error', close);
  socket.pipe(server).pipe(socket);
});
const ports: number[] = [];
let turn = 0;
const servers: Cli[] = [];
let environment: NodeJS.ProcessEnv = {};
let front = '';

beforeAll(async () => {
  if (!isReachable) return;
  await database.create();
  balancer.listen(0, '127.0.0.1');
  await once(balancer, 'listening');
  const { port } = balancer.address() as AddressInfo; // of a TCP server
  front = `https://localhost:${port}`;
  environment = {
    APIM_DATABASE__URL: database.url,
    APIM_SUPER_ADMIN__PASSWORD: 'Another1!',
    APIM_ENCRYPTION__KEY: KEY,
    APIM_ENCRYPTION__PREVIOUS_KEYS: `["${NEXT_KEY}"]`,
    APIM_TRANSPORT__HTTPS__PROPERTIES__PROXYPORT: String(port),
    APIM_OAUTH__MULTIPLE_CLIENT_SECRETS__ENABLE: 'false',
    APIM_IDENTITY_MGT__ACCOUNT_LOCKING__ALLOWED_FAILED_ATTEMPTS: '4',
  };
  servers.push(...(await Promise.all([Cli.start(environment), Cli.start(environment)])));
  ports.push(...servers.map(({ offset }) => 9443 + offset));
});

afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  balancer.close();
  await insecure.destroy();
  if (isReachable) await database.drop();
});

interface Client {
  readonly clientId: string;
  readonly clientSecret: string;
}

interface Asked {
  readonly basic?: readonly [string, string];
  readonly bearer?: string;
  readonly json?: object;
  readonly form?: Readonly<Record<string, string>>;
  readonly cookies?: Map<string, string>;
}

const ask = async (operation: string, { basic, bearer, json, form, cookies }: Asked = {}, origin = front) => {
  const [method = '', path = ''] = operation.split(' ');
  const answer = await request(new URL(path, origin), {
    ...{ method: method as 'GET', dispatcher: insecure, reset: true }, // one connection a request: the next goes to the other server
    headers: {
      ...(basic && { authorization: `Basic ${btoa(basic.join(':'))}` }),
      ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
      ...(json && { 'content-type': 'application/json' }),
      ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
      ...(cookies && { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') }),
    },
    ...(json && { body: JSON.stringify(json) }),
    ...(form && { body: new URLSearchParams(form).toString() }),
  });
  for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
    const [, cookie = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
    cookies?.set(cookie, value);
  }
  const text = await answer.body.text();
  const isJson = /json/.test(String(answer.headers['content-type']));
  const body: Record<string, unknown> = isJson && text !== '' ? JSON.parse(text) : {};
  return { status: answer.statusCode, location: String(answer.headers.location ?? ''), body };
};

const ADMIN = ['admin', 'Another1!'] as const;
const basicOf = ({ clientId, clientSecret }: Client) => [clientId, clientSecret] as const;
const both = <T>(each: (server: Cli) => Promise<T>): Promise<readonly T[]> => Promise.all(servers.map(each));
const kidOf = (token: unknown): string => JSON.parse(Buffer.from(String(token).split('.')[0] ?? '', 'base64url').toString()).kid;

const registered = async (grantType: string): Promise<Client> => {
  const body = { clientName: randomBytes(4).toString('hex'), owner: 'admin', grantType, saasApp: true, callbackUrl: CALLBACK };
  return (await ask('POST /client-registration/v0.17/register', { basic: ADMIN, json: body })).body as unknown as Client; // DCR answers with credentials
};

const passwordToken = async (client: Client, origin = front): Promise<string> => {
  const form = { grant_type: 'password', username: ADMIN[0], password: ADMIN[1], scope: SCOPES };
  return String((await ask('POST /oauth2/token', { basic: basicOf(client), form }, origin)).body['access_token']);
};

const restStatus = async (bearer: string, server: Cli) =>
  (await ask(`GET ${DEVPORTAL}/applications`, { bearer }, server.management)).status;

whenReachable('a sign-in that goes to either server at each step ends with tokens that both take', async () => {
  const json = { name: 'app', throttlingPolicy: 'Unlimited' };
  const { applicationId } = (await ask(`POST ${DEVPORTAL}/applications`, { basic: ADMIN, json })).body;
  const keys = { keyType: 'PRODUCTION', grantTypesToBeSupported: ['authorization_code', 'refresh_token'], callbackUrl: CALLBACK };
  const made = await ask(`POST ${DEVPORTAL}/applications/${applicationId}/generate-keys`, { basic: ADMIN, json: keys });
  const client: Client = { clientId: String(made.body['consumerKey']), clientSecret: String(made.body['consumerSecret']) };
  const cookies = new Map<string, string>();
  const parameters = { response_type: 'code', client_id: client.clientId, redirect_uri: CALLBACK, scope: 'openid', state: 's' };
  const authorize = `GET /oauth2/authorize?${new URLSearchParams(parameters)}`;
  const served = turn;

  const toLogin = await ask(authorize, { cookies });
  const sessionDataKey = new URL(toLogin.location).searchParams.get('sessionDataKey') ?? '';
  const login = { username: ADMIN[0], password: ADMIN[1], sessionDataKey, tocommonauth: 'true' };
  const toConsent = await ask(`GET ${(await ask('POST /commonauth', { form: login, cookies })).location}`, { cookies });
  const sessionDataKeyConsent = new URL(toConsent.location).searchParams.get('sessionDataKeyConsent') ?? '';
  const agreed = await ask('POST /oauth2/authorize', { form: { consent: 'approveAlways', sessionDataKeyConsent }, cookies });
  const codeOf = ({ location }: { location: string }) => new URL(location).searchParams.get('code') ?? '';
  const redeem = (code: string, server: Cli) =>
    ask(
      'POST /oauth2/token',
      { basic: basicOf(client), form: { grant_type: 'authorization_code', code, redirect_uri: CALLBACK } },
      server.management,
    );
  const [first, second] = servers as [Cli, Cli]; // both were started
  const tokens = await redeem(codeOf(agreed), second);

  expect(tokens).toMatchObject({ status: 200, body: { access_token: expect.any(String), id_token: expect.any(String) } });
  expect(turn - served).toBeGreaterThanOrEqual(4);
  expect((await redeem(codeOf(agreed), first)).status).toBe(400);
  // The login and the consent are known to both: neither is asked for again.
  for (const server of servers) {
    const again = await ask(authorize, { cookies }, server.management);
    expect((await redeem(codeOf(again), server === first ? second : first)).status).toBe(200);
  }
  const refresh = { grant_type: 'refresh_token', refresh_token: String(tokens.body['refresh_token']) };
  // Of the reuse of the code all tokens died, on both.
  expect((await ask('POST /oauth2/token', { basic: basicOf(client), form: refresh }, first.management)).status).toBe(400);
});

whenReachable('a revocation at one is known to the other at once, and wrong passwords are counted together', async () => {
  const client = await registered('password');
  const [first, second] = servers as [Cli, Cli]; // both were started
  const token = await passwordToken(client, first.management);
  expect(await both((server) => restStatus(token, server))).toEqual([200, 200]);
  await ask('POST /scim2/Users', { basic: ADMIN, json: { userName: 'ann', password: 'Secret12!' } });
  const me = async (password: string, server: Cli) => (await ask('GET /scim2/Me', { basic: ['ann', password] }, server.management)).status;
  expect(await me('Secret12!', second)).toBe(200);

  await ask('POST /oauth2/revoke', { basic: basicOf(client), form: { token } }, first.management);
  const statuses = await both((server) => restStatus(token, server));
  for (const server of [first, second, first, second]) expect(await me('wrong', server)).toBe(401);

  expect(statuses).toEqual([401, 401]);
  expect(await both((server) => me('Secret12!', server))).toEqual([401, 401]);
});

whenReachable(
  'the signing key, the encryption key and a client’s secret change under both',
  async () => {
    const [client, changed] = [await registered('password client_credentials'), await registered('client_credentials')];
    const tokenFor = (secret: string, server: Cli) =>
      ask('POST /oauth2/token', { basic: [changed.clientId, secret], form: { grant_type: 'client_credentials' } }, server.management);
    const before = await both((server) => passwordToken(client, server.management));
    await both((server) => tokenFor(changed.clientSecret, server)); // both remember the secret

    const [rotated, resealed] = await Promise.all([
      Cli.run(['keys', 'rotate', '--after', '1'], environment).end(),
      Cli.run(['secrets', 'rotate'], {
        ...environment,
        APIM_ENCRYPTION__KEY: NEXT_KEY,
        APIM_ENCRYPTION__PREVIOUS_KEYS: `["${KEY}"]`,
      }).end(),
    ]);
    const regenerated = await ask(
      `POST /keymanager-operations/dcr/register/${changed.clientId}/regenerate-consumer-secret`,
      { basic: ADMIN },
      servers[0]?.management,
    );
    const secret = String(regenerated.body['client_secret'] ?? regenerated.body['clientSecret']);

    expect([rotated, resealed]).toMatchObject([{ code: 0 }, { code: 0 }]);
    expect(regenerated.status).toBeLessThan(300);
    const [, kid = ''] = /^carbon\.super: key (\S+) signs from/m.exec(rotated.output) ?? [];
    await both(async (server) => {
      await eventually(
        async () => kidOf(await passwordToken(client, server.management)),
        (seen) => seen === kid,
        SEEN_MS,
      );
      await eventually(
        async () => [(await tokenFor(changed.clientSecret, server)).status, (await tokenFor(secret, server)).status],
        ([old, now]) => old === 401 && now === 200,
        SEEN_MS,
      );
    });
    const after = await both((server) => passwordToken(client, server.management));
    for (const token of [...before, ...after]) expect(await both((server) => restStatus(token, server))).toEqual([200, 200]);
  },
  60_000,
);
