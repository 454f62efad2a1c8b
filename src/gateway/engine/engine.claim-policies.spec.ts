import { createHash } from 'node:crypto';
import type { AttachedPolicyDocument } from '../../domain/gateway-documents.js';
import { type Answer, apiRow, row, Signer, startBackend, subscriber, TENANT, type TestBackend, TestGateway } from './engine.fixture.js';
import type { ApiAck, FromWorker } from './messages.js';

const signer = new Signer('key-1');
const attach = (name: string, parameters: Record<string, unknown> = {}): AttachedPolicyDocument => ({
  name,
  version: 'v1',
  isBuiltIn: true,
  parameters,
});

let backend: TestBackend;
let gateway: TestGateway;
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend.stop());
beforeEach(() => {
  backend.seen.length = 0;
});
afterEach(() => gateway.stop());

const start = async (...request: AttachedPolicyDocument[]) => {
  gateway = await TestGateway.start([...subscriber(signer), apiRow(backend.url, { policies: { request, response: [], fault: [] } })]);
};
const call = (token: string, headers: Record<string, string> = {}): Promise<Answer> =>
  gateway.call('/pizza/1.0.0/menu', { headers: { Authorization: `Bearer ${token}`, ...headers } });
const codeOf = ({ status, body }: Answer): unknown => (status === 200 ? 200 : [status, JSON.parse(body).code]);
const isAck = (message: FromWorker): message is ApiAck => message.type === 'ack';
const refusalOf = (): string | undefined => gateway.messages.filter(isAck).find(({ ok }) => !ok)?.error;

const PASSES = 200;
const MISMATCH = [403, '900912'];
const MISSING = [403, '900913'];

describe('jwtClaimBasedAccessValidator', () => {
  const claim = (accessVerificationClaim: string, accessVerificationClaimValue: string, further: Record<string, unknown> = {}) =>
    attach('jwtClaimBasedAccessValidator', { accessVerificationClaim, accessVerificationClaimValue, ...further });

  it.each([
    ['the value asked for', {}, { aut: 'APPLICATION' }, PASSES],
    ['another value', {}, { aut: 'APPLICATION_USER' }, MISMATCH],
    ['the value in other letters', {}, { aut: 'application' }, MISMATCH],
    ['no such claim', {}, { aut: undefined }, MISSING],
    ['a claim that is null', {}, { aut: null }, MISSING],
    ['a number that reads alike', { accessVerificationClaim: 'level', accessVerificationClaimValue: '3' }, { level: 3 }, PASSES],
    ['a list', { accessVerificationClaim: 'level', accessVerificationClaimValue: '["a"]' }, { level: ['a'] }, PASSES],
    ['a claim of objects by name alone', { accessVerificationClaim: 'constructor' }, {}, MISSING],
  ])('with %s', async (_, parameters, claims, expected) => {
    await start(attach('jwtClaimBasedAccessValidator', parameters));

    const answer = await call(signer.token(claims));

    expect(codeOf(answer)).toEqual(expected);
    expect(backend.seen).toHaveLength(expected === PASSES ? 1 : 0);
  });

  it.each([
    ['both values match', 'APP.*', 'APPLICATION', PASSES],
    ['both values match, different as they are', 'APP.*', 'APPLICATION_USER', PASSES],
    ['the token’s value matches in part', 'APPLICATION', 'APPLICATION_USER', MISMATCH],
    ['the configured value does not match', '.*_USER', 'APPLICATION_USER', MISMATCH],
    ['the letters differ', 'app.*', 'APPLICATION', MISMATCH],
  ])('with a regular expression where %s', async (_, accessVerificationClaimValueRegex, aut, expected) => {
    await start(claim('aut', 'APPLICATION', { accessVerificationClaimValueRegex }));

    expect(codeOf(await call(signer.token({ aut })))).toEqual(expected);
  });

  it.each([
    ['another value', { aut: 'APPLICATION_USER' }, PASSES],
    ['no such claim', { aut: undefined }, MISSING],
  ])('that is told to let values pass, with %s', async (_, claims, expected) => {
    await start(claim('aut', 'APPLICATION', { shouldAllowValidation: 'true' }));

    expect(codeOf(await call(signer.token(claims)))).toEqual(expected);
  });

  it('says what is wrong, without asking for another credential', async () => {
    await start(claim('aut', 'NOBODY'));

    const { headers, body } = await call(signer.token());

    expect(JSON.parse(body)).toEqual({
      code: '900912',
      message: 'Claim Mismatch',
      description: 'The claim configured in the system and the claim provided in the token do not align. Please ensure the claims match.',
    });
    expect(headers['www-authenticate']).toBeUndefined();
  });

  it.each([['(?=a)a'], ['(a'], ['(a)\\1']])('is not deployed with the expression %s', async (accessVerificationClaimValueRegex) => {
    await start(claim('aut', 'APPLICATION', { accessVerificationClaimValueRegex }));

    expect(refusalOf()).toMatch(/'jwtClaimBasedAccessValidator': 'accessVerificationClaimValueRegex' is no regular expression/);
  });

  it('is done with a hostile expression in no time', async () => {
    await start(claim('aut', 'aaaa', { accessVerificationClaimValueRegex: '(a+)+' }));
    const before = performance.now();

    expect(codeOf(await call(signer.token({ aut: `${'a'.repeat(2_000)}!` })))).toEqual(MISMATCH);

    expect(performance.now() - before).toBeLessThan(500);
  });
});

