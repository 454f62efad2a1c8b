import { once } from 'node:events';
import { connect } from 'node:http2';
import { Agent, type Agent as HttpsAgent, request } from 'node:https';
import { generate } from 'selfsigned';
import type { ApiDocument, ClientCertificateDocument } from '../../domain/gateway-documents.js';
import { type Answer, apiRow, operation, row, Signer, startBackend, subscriber, type TestBackend, TestGateway } from './engine.fixture.js';
import type { ClientCertificateSettings } from './messages.js';

const DAY_MS = 86_400_000;

interface Identity {
  readonly key: string;
  readonly cert: string;
}

const identity = async (
  name: string,
  { from = -1, to = 1, issuer, isCa = false }: { from?: number; to?: number; issuer?: Identity; isCa?: boolean } = {},
): Promise<Identity> => {
  const now = Date.now();
  const made = await generate([{ name: 'commonName', value: name }], {
    algorithm: 'sha256',
    keySize: 2048,
    notBeforeDate: new Date(now + from * DAY_MS),
    notAfterDate: new Date(now + to * DAY_MS),
    extensions: [{ name: 'basicConstraints', cA: isCa }],
    ...(issuer && { ca: { key: issuer.key, cert: issuer.cert } }),
  });
  return { key: made.private, cert: made.cert };
};

const signer = new Signer('key-a');
let partner: Identity;
let sandboxed: Identity;
let stranger: Identity;
let expired: Identity;
let early: Identity;
let authority: Identity;
let intermediate: Identity;
let issued: Identity;
let issuedBelow: Identity;
let forged: Identity;
let balancer: Identity;
let tls: Identity;
let backend: TestBackend;
let sandbox: TestBackend;

const listed = (alias: string, { cert }: Identity, changes: Partial<ClientCertificateDocument> = {}): ClientCertificateDocument => ({
  ...{ alias, keyType: 'PRODUCTION', tier: 'Unlimited', pem: cert },
  ...changes,
});

beforeAll(async () => {
  [partner, sandboxed, stranger, expired, early, authority, balancer, tls] = await Promise.all([
    identity('partner'),
    identity('tester'),
    identity('stranger'),
    identity('old', { from: -3, to: -1 }),
    identity('early', { from: 1, to: 2 }),
    identity('authority', { isCa: true }),
    identity('balancer'),
    identity('localhost'),
  ]);
  // Of the same name as the real one.
  const impostor = await identity('authority', { isCa: true });
  intermediate = await identity('intermediate', { issuer: authority, isCa: true });
  [issued, issuedBelow, forged] = await Promise.all([
    identity('issued', { issuer: authority }),
    identity('below', { issuer: intermediate }),
    identity('forged', { issuer: impostor }),
  ]);
  backend = await startBackend();
  sandbox = await startBackend((_, reply) => reply.end('sandbox'));
}, 30_000);

afterAll(async () => {
  await backend.stop();
  await sandbox.stop();
});

const gateways: TestGateway[] = [];
const agents: HttpsAgent[] = [];
afterEach(async () => {
  for (const agent of agents.splice(0)) agent.destroy();
  await Promise.all(gateways.splice(0).map((gateway) => gateway.stop()));
});

const MANDATORY = ['mutualssl', 'mutualssl_mandatory'];
const api = (changes: Partial<ApiDocument> = {}) =>
  apiRow(backend.url, {
    securityScheme: MANDATORY,
    clientCertificates: [
      listed('partner', partner, { tier: 'ThreeADay' }),
      listed('sandbox', sandboxed, { keyType: 'SANDBOX' }),
      listed('expired', expired),
      listed('early', early),
      listed('broken', { key: '', cert: 'no certificate' }),
    ],
    endpoints: {
      production: { url: backend.url, onTimeout: 'fault', timeoutMs: null },
      sandbox: { url: sandbox.url, onTimeout: 'fault', timeoutMs: null },
    },
    operations: [
      operation('GET', '/menu', { scopes: ['chef'], throttlingPolicy: 'OneADay' }),
      operation('GET', '/open', { authType: 'None' }),
    ],
    ...changes,
  });

const quota = (count: number) => ({ type: 'REQUESTCOUNTLIMIT', count, timeUnit: 'day', unitTime: 1 }) as const;
const USUAL: ClientCertificateSettings = {
  header: 'X-Client',
  validatesClients: true,
  isEncoded: false,
  isForwarded: false,
  followsChains: false,
  trustedProxies: [],
};

