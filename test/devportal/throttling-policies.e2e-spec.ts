import { UnknownLevel } from '../../src/throttling/throttling.problems.js';
import { expected } from '../support/actor.js';
import { Client, NOBODY } from '../support/client.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';

interface PolicyList {
  readonly list: readonly { readonly name: string }[];
}

const anybody = new Client('/api/am/devportal/v3', () => NOBODY);
const list = 'GET /throttling-policies/{policyLevel}';
const one = 'GET /throttling-policies/{policyLevel}/{policyId}';
const namesOf = ({ list }: PolicyList) => list.map(({ name }) => name);

/** A business plan of the tenant that only these roles may use. */
const planFor = async (by = given.superAdmin, ...roles: readonly string[]): Promise<string> => {
  const policyName = unique('plan');
  const body = {
    policyName,
    defaultLimit: { type: 'REQUESTCOUNTLIMIT', requestCount: { timeUnit: 'min', unitTime: 1, requestCount: 1 } },
    permissions: { permissionType: 'ALLOW', roles },
  };
  expected(await by.admin('POST /throttling/policies/subscription', { body }), 201);
  return policyName;
};

it('shows anybody the application policies of the super tenant', async () => {
  const { status, body } = await anybody.request<PolicyList>(list, { path: { policyLevel: 'application' } });

  expect(status).toBe(200);
  expect(namesOf(body)).toEqual(expect.arrayContaining(['10PerMin', '20PerMin', '50PerMin', 'Unlimited']));
});

it('leaves out the plans the server assigns by itself', async () => {
  const { domain } = await given.organization();
  const path = { policyLevel: 'subscription' };

  const { body } = await anybody.request<PolicyList>(list, { path, headers: { 'x-wso2-tenant': domain }, query: { limit: 100 } });

  expect(namesOf(body)).toContain('Gold');
  for (const internal of ['Unauthenticated', 'DefaultSubscriptionless', 'AsyncDefaultSubscriptionless']) {
    expect(namesOf(body)).not.toContain(internal);
    const answer = await anybody.request(one, { path: { ...path, policyId: internal }, headers: { 'x-wso2-tenant': domain } });
    expect(answer).toFailWith({ status: 404, code: 404 });
  }
});

it('leaves out a plan that the caller’s roles do not open', async () => {
  const { admin, domain } = await given.organization();
  const policyId = await planFor(admin, 'Internal/subscriber');
  const subscriber = await given.user({ roles: ['Internal/subscriber'], by: admin });
  const path = { policyLevel: 'subscription' };
  const query = { limit: 100 };
  const headers = { 'x-wso2-tenant': domain };

  expect(namesOf((await subscriber.devportal<PolicyList>(list, { path, query })).body)).toContain(policyId);
  expect(namesOf((await anybody.request<PolicyList>(list, { path, query, headers })).body)).not.toContain(policyId);
  expect((await subscriber.devportal(one, { path: { ...path, policyId } })).status).toBe(200);
  expect(await anybody.request(one, { path: { ...path, policyId }, headers })).toFailWith({ status: 404, code: 404 });
});

it('shows one by its name', async () => {
  const { body } = await anybody.request(one, { path: { policyLevel: 'application', policyId: '10PerMin' } });

  expect(body).toMatchObject({
    name: '10PerMin',
    policyLevel: 'application',
    requestCount: 10,
    unitTime: 1,
    timeUnit: 'min',
    quotaPolicyType: 'REQUESTCOUNT',
    tierPlan: 'FREE',
    stopOnQuotaReach: true,
    throttlingPolicyPermissions: { type: 'allow', roles: ['Internal/everyone'] },
  });
});

it('does not show the plans of other tenants', async () => {
  const { domain } = await given.organization();
  const policyId = await planFor(given.superAdmin, 'Internal/everyone');
  const path = { policyLevel: 'subscription', policyId };

  expect((await anybody.request(one, { path })).status).toBe(200);
  expect((await anybody.request(one, { path, headers: { 'x-wso2-tenant': domain } })).status).toBe(404);
});

it('refuses an unknown tenant, and an unknown level', async () => {
  const path = { policyLevel: 'application' };

  expect(await anybody.request(list, { path, headers: { 'x-wso2-tenant': 'nowhere.example' } })).toFailWith({ status: 400, code: 901300 });
  expect(await anybody.request(list, { path: { policyLevel: 'advanced' } })).toFailWith(UnknownLevel);
});
