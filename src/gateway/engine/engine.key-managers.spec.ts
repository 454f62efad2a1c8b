import type { FeedRow, KeyManagerDocument } from '../../domain/gateway-documents.js';
import { GLOBAL_ORGANIZATION } from '../../domain/organization.js';
import { apiRow, keyManager, row, Signer, startBackend, subscriber, type TestBackend, TestGateway, until } from './engine.fixture.js';

const resident = new Signer('resident');
const outside = new Signer('outside');
const IDP = 'https://idp.test/';
const OTHER_TENANT = 'other.com';

let backend: TestBackend;
let gateway: TestGateway;

beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend.stop());
beforeEach(async () => {
  gateway = await TestGateway.start([...subscriber(resident), mapped('Idp', 'client-1'), apiRow(backend.url)]);
});
afterEach(() => gateway.stop());

const mapped = (name: string, consumerKey: string) =>
  row('key-mapping', `${name}:${consumerKey}`, { consumerKey, keyManager: name, applicationId: 'app-1', keyType: 'PRODUCTION' });
const document = (changes: Partial<KeyManagerDocument> = {}): KeyManagerDocument => ({
  name: 'Idp',
  type: 'oidc',
  issuer: IDP,
  enabled: true,
  tokenType: 'DIRECT',
  jwks: [outside.jwk()],
  isPinned: false,
  isSelfValidated: true,
  isIntrospectable: false,
  consumerKeyClaim: 'cid',
  scopesClaim: 'scp',
  claimMapping: [],
  tokenValidation: [],
  ...changes,
});
const idp = (changes: Partial<KeyManagerDocument> = {}) => keyManager(outside, document(changes));
const token = (claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}, signer = outside) =>
  signer.token({ iss: IDP, cid: 'client-1', azp: 'nobody', aut: undefined, ...claims }, header);
const call = async (presented: string): Promise<number> =>
  (await gateway.call('/pizza/1.0.0/menu', { headers: { Authorization: `Bearer ${presented}` } })).status;
const keysWanted = () => gateway.messages.filter(({ type }) => type === 'key-wanted');

it('finds the client in the claim that the key manager names', async () => {
  gateway.engine.apply([idp()]);

  expect(await call(token())).toBe(200);
  expect(await call(token({ cid: 'nobody', azp: 'client-1' }))).toBe(403);
});

it.each<readonly [string, Partial<KeyManagerDocument>]>([
  ['is switched off', { enabled: false }],
  ['has its tokens exchanged first', { tokenType: 'EXCHANGED' }],
  ['is to be asked about each token', { isSelfValidated: false }],
])('refuses tokens of a key manager that %s, also those it has seen before', async (_, changes) => {
  gateway.engine.apply([idp()]);
  const known = token();
  expect(await call(known)).toBe(200);

  gateway.engine.apply([idp(changes)]);

  expect(await call(known)).toBe(401);
  expect(await call(token({ jti: 'another' }))).toBe(401);
});

it('takes tokens of both kinds where both are allowed', async () => {
  gateway.engine.apply([idp({ tokenType: 'BOTH' })]);

  expect(await call(token())).toBe(200);
});

it('looks for the key by its id, unless a certificate was given', async () => {
  gateway.engine.apply([idp()]);
  expect(await call(token({}, { kid: 'renamed' }))).toBe(401);

  const { kid: _, ...key } = outside.jwk();
  gateway.engine.apply([idp({ isPinned: true, jwks: [key] })]);

  expect(await call(token({}, { kid: 'renamed' }))).toBe(200);
  expect(await call(token({}, { kid: undefined }))).toBe(200);
  expect(await call(token({}, {}, new Signer('outside')))).toBe(401);
});

it('asks for a key that it does not know, once in a while, and never for one of its own server', async () => {
  gateway.engine.apply([idp()]);
  await Promise.all(Array.from({ length: 20 }, (_, times) => call(token({}, { kid: `made-up-${times}` }))));
  await call(token({ exp: 1 }, { kid: 'made-up' }));
  await call(resident.token({}, { kid: 'made-up' }));
  await call(token({ iss: 'https://nobody.test' }, { kid: 'made-up' }));

  expect(keysWanted()).toEqual([{ type: 'key-wanted', organization: 'carbon.super', keyManager: 'Idp' }]);
});

describe('a token that is signed with a key of which nothing is known yet', () => {
  const next = new Signer('next');
  const rotated = () => idp({ jwks: [outside.jwk(), next.jwk()] });
  const signed = () => token({}, {}, next);

  it('waits for the keys of its key manager', async () => {
    gateway.engine.apply([idp()]);
    const calls = [call(signed()), call(signed())];
    await until(() => keysWanted().length > 0);

    gateway.engine.apply([rotated()]);

    expect(await Promise.all(calls)).toEqual([200, 200]);
    expect(keysWanted()).toHaveLength(1);
  });

  it.each<[string, () => FeedRow]>([
    ['are others', () => idp({ jwks: [new Signer('another').jwk()] })],
    ['have the same name and another owner', () => idp({ jwks: [new Signer('next').jwk()] })],
    ['come with a key manager that is switched off', () => idp({ enabled: false, jwks: [next.jwk()] })],
    ['are gone with it', () => row('key-manager', 'Idp', null)],
  ])('is refused when they %s', async (_, change) => {
    gateway.engine.apply([idp()]);
    const answer = call(signed());
    await until(() => keysWanted().length > 0);

    gateway.engine.apply([change()]);

    expect(await answer).toBe(401);
  });

  it('is refused when none come; the next is told so at once, and good ones never wait', async () => {
    gateway.engine.apply([idp()]);
    const startedAt = performance.now();
    const answer = call(signed());
    await until(() => keysWanted().length > 0);
    expect(await call(token())).toBe(200);
    expect(performance.now() - startedAt).toBeLessThan(1_500);
    expect(await answer).toBe(401);

    const againAt = performance.now();
    expect(await call(signed())).toBe(401);
    expect(performance.now() - againAt).toBeLessThan(1_000);

    gateway.engine.apply([rotated()]);
    expect(await call(signed())).toBe(200);
  });
});

describe('a global key manager', () => {
  const global = (changes: Partial<KeyManagerDocument> = {}) => row('key-manager', 'Idp', document(changes), GLOBAL_ORGANIZATION);

  it('serves a tenant, until it has one of its own for the issuer, and again afterwards', async () => {
    gateway.engine.apply([global()]);
    const known = token();
    expect(await call(known)).toBe(200);

    gateway.engine.apply([idp({ name: 'Own', jwks: [new Signer('outside').jwk()] })]);
    expect(await call(known)).toBe(401);
    gateway.engine.apply([row('key-manager', 'Own', null)]);

    expect(await call(known)).toBe(200);
  });

  it('is stood in for by nobody’s key manager of another tenant', async () => {
    gateway.engine.apply([row('key-manager', 'Idp', document(), OTHER_TENANT)]);

    expect(await call(token())).toBe(401);
  });

  it('refuses when it is switched off', async () => {
    gateway.engine.apply([global()]);
    const known = token();
    expect(await call(known)).toBe(200);

    gateway.engine.apply([global({ enabled: false })]);

    expect(await call(known)).toBe(401);
  });
});
