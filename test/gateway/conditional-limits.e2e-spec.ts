import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cli } from '../server/cli.js';
import { expected } from '../support/actor.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';
import { advancedPolicy, requestsADay, statuses } from '../support/throttling.js';

const group = (requestCount: number, ...conditions: readonly object[]) => ({ conditions, limit: requestsADay(requestCount) });
const fromHere = (invertCondition = false) => ({
  type: 'IPCONDITION',
  invertCondition,
  ipCondition: { ipConditionType: 'IPRANGE', startingIP: '127.0.0.1', endingIP: '127.0.0.9' },
});
const header = (headerName: string, headerValue: string) => ({
  type: 'HEADERCONDITION',
  invertCondition: false,
  headerCondition: { headerName, headerValue },
});

/** An API under the advanced policy, and a token for it; the call that found it ready is told apart by nothing. */
const limited = async (apiThrottlingPolicy: string) =>
  given.subscriber({ backend: await given.backend(), with: { apiThrottlingPolicy }, probe: false });
const ready = (call: () => Promise<{ readonly status: number }>) => eventually(call, ({ status }) => status !== 401 && status !== 403);

it('limits those who meet the conditions of a group, and takes a change over without losing what it counted', async () => {
  const policy = await advancedPolicy(1_000, [group(1_000, fromHere(true)), group(3, fromHere())]);
  const { api, token } = await limited(policy.policyName);
  const call = () => gateway(`${api.url}/x`, { token });
  // The first of three.
  await ready(call);

  const seen = await statuses(3, call);
  const refused = await call();

  expect(seen).toEqual([200, 200, 429]);
  expect(refused.body).toMatchObject({ code: '900800' });

  const changed = await given.superAdmin.admin('PUT /throttling/policies/advanced/{policyId}', {
    path: { policyId: policy.policyId },
    body: { policyName: policy.policyName, defaultLimit: requestsADay(1_000), conditionalGroups: [group(5, fromHere())] },
  });
  expected(changed, 200);
  await eventually(call, ({ status }) => status === 200);

  expect(await statuses(2, call)).toEqual([200, 429]);
});

describe('a gateway that looks at headers and claims, and tells callers of their limits', () => {
  let other: Cli;
  beforeAll(async () => {
    // The same installation: its key opens the signing keys.
    other = await Cli.start(
      {
        APIM_DATABASE__URL: `postgres://gatehouse@localhost/postgres?host=${join(server.dataDir, 'postgres')}`,
        APIM_ENCRYPTION__KEY: readFileSync(join(server.dataDir, 'encryption.key'), 'utf8').trim(),
        APIM_APIM__JWT__ENABLE: 'true',
        APIM_APIM__THROTTLING__ENABLE_HEADER_BASED_THROTTLING: 'true',
        APIM_APIM__THROTTLING__ENABLE_QUERY_PARAM_BASED_THROTTLING: 'true',
        APIM_APIM__THROTTLING__ENABLE_JWT_CLAIM_BASED_THROTTLING: 'true',
        APIM_GATEWAY__RATE_LIMIT_HEADERS__X_RATE_LIMIT: 'true',
        APIM_GATEWAY__RATE_LIMIT_HEADERS__RATE_LIMIT: 'true',
      },
      undefined,
      ['--profile', 'gateway'],
    );
  });
  afterAll(() => other.stop());

  const callOf =
    (url: string, token: string) =>
    (headers: Record<string, string> = {}, search = '') =>
      fetch(`${other.gateway}${url}/x${search}`, { headers: { authorization: `Bearer ${token}`, ...headers } });

  it('keeps the groups apart', async () => {
    const parameter = { type: 'QUERYPARAMETERCONDITION', queryParameterCondition: { parameterName: 'page', parameterValue: '^\\d+$' } };
    const policy = await advancedPolicy(1_000, [group(1, header('X-Kind', 'robot')), group(2, parameter)]);
    const { api, token } = await limited(policy.policyName);
    const call = callOf(api.url, token);
    await ready(() => call());

    expect(await statuses(2, () => call({ 'x-kind': 'a robot' }))).toEqual([200, 429]);
    expect(await statuses(3, () => call({}, '?page=12'))).toEqual([200, 200, 429]);
    expect(await statuses(3, () => call({ 'x-kind': 'a person' }, '?page=last'))).toEqual([200, 200, 200]);
  });

  it('knows callers by the claims of the token for backends', async () => {
    const claim = (attribute: string) => ({
      type: 'JWTCLAIMSCONDITION',
      jwtClaimsCondition: { claimUrl: 'http://wso2.org/claims/applicationname', attribute },
    });
    const policy = await advancedPolicy(1_000, [group(1, claim('^never$')), group(2, claim('^Application'))]);
    const { api, token, application } = await limited(policy.policyName);
    const call = callOf(api.url, token);
    await ready(() => call());

    expect(application.name).toMatch(/^Application/);
    // The one that found it ready was the first.
    expect(await statuses(2, () => call())).toEqual([200, 429]);
  });

  it('tells how much is left', async () => {
    const policy = await advancedPolicy(3);
    const { api, token } = await limited(policy.policyName);
    const call = callOf(api.url, token);
    await ready(() => call());

    const passed = await call();
    await call();
    const refused = await call();

    const midnight = String(Math.ceil(Date.now() / 86_400_000) * 86_400);
    const told = ({ status, headers }: Response) => [
      status,
      ...['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'ratelimit-policy'].map((name) => headers.get(name)),
    ];
    expect(told(passed)).toEqual([200, '3', '1', midnight, '"api";q=3;w=86400']);
    expect(passed.headers.get('ratelimit')).toMatch(/^"api";r=1;t=\d+$/);
    expect(told(refused)).toEqual([429, '3', '0', midnight, '"api";q=3;w=86400']);
    expect(refused.headers.get('ratelimit')).toMatch(/^"api";r=0;t=\d+$/);
  });
});