const started = async (
  changes: Partial<ApiDocument> = {},
  certificates: Partial<ClientCertificateSettings> = {},
  trustedProxies: readonly string[] = [],
) => {
  const policy = { burst: null, stopOnQuotaReach: true } as const;
  const gateway = await TestGateway.start(
    [
      ...subscriber(signer),
      row('policy', 'subscription:ThreeADay', { level: 'subscription', name: 'ThreeADay', quota: quota(3), ...policy }),
      row('policy', 'advanced:OneADay', { level: 'advanced', name: 'OneADay', quota: quota(1), ...policy }),
      api(changes),
    ],
    { httpsPort: 0, tls, clientCertificates: { ...USUAL, ...certificates }, trustedProxies },
  );
  gateways.push(gateway);
  return gateway;
};

interface CallOptions {
  readonly as?: Identity | undefined;
  readonly headers?: Record<string, string> | undefined;
  readonly path?: string;
  readonly agent?: HttpsAgent;
}

const portOf = (gateway: TestGateway): number => gateway.messages.find((message) => message.type === 'listening')?.httpsPort ?? 0;

const call = (gateway: TestGateway, { as, headers = {}, path = '/pizza/1.0.0/menu', agent }: CallOptions = {}): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const port = portOf(gateway);
    const connection = agent ? { agent } : { agent: false as const, ...(as && { key: as.key, cert: as.cert }) };
    request({ host: '127.0.0.1', port, path, headers, rejectUnauthorized: false, ...connection }, (answer) => {
      let body = '';
      answer.on('data', (chunk) => (body += String(chunk)));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
    })
      .on('error', reject)
      .end();
  });

const codeOf = ({ body }: Answer): string => JSON.parse(body).code;
const inOneLine = (pem: string): string => pem.trim().replaceAll(/\r?\n/g, ' ');

it('lets the holder of a listed certificate in, without scopes, subscription or the limits of operations, and routes by its key type', async () => {
  const gateway = await started();

  const answers = [await call(gateway, { as: partner }), await call(gateway, { as: partner }), await call(gateway, { as: sandboxed })];

  expect(answers.map(({ status, body }) => [status, body])).toEqual([
    [200, 'hello'],
    [200, 'hello'],
    [200, 'sandbox'],
  ]);
  expect(gateway.messages.filter(({ type }) => type === 'warning')).toHaveLength(1);
});

it('counts the calls of a certificate under its plan', async () => {
  const gateway = await started();
  const statuses: number[] = [];

  for (let i = 0; i < 4; i += 1) statuses.push((await call(gateway, { as: partner })).status);
  statuses.push((await call(gateway, { as: sandboxed })).status);

  expect(statuses).toEqual([200, 200, 200, 429, 200]);
});

it.each([
  ['no certificate', () => undefined],
  ['a certificate that is not listed', () => stranger],
  ['an expired certificate', () => expired],
  ['a certificate that is not valid yet', () => early],
  ['a certificate issued by a listed one, where chains do not count', () => issued],
])('refuses %s', async (_, who) => {
  const gateway = await started({ clientCertificates: [...[expired, early, authority].map((each, at) => listed(`c-${at}`, each))] });

  const answer = await call(gateway, { as: who() });

  expect([answer.status, codeOf(answer)]).toEqual([401, '900901']);
  expect(answer.headers['www-authenticate']).toContain(
    'Internal API Key realm="WSO2 API Manager", Mutual SSL realm="WSO2 API Manager", error',
  );
});

it('serves an API with certificates over https alone', async () => {
  const gateway = await started();

  expect((await gateway.call('/pizza/1.0.0/menu')).status).toBe(403);
  expect((await call(gateway, { path: '/pizza/1.0.0/open' })).status).toBe(200);
});

it('takes up a change of the list at once, on connections that are open', async () => {
  const gateway = await started();
  const agent = new Agent({ keepAlive: true, maxSockets: 1, key: stranger.key, cert: stranger.cert });
  agents.push(agent);
  const statuses: number[] = [];
  const note = async () => statuses.push((await call(gateway, { agent })).status);

  await note();
  gateway.engine.apply([api({ clientCertificates: [listed('new', stranger)] })]);
  await note();
  await note();
  gateway.engine.apply([api({ clientCertificates: [] })]);
  await note();

  expect(statuses).toEqual([401, 200, 200, 401]);
});

it.each(['TLSv1.2', 'TLSv1.3'] as const)('knows the client of a resumed %s session', async (maxVersion) => {
  const gateway = await started();
  const agent = new Agent({ keepAlive: false, key: partner.key, cert: partner.cert, maxVersion, maxCachedSessions: 5 });
  agents.push(agent);

  const statuses = [(await call(gateway, { agent })).status, (await call(gateway, { agent })).status];

  expect(statuses).toEqual([200, 200]);
});

