import { introspect } from '../keys/oauth.js';
import { type Actor, expected } from '../support/actor.js';
import type { Backend } from '../support/backend.js';
import type { Body } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { type GivenKeys, type GivenSubscriber, given } from '../support/given.js';

const attach = (policyName: string, parameters: Body = {}): Body => ({
  policyName,
  policyVersion: 'v1',
  policyType: 'common',
  parameters,
});
const resource = (target: string, ...request: Body[]): Body => ({ verb: 'GET', target, operationPolicies: { request } });
const claim = (accessVerificationClaimValue: string) =>
  attach('jwtClaimBasedAccessValidator', { accessVerificationClaim: 'aut', accessVerificationClaimValue, shouldAllowValidation: 'false' });

let admin: Actor;
let backend: Backend;
let opa: Backend;
let decision: unknown;
let subscriber: GivenSubscriber;
let url: string;
let keys: GivenKeys;

beforeAll(async () => {
  ({ admin } = await given.organization());
  backend = await given.backend();
  opa = await given.backend((_, response) => void response.end(JSON.stringify({ result: decision })));
  const asksOpa = attach('opaPolicy', { serverUrl: `${opa.url}/v1/data`, policy: 'pets', rule: 'allow', accessKey: 'ours' });
  const operations = [
    resource('/free'),
    resource('/application', claim('APPLICATION')),
    resource('/user', claim('APPLICATION_USER')),
    resource('/missing', attach('jwtClaimBasedAccessValidator', { accessVerificationClaim: 'nobody', accessVerificationClaimValue: 'x' })),
    resource('/cookie', attach('validateCsrfCookie', { csrfCookieName: 'atbv' })),
    resource('/once', attach('revokeOneTimeToken', { scope: 'OTT' })),
    resource('/asked', asksOpa),
  ];
  subscriber = await given.subscriber({ by: admin, backend, probe: '/free', with: { operations } });
  ({
    api: { url },
    keys,
  } = subscriber);
}, 60_000);

const call = (path: string, token = subscriber.token) => gateway(url + path, { token });

it.each([
  ['/application', 200, undefined],
  ['/user', 403, '900912'],
  ['/missing', 403, '900913'],
  ['/cookie', 200, undefined],
])('answers a token of an application at %s with %s', async (path, status, code) => {
  const answer = await call(path);

  expect([answer.status, answer.body['code']]).toEqual([status, code]);
});

it('takes a token of the scope once, everywhere, and the key manager knows', async () => {
  const token = await given.applicationToken(keys, 'OTT');
  const other = await given.applicationToken(keys);
  expect((await call('/free', token)).status).toBe(200);

  const answers = [await call('/once', token), await call('/once', token), await call('/free', token)];

  expect(answers.map(({ status }) => status)).toEqual([200, 401, 401]);
  expect(answers[1]?.body).toMatchObject({ code: '900901' });
  await eventually(
    () => introspect(token),
    ({ active }) => active === false,
  );
  expect((await call('/once', other)).status).toBe(200);
  expect((await call('/once', other)).status).toBe(200);
});

it('lets the policy server decide', async () => {
  decision = true;
  expect((await call('/asked')).status).toBe(200);
  expect(opa.requests.at(-1)).toMatchObject({ method: 'POST', url: '/v1/data/pets/allow', headers: { authorization: 'ours' } });
  expect(JSON.parse(opa.requests.at(-1)?.body ?? '')).toMatchObject({
    input: { method: 'GET', electedResource: '/asked', apiContext: { apiName: subscriber.api.name, consumerKey: keys.consumerKey } },
  });

  decision = false;
  const refused = await call('/asked');
  decision = 'perhaps';
  const failed = await call('/asked');

  expect([refused.status, refused.body]).toEqual([403, { code: '902012', message: 'Forbidden' }]);
  expect([failed.status, failed.body]).toEqual([500, { code: '902011', message: 'Internal Sever Error' }]);
});

it('deploys an API of another gateway without that gateway’s policies', async () => {
  const api = await given.api({
    by: admin,
    backend,
    with: {
      gatewayType: 'AWS',
      apiPolicies: { request: [attach('awsOAuth2', { lambdaARN: 'arn:aws:lambda:x', invokeRoleArn: 'arn:aws:iam::1:role/x' })] },
    },
  });
  await given.deployment(api, admin);

  const { body } = await eventually(
    () => admin.publisher<Revisions>('GET /apis/{apiId}/revisions', { path: { apiId: api.id } }),
    (answer) => (answer.body.list[0]?.deploymentInfo[0]?.deployedGatewayCount ?? 0) > 0,
  );

  expect(body.list[0]?.deploymentInfo[0]).toMatchObject({ failedGatewayCount: 0 });
});

it('refuses the policies of AI APIs when they are deployed', async () => {
  const body = { name: 'count', min: '1', max: '5' };
  const request = [{ ...attach('WordCountGuardrail', body), policyVersion: 'v1.1' }];
  const api = await given.api({ by: admin, backend, with: { apiPolicies: { request } } });
  expected(await admin.publisher('GET /apis/{apiId}', { path: { apiId: api.id } }), 200);

  await given.deployment(api, admin);

  await eventually(
    () => admin.publisher<Revisions>('GET /apis/{apiId}/revisions', { path: { apiId: api.id } }),
    (answer) => (answer.body.list[0]?.deploymentInfo[0]?.failedGatewayCount ?? 0) > 0,
  );
});

interface Revisions {
  readonly list: readonly {
    readonly deploymentInfo: readonly { readonly failedGatewayCount: number; readonly deployedGatewayCount: number }[];
  }[];
}