describe('validateCsrfCookie', () => {
  const binding_ref = createHash('md5').update('s3cret').digest('hex');
  const bound = () => signer.token({ binding_type: 'cookie', binding_ref });

  it.each([
    ['its cookie', 'atbv=s3cret', PASSES],
    ['its cookie among others', 'a=b; atbv=s3cret; c=d', PASSES],
    ['another value', 'atbv=other', [401, '900901']],
    ['a cookie of another name', 'xatbv=s3cret', [401, '900901']],
    ['the digest itself', `atbv=${binding_ref}`, [401, '900901']],
    ['no cookie', undefined, [401, '900901']],
  ])('takes a bound token with %s', async (_, cookie, expected) => {
    await start(attach('validateCsrfCookie', { csrfCookieName: 'atbv' }));

    expect(codeOf(await call(bound(), cookie === undefined ? {} : { Cookie: cookie }))).toEqual(expected);
  });

  it('looks for the cookie that it is told', async () => {
    await start(attach('validateCsrfCookie', { csrfCookieName: 'mine' }));

    expect(codeOf(await call(bound(), { Cookie: 'mine=s3cret' }))).toBe(PASSES);
    expect(codeOf(await call(bound(), { Cookie: 'atbv=s3cret' }))).toEqual([401, '900901']);
  });

  it.each([
    ['is bound to nothing', {}],
    ['is bound to something else', { binding_type: 'sso-session', binding_ref: 'x' }],
    ['names no cookie', { binding_type: 'cookie' }],
  ])('lets a token pass that %s', async (_, claims) => {
    await start(attach('validateCsrfCookie'));

    expect(codeOf(await call(signer.token(claims)))).toBe(PASSES);
  });

  it('refuses as an invalid token', async () => {
    await start(attach('validateCsrfCookie'));

    const { headers, body } = await call(bound());

    expect(JSON.parse(body)).toMatchObject({ message: 'Invalid Credentials', description: expect.stringMatching(/^Invalid JWT token/) });
    expect(headers['www-authenticate']).toContain('Bearer realm="WSO2 API Manager"');
  });
});

describe('revokeOneTimeToken', () => {
  const oneTime = (claims: Record<string, unknown> = {}) => signer.token({ scope: 'default OTT', jti: `once-${Math.random()}`, ...claims });
  const used = () => gateway.messages.filter((message) => message.type === 'token-used');

  it('lets a token with the scope pass once, and tells of it', async () => {
    await start(attach('revokeOneTimeToken', { scope: 'OTT' }));
    const token = oneTime({ jti: 'once-1' });

    expect([codeOf(await call(token)), codeOf(await call(token)), codeOf(await call(token))]).toEqual([
      PASSES,
      [401, '900901'],
      [401, '900901'],
    ]);

    expect(backend.seen).toHaveLength(1);
    expect(used()).toMatchObject([{ token: { organization: TENANT, type: 'jti', value: 'once-1', expiresAt: expect.any(Number) } }]);
  });

  it('lets one of many requests pass that come at the same time', async () => {
    await start(attach('revokeOneTimeToken', { scope: 'OTT' }));
    const token = oneTime();

    const answers = await Promise.all(Array.from({ length: 8 }, () => call(token)));

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(backend.seen).toHaveLength(1);
  });

  it('lets one of two requests pass whose bodies are on their way at the same time', async () => {
    await start(attach('jsonValidator'), attach('revokeOneTimeToken'));
    const token = oneTime();
    const order = () =>
      gateway.call('/pizza/1.0.0/order', {
        method: 'POST',
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
        body: '{}',
      });

    const answers = await Promise.all([order(), order(), order()]);

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it.each([
    ['another scope', 'default', 'OTT'],
    ['a scope that only begins alike', 'OTTER', 'OTT'],
    ['the usual scope where another is asked for', 'OTT', 'mine'],
  ])('leaves tokens of %s alone', async (_, scope, configured) => {
    await start(attach('revokeOneTimeToken', { scope: configured }));
    const token = oneTime({ scope });

    expect([codeOf(await call(token)), codeOf(await call(token))]).toEqual([PASSES, PASSES]);
    expect(used()).toEqual([]);
  });

  it('refuses a token without an id, which could not be told from others', async () => {
    await start(attach('revokeOneTimeToken'));

    expect(codeOf(await call(oneTime({ jti: undefined })))).toEqual([401, '900901']);
  });

  it('does not use up a token that an earlier policy refuses', async () => {
    await start(
      attach('jwtClaimBasedAccessValidator', { accessVerificationClaim: 'aut', accessVerificationClaimValue: 'X' }),
      attach('revokeOneTimeToken'),
    );

    await call(oneTime());

    expect(used()).toEqual([]);
  });
});

describe('without a token', () => {
  it.each([
    ['jwtClaimBasedAccessValidator', MISSING],
    ['validateCsrfCookie', PASSES],
    ['revokeOneTimeToken', PASSES],
  ])('%s answers as it must', async (name, expected) => {
    await start(attach(name));

    expect(codeOf(await gateway.call('/pizza/1.0.0/open'))).toEqual(expected);
  });
});

it.each([
  ['modelRoundRobin', 'v1', 'it is for AI APIs'],
  ['WordCountGuardrail', 'v1.1', 'it is for AI APIs'],
  ['setToHeaderWS', 'v1', 'it is for WebSocket APIs'],
])('an API with the policy %s is not deployed, and its publisher is told why', async (name, version, reason) => {
  gateway = await TestGateway.start([row('organization', TENANT, { active: true })]);
  const policies = { request: [{ name, version, isBuiltIn: true, parameters: {} }], response: [], fault: [] };

  gateway.engine.apply([apiRow(backend.url, { policies })]);

  expect(refusalOf()).toContain(`the gateway cannot run the policy '${name}' ${version}: ${reason}`);
});