const TOKENS = ['oauth2', 'api_key'];
const PRESENTED = { none: {}, good: { authorization: '' }, bad: { authorization: 'Bearer x.y.z' } } as const;
it.each([
  // What is demanded, the certificate, the token, the answer.
  [['mutualssl_mandatory', 'oauth_basic_auth_api_key_mandatory'], 'listed', 'good', '200'],
  [['mutualssl_mandatory', 'oauth_basic_auth_api_key_mandatory'], 'listed', 'none', '900902'],
  [['mutualssl_mandatory', 'oauth_basic_auth_api_key_mandatory'], 'listed', 'bad', '900901'],
  [['mutualssl_mandatory', 'oauth_basic_auth_api_key_mandatory'], 'none', 'good', '900901'],
  [['mutualssl_mandatory', 'oauth_basic_auth_api_key_mandatory'], 'other', 'good', '900901'],
  [['mutualssl_mandatory', 'oauth_basic_auth_api_key_mandatory'], 'none', 'none', '900901'],
  [['oauth_basic_auth_api_key_mandatory'], 'listed', 'none', '900902'],
  [['oauth_basic_auth_api_key_mandatory'], 'listed', 'bad', '900901'],
  [['oauth_basic_auth_api_key_mandatory'], 'none', 'good', '200'],
  [['oauth_basic_auth_api_key_mandatory'], 'other', 'good', '200'],
  [['oauth_basic_auth_api_key_mandatory'], 'none', 'none', '900902'],
  [['mutualssl_mandatory'], 'listed', 'none', '200'],
  [['mutualssl_mandatory'], 'listed', 'bad', '200'],
  [['mutualssl_mandatory'], 'none', 'good', '900901'],
  [[], 'listed', 'none', '200'],
  [[], 'listed', 'bad', '200'],
  [[], 'listed', 'good', '200'],
  [[], 'none', 'good', '200'],
  [[], 'other', 'good', '200'],
  [[], 'none', 'bad', '900901'],
  [[], 'other', 'none', '900901'],
  [[], 'other', 'bad', '900901'],
  [[], 'none', 'none', '900902'],
] as const)('with %j demanded answers certificate %s and token %s with %s', async (demanded, certificate, token, expected) => {
  const gateway = await started({ securityScheme: ['mutualssl', ...TOKENS, ...demanded] });
  const headers = token === 'good' ? { authorization: `Bearer ${signer.token({ scope: 'chef' })}` } : PRESENTED[token];
  const as = { listed: partner, other: stranger, none: undefined }[certificate];

  const answer = await call(gateway, { as, headers });

  expect(answer.status === 200 ? '200' : codeOf(answer)).toBe(expected);
});

it.each([
  ['mandatory', ['oauth_basic_auth_api_key_mandatory'], 403],
  ['optional', [], 200],
])('beside a certificate refuses a token without the scope only where tokens are mandatory: %s', async (_, demanded, status) => {
  const gateway = await started({ securityScheme: ['mutualssl', 'oauth2', ...demanded] });

  const answer = await call(gateway, { as: sandboxed, headers: { authorization: `Bearer ${signer.token()}` } });

  expect(answer.status).toBe(status);
  if (status === 200) expect(answer.body).toBe('sandbox');
});

