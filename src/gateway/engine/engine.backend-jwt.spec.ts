import type { BackendJwtSettings } from './credentials/backend-jwts.js';
import {
  apiRow,
  keyManager,
  operation,
  row,
  Signer,
  startBackend,
  subscriber,
  TENANT,
  type TestBackend,
  TestGateway,
} from './engine.fixture.js';
import type { FromWorker } from './messages.js';

const signer = new Signer('key-a');
const SETTINGS: BackendJwtSettings = {
  header: 'X-JWT-Assertion',
  claimDialect: 'http://wso2.org/claims',
  encoding: 'base64',
  isSigned: true,
  hasKid: true,
  thumbprint: 'x5t',
  isTenantKey: false,
  lifeSeconds: 900,
  hasUserClaims: false,
  excludedClaims: ['secret'],
};
const OPERATIONS = [operation('GET', '/menu'), operation('GET', '/open', { authType: 'None' })];

let backend: TestBackend;
let gateway: TestGateway;
let asked: Extract<FromWorker, { type: 'sign-question' }>[];

beforeEach(async () => {
  backend = await startBackend();
  asked = [];
});
afterEach(async () => {
  await gateway.stop();
  await backend.stop();
});

/** A gateway whose questions are answered with the number they have, or with nothing. */
const start = async (
  changes: Partial<BackendJwtSettings> = {},
  answer: (id: number) => string | null = (id) => `jwt-${id}`,
): Promise<void> => {
  gateway = new TestGateway({ backendJwt: { ...SETTINGS, ...changes } }, (message) => {
    if (message.type !== 'sign-question') return;
    asked.push(message);
    gateway.engine.signed(message.id, answer(message.id));
  });
  gateway.engine.apply([...subscriber(signer), apiRow(backend.url, { operations: OPERATIONS })]);
  await gateway.engine.listen();
};

const call = (token: string | null, path = '/menu', headers: Record<string, string> = {}) =>
  gateway.call(`/pizza/1.0.0${path}`, { headers: { ...(token !== null && { Authorization: `Bearer ${token}` }), ...headers } });
const assertions = () => backend.seen.map(({ headers }) => headers['x-jwt-assertion']);

it('tells the backend who calls, with one token for all calls of a credential', async () => {
  await start();
  const token = signer.token({ email: 'a@x.com', list: '["a"]', secret: 'x' });

  await Promise.all([call(token), call(token)]);
  await call(token, '/menu', { 'X-JWT-Assertion': 'mine' });
  await call(signer.token({ jti: 'other' }));

  expect(assertions()).toEqual(['jwt-1', 'jwt-1', 'jwt-1', 'jwt-2']);
  const { request } = asked[0] ?? {};
  expect(request).toMatchObject({
    organization: TENANT,
    header: { typ: 'JWT' },
    encoding: 'base64',
    thumbprint: 'x5t',
    isAnonymous: false,
  });
  expect(request?.payload).toEqual({
    azp: 'key-1',
    email: 'a@x.com',
    list: ['a'],
    scope: 'default',
    'http://wso2.org/claims/subscriber': 'admin',
    'http://wso2.org/claims/applicationid': '1',
    'http://wso2.org/claims/applicationname': 'App',
    'http://wso2.org/claims/applicationtier': 'Unlimited',
    'http://wso2.org/claims/apiname': 'Pizza',
    'http://wso2.org/claims/apicontext': '/pizza/1.0.0',
    'http://wso2.org/claims/version': '1.0.0',
    'http://wso2.org/claims/tier': 'Unlimited',
    'http://wso2.org/claims/keytype': 'PRODUCTION',
    'http://wso2.org/claims/usertype': 'Application_User',
    'http://wso2.org/claims/enduser': `ann@${TENANT}`,
    'http://wso2.org/claims/applicationUUId': 'app-1',
    'http://wso2.org/claims/applicationAttributes': {},
    iss: 'wso2.org/products/am',
    sub: 'ann',
    iat: expect.any(Number),
    exp: expect.any(Number),
    jti: expect.any(String),
  });
  expect(Number(request?.payload['exp']) - Number(request?.payload['iat'])).toBe(900);
});

