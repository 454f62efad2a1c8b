import { randomUUID } from 'node:crypto';
import { ApiNotFound } from '../../src/apis/apis.problems.js';
import { Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import { type Body, NOBODY } from '../support/client.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';

const policies = (by: Actor, apiId: string, options: object = {}) =>
  by.devportal<readonly Body[]>('GET /apis/{apiId}/subscription-policies', { path: { apiId }, ...options });

/** A plan that only the holders of the role may use. */
const planFor = async (admin: Actor, role: string): Promise<string> => {
  const policyName = unique('Plan');
  const body = {
    policyName,
    defaultLimit: { type: 'REQUESTCOUNTLIMIT', requestCount: { timeUnit: 'min', unitTime: 1, requestCount: 5 } },
    permissions: { permissionType: 'ALLOW', roles: [role] },
  };
  expected(await admin.admin('POST /throttling/policies/subscription', { body }), 201);
  return policyName;
};

describe('GET /apis/{apiId}/subscription-policies', () => {
  it('shows the plans of the API as the list of all plans does, to guests too', async () => {
    const { admin, domain } = await given.organization();
    const { id } = await given.publishedApi({ by: admin, policies: ['Silver', 'Gold'] });
    const all = expected(
      await admin.devportal<{ list: readonly Body[] }>('GET /throttling-policies/{policyLevel}', { path: { policyLevel: 'subscription' } }),
      200,
    );

    const answer = await policies(admin, id);

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(all.list.filter(({ name }) => name === 'Gold' || name === 'Silver'));
    expect(answer.body).toHaveLength(2);
    expect((await policies(admin, id, { as: NOBODY, headers: { 'x-wso2-tenant': domain } })).body).toEqual(answer.body);
  });

  it('leaves out the plans that the caller’s roles do not open', async () => {
    const { admin } = await given.organization();
    const plan = await planFor(admin, 'admin');
    const subscriber = await given.user({ roles: ['Internal/subscriber'], by: admin });
    const { id } = await given.publishedApi({ by: admin, policies: ['Gold', plan] });

    expect((await policies(admin, id)).body.map(({ name }) => name).sort()).toEqual(['Gold', plan].sort());
    expect((await policies(subscriber, id)).body.map(({ name }) => name)).toEqual(['Gold']);
  });

  it('does not find what is unknown, hidden or another tenant’s', async () => {
    const { admin } = await given.organization();
    const stranger = (await given.organization()).admin;
    const subscriber = await given.user({ roles: ['Internal/subscriber'], by: admin });
    const { id } = await given.publishedApi({ by: admin, with: { visibility: 'RESTRICTED', visibleRoles: ['admin'] } });
    const unknown = randomUUID();

    expect(await policies(admin, unknown)).toFailWith(ApiNotFound(unknown));
    expect(await policies(subscriber, id)).toFailWith(ApiNotFound(id));
    expect(await policies(stranger, id)).toFailWith(ApiNotFound(id));
  });

  it('refuses an API that is not published, and a token that is none', async () => {
    const { admin } = await given.organization();
    const { id } = await given.api({ by: admin });

    expect(await policies(admin, id)).toFailWith({ status: 403, code: 403 });
    expect(await policies(admin, id, { as: { bearer: 'nonsense' } })).toFailWith(Unauthenticated());
  });
});