describe('with certificate chains', () => {
  const withAuthority = () => ({ clientCertificates: [listed('authority', authority)] });
  const chained = (own: Identity, ...above: readonly Identity[]) => ({
    key: own.key,
    cert: [own, ...above].map(({ cert }) => cert).join('\n'),
  });

  it.each([
    ['one that a listed certificate issued', () => issued, 200],
    ['one further down, with its chain', () => chained(issuedBelow, intermediate), 200],
    ['one further down, without its chain', () => issuedBelow, 401],
    ['one of an issuer that only has the name', () => forged, 401],
    ['one with a chain that did not issue it', () => chained(forged, authority), 401],
    ['a stranger’s', () => stranger, 401],
  ])('answers %s with %i', async (_, who, status) => {
    const gateway = await started(withAuthority(), { followsChains: true });

    expect((await call(gateway, { as: who() })).status).toBe(status);
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('knows the chain again when a %s client comes back', async (maxVersion) => {
    const gateway = await started(withAuthority(), { followsChains: true });
    const agent = new Agent({ keepAlive: false, ...chained(issuedBelow, intermediate), maxVersion });
    agents.push(agent);

    const statuses = [(await call(gateway, { agent })).status, (await call(gateway, { agent })).status];

    expect(statuses).toEqual([200, 200]);
  });

  it('does not take a listed client’s certificate for an issuer', async () => {
    const fake = await identity('fake', { issuer: partner });
    const gateway = await started({}, { followsChains: true });

    expect((await call(gateway, { as: fake })).status).toBe(401);
  });
});

it.each([
  ['a listed certificate', () => partner, 200],
  ['a certificate that is not listed', () => stranger, 401],
  ['no certificate', () => null, 401],
])('knows the client of an HTTP/2 connection with %s', async (_what, as, status) => {
  const gateway = await started();
  const session = connect(`https://localhost:${portOf(gateway)}`, { rejectUnauthorized: false, ...as() });
  const stream = session.request({ ':path': '/pizza/1.0.0/menu', 'x-client': inOneLine(partner.cert) });

  const [head] = await once(stream, 'response');
  session.destroy();

  expect(head[':status']).toBe(status);
});

describe('a certificate in a header', () => {
  const header = (value: string) => ({ 'X-Client': value });
  const byBalancer = () => ({ trustedProxies: [balancer.cert] });

  it('is ignored when a client sends it itself, with or without a certificate of its own', async () => {
    const gateway = await started({}, byBalancer());
    const headers = header(inOneLine(partner.cert));

    const statuses = [(await call(gateway, { headers })).status, (await call(gateway, { as: stranger, headers })).status];

    expect(statuses).toEqual([401, 401]);
  });

  it('is believed of a load balancer with a trusted certificate, and kept from the backend', async () => {
    const gateway = await started({}, byBalancer());

    const answer = await call(gateway, { as: balancer, headers: header(inOneLine(partner.cert)) });

    expect(answer.status).toBe(200);
    expect(backend.seen.at(-1)?.headers['x-client']).toBeUndefined();
  });

  it.each([
    ['a stranger’s', () => inOneLine(stranger.cert)],
    ['an expired one', () => inOneLine(expired.cert)],
    ['rubbish', () => 'rubbish'],
    ['nothing', () => ''],
  ])('does not open the API when it holds %s', async (_, value) => {
    const gateway = await started({}, byBalancer());

    expect((await call(gateway, { as: balancer, headers: header(value()) })).status).toBe(401);
  });

  it.each([
    ['URL-encoded', (pem: string) => encodeURIComponent(pem)],
    ['base64 of the text', (pem: string) => Buffer.from(pem).toString('base64')],
  ])('is read when it is %s', async (_, encode) => {
    const gateway = await started({}, { ...byBalancer(), isEncoded: true });

    expect((await call(gateway, { as: balancer, headers: header(encode(partner.cert)) })).status).toBe(200);
  });

  it('is believed by address where certificates of clients are not checked, of trusted proxies alone', async () => {
    const headers = header(inOneLine(partner.cert));
    const trusting = await started({}, { validatesClients: false }, ['127.0.0.1']);
    const wary = await started({}, { validatesClients: false });

    expect([(await call(trusting, { headers })).status, (await call(wary, { headers })).status]).toEqual([200, 401]);
  });

  it('goes on to the backend when it is believed and the configuration says so', async () => {
    const gateway = await started({ securityScheme: ['mutualssl', 'oauth2'] }, { ...byBalancer(), isForwarded: true });
    const value = inOneLine(partner.cert);

    await call(gateway, { as: balancer, headers: header(value) });
    const believed = backend.seen.at(-1)?.headers['x-client'];
    await call(gateway, { headers: { ...header(value), authorization: `Bearer ${signer.token({ scope: 'chef' })}` } });
    const injected = backend.seen.at(-1)?.headers['x-client'];

    expect([believed, injected]).toEqual([value, undefined]);
  });

  it('reaches no backend of an API that asks for none, however it is spelled', async () => {
    const gateway = await started({ securityScheme: ['oauth2'] }, byBalancer());
    const authorization = `Bearer ${signer.token({ scope: 'chef' })}`;

    for (const name of ['X-Client', 'x_client', 'X_WSO2_Client_Certificate'])
      await call(gateway, { headers: { [name]: 'forged', authorization } });

    expect(backend.seen.slice(-3).map(({ rawHeaders }) => rawHeaders.includes('forged'))).toEqual([false, false, false]);
  });

  it('opens nothing beside a second one, which the client may have sent', async () => {
    const gateway = await started({}, byBalancer());
    const headers = { 'X-Client': [inOneLine(partner.cert), inOneLine(stranger.cert)] as unknown as string };

    expect((await call(gateway, { as: balancer, headers })).status).toBe(401);
  });

  it('keeps the answers apart that a backend gives by it', async () => {
    const answering = await startBackend((request, reply) => reply.end(String(request.headers['x-client'])));
    const endpoints = { production: { url: answering.url, onTimeout: 'fault' as const, timeoutMs: null }, sandbox: null };
    const gateway = await started({ cacheSeconds: 60, endpoints }, { ...byBalancer(), isForwarded: true });
    const as = (cert: string) => call(gateway, { as: balancer, path: '/pizza/1.0.0/open', headers: header(inOneLine(cert)) });

    const bodies = [(await as(partner.cert)).body, (await as(stranger.cert)).body];

    await answering.stop();
    expect(bodies).toEqual([inOneLine(partner.cert), inOneLine(stranger.cert)]);
  });
});