it('makes another token when what it says has changed', async () => {
  await start();
  const token = signer.token();
  await call(token);

  gateway.engine.apply([
    row('application', 'app-1', {
      uuid: 'app-1',
      id: 1,
      name: 'New',
      owner: 'admin',
      policy: 'Unlimited',
      organization: TENANT,
      attributes: { a: 'b' },
    }),
  ]);
  await call(token);

  expect(assertions()).toEqual(['jwt-1', 'jwt-2']);
  expect(asked[1]?.request.payload).toMatchObject({
    'http://wso2.org/claims/applicationname': 'New',
    'http://wso2.org/claims/applicationAttributes': { a: 'b' },
  });
});

it('makes none for callers without a name, and never passes one on that they sent', async () => {
  await start();

  await call(null, '/open', { 'x-jwt-assertion': 'mine' });

  expect(assertions()).toEqual([undefined]);
  expect(asked).toHaveLength(0);
});

it('refuses the call when nobody can sign, and asks again for the next', async () => {
  await start({}, (id) => (id === 1 ? null : 'jwt'));
  const token = signer.token();

  const refused = await call(token);
  const served = await call(token);

  expect({ status: refused.status, body: JSON.parse(refused.body) }).toMatchObject({ status: 500, body: { code: '900900' } });
  expect(served.status).toBe(200);
  expect(assertions()).toEqual(['jwt']);
});

it('makes another token before the one it has ends', async () => {
  await start({ lifeSeconds: 1 });
  const token = signer.token();
  await call(token);

  await new Promise((resolve) => setTimeout(resolve, 950));
  await call(token);

  expect(assertions()).toEqual(['jwt-1', 'jwt-2']);
});

it('asks for what is stored of the user where that is wanted', async () => {
  await start({ hasUserClaims: true, isTenantKey: true, isSigned: false, header: 'X-Who', hasKid: false, thumbprint: 'x5t#S256' });

  await call(signer.token({ entity_id: 'user-1' }));

  expect(backend.seen[0]?.headers['x-who']).toBe('jwt-1');
  expect(asked[0]?.request).toMatchObject({
    user: { id: 'user-1', dialect: 'http://wso2.org/claims', excluded: ['secret'] },
    tenant: { organization: TENANT, claim: 'http://wso2.org/claims/enduserTenantId' },
    isUnsigned: true,
    isAnonymous: true,
    thumbprint: 'x5t#S256',
  });
});

it.each(['x-jwt-assertion', 'X_JWT_ASSERTION', 'x-jwt_assertion'])('lets no backend read a caller’s own %s', async (name) => {
  await start();

  await call(null, '/open', { [name]: 'forged' });
  await call(signer.token(), '/menu', { [name]: 'forged' });

  expect(backend.seen.map(({ rawHeaders }) => rawHeaders.includes('forged'))).toEqual([false, false]);
});

it('says about caller and tenant what the gateway knows, whatever a token claims', async () => {
  await start();
  const forged = ['subscriber', 'enduserTenantId', 'applicationid', 'tier', 'enduser', 'usertype'];
  const claims = Object.fromEntries(forged.map((name) => [`http://wso2.org/claims/${name}`, 'forged']));
  gateway.engine.apply([apiRow(backend.url, { operations: OPERATIONS, subscriptionless: true })]);

  await call(signer.token({ ...claims, azp: 'nobody' }));

  expect(asked).toHaveLength(1);
  expect(Object.values(asked[0]?.request.payload ?? {})).not.toContain('forged');
});

it('tells nothing of our users to backends whose callers come with tokens of other issuers', async () => {
  await start({ hasUserClaims: true });
  const issuer = 'https://other.example';
  const other = new Signer('other');
  gateway.engine.apply([
    keyManager(other, { name: 'Other', issuer }),
    apiRow(backend.url, { operations: OPERATIONS, subscriptionless: true }),
  ]);

  await call(other.token({ iss: issuer, sub: 'user-1', entity_id: 'user-1' }));

  expect(asked).toHaveLength(1);
  expect(asked[0]?.request.user).toBeUndefined();
});
