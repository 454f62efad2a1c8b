import type { BackendJwtSettings } from './credentials/backend-jwts.js';
import { type Answer, apiRow, Signer, startBackend, subscriber, type TestBackend, TestGateway } from './engine.fixture.js';
import { written } from './sequences.fixture.js';

/** What the product has in classes, called by policies that users write (`reference/mediation.md` §3.9, §8). */
const P = 'org.wso2.carbon.apimgt.gateway.mediators.';
const signer = new Signer('key-1');
const JWT: BackendJwtSettings = {
  header: 'X-JWT-Assertion',
  claimDialect: 'http://wso2.org/claims',
  encoding: 'base64',
  isSigned: true,
  hasKid: true,
  thumbprint: 'x5t',
  isTenantKey: false,
  lifeSeconds: 900,
  hasUserClaims: false,
  excludedClaims: [],
};

let backend: TestBackend;
let opa: TestBackend;
let gateway: TestGateway | undefined;
beforeAll(async () => {
  backend = await startBackend();
  opa = await startBackend((request, reply) => reply.end(JSON.stringify({ result: request.url === '/v1/data/pizza/allow' })));
});
afterAll(async () => {
  await backend.stop();
  await opa.stop();
});
beforeEach(() => {
  backend.seen.length = 0;
});
afterEach(async () => {
  await gateway?.stop();
  gateway = undefined;
});

const start = async (definition: string, parameters: Record<string, unknown> = {}, backendJwt?: BackendJwtSettings) => {
  const policies = { request: [written(definition, parameters)], response: [], fault: [] };
  const own = new TestGateway({ ...(backendJwt && { backendJwt }) }, (message) => {
    if (message.type === 'sign-question') own.engine.signed(message.id, 'signed');
  });
  gateway = own;
  own.engine.apply([...subscriber(signer), apiRow(backend.url, { policies })]);
  await own.engine.listen();
  return own;
};
const refusal = ({ messages }: TestGateway): string | undefined =>
  messages.flatMap((message) => (message.type === 'ack' && !message.ok && 'error' in message ? [String(message.error)] : []))[0];
const call = (at: TestGateway, claims: Record<string, unknown> = {}, headers: Record<string, string> = {}): Promise<Answer> =>
  at.call('/pizza/1.0.0/menu', { headers: { Authorization: `Bearer ${signer.token(claims)}`, ...headers } });
const codeOf = ({ status, body }: Answer): unknown => (status === 200 ? 200 : [status, JSON.parse(body).code]);

const CLAIM = `<property name="accessVerificationClaim" value="aut"/><property name="accessVerificationClaimValue" value="APPLICATION"/><class name="${P}ClaimBasedResourceAccessValidationMediator"/>`;
const BINDING = { binding_type: 'cookie', binding_ref: '900150983cd24fb0d6963f7d28e17f72' };
const CSRF = `<class name="${P}CrossSiteRequestForgeryValidationMediator"><property name="csrfCookieName" value="mine"/></class>`;
const opaOf = (rule: string) => `<opa><serverUrl>${opa.url}/v1/data</serverUrl><policy>pizza</policy><rule>${rule}</rule></opa>`;

it.each([
  ['a claim that is as wanted', () => CLAIM, { aut: 'APPLICATION' }, {}, 200],
  ['a claim that is not', () => CLAIM, { aut: 'OTHER' }, {}, [403, '900912']],
  ['the cookie of its token', () => CSRF, BINDING, { Cookie: 'mine=abc' }, 200],
  ['another cookie', () => CSRF, BINDING, { Cookie: 'mine=abd' }, [401, '900901']],
  ['a policy server that agrees', () => opaOf('allow'), {}, {}, 200],
  ['a policy server that does not', () => opaOf('deny'), {}, {}, [403, '902012']],
  ['a one-time token', () => `<class name="${P}OneTimeTokenRevocationMediator"/>`, {}, {}, 200],
])('decides about a request with %s', async (_, definition, claims, headers, expected) => {
  const own = await start(definition());

  const answer = await call(own, claims, headers);

  expect(codeOf(answer)).toEqual(expected);
  expect(backend.seen).toHaveLength(expected === 200 ? 1 : 0);
});

describe('TokenPasser', () => {
  const PASSER = `<class name="${P}TokenPasser"/>`;

  it('tells the backend who calls', async () => {
    const own = await start(PASSER, {}, JWT);

    await call(own, {}, { assertion: 'mine' });

    expect(backend.seen[0]?.headers['assertion']).toBe('signed');
  });

  it('is refused when the API is deployed where the server makes no such tokens', async () => {
    const own = await start(PASSER);

    expect(refusal(own)).toContain('see [apim.jwt] enable');
  });
});

describe('a secret parameter', () => {
  const SECRET = "s3cr3t'word";

  it.each([
    ['that does not fit', '<property name="a" expression="$ctx:{{ apiPassword }}"/>', 'a secret parameter (apiPassword)'],
    ['that does not fit in a word', '<log level="{{ apiPassword }}"/>', "'masked' is no level"],
    ['beside another mistake', '<property name="a" value="{{ apiPassword }}"/><store/>', 'store'],
  ])('%s is not quoted', async (_, definition, expected) => {
    const own = await start(definition, { apiPassword: SECRET });

    expect(refusal(own)).toContain(expected);
    expect(JSON.stringify(own.messages)).not.toMatch(/s3cr3t|word'/);
  });
});
