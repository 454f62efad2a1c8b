import { randomUUID } from 'node:crypto';
import { ApiNotFound } from '../../src/apis/apis.problems.js';
import { Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body } from '../support/client.js';
import { given } from '../support/given.js';

const policies = (by: Actor, apiId: string, query: Readonly<Record<string, string>> = {}) =>
  by.publisher<readonly Body[]>('GET /apis/{apiId}/subscription-policies', { path: { apiId }, query });

const names = async (by: Actor, apiId: string, query: Readonly<Record<string, string>> = {}) =>
  expected(await policies(by, apiId, query), 200).map(({ name }) => name);

describe('GET /apis/{apiId}/subscription-policies', () => {
  it('shows the plans of the API as the list of all plans does', async () => {
    const { admin } = await given.organization();
    const { id } = await given.api({ by: admin, policies: ['Silver', 'Gold'] });
    const all = expected(
      await admin.publisher<{ list: readonly Body[] }>('GET /throttling-policies/{policyLevel}', { path: { policyLevel: 'subscription' } }),
      200,
    );

    const answer = await policies(admin, id);

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(all.list.filter(({ name }) => name === 'Gold' || name === 'Silver'));
    expect(answer.body).toHaveLength(2);
    const { etag = '' } = answer.headers;
    const again = await admin.publisher('GET /apis/{apiId}/subscription-policies', {
      path: { apiId: id },
      headers: { 'if-none-match': etag },
    });
    expect(again.status).toBe(304);
  });

  it('shows none of an API without plans', async () => {
    const { admin } = await given.organization();
    const { id } = await given.api({ by: admin, policies: [] });

    expect(await names(admin, id)).toEqual([]);
  });

  it('shows an organization its own plans', async () => {
    const { admin } = await given.organization();
    const organizationPolicies = [{ organizationID: 'one', policies: ['Bronze'] }];
    const { id } = await given.api({ by: admin, policies: ['Gold'], with: { organizationPolicies } });

    expect(await names(admin, id, { organizationID: 'one' })).toEqual(['Bronze']);
    expect(await names(admin, id, { organizationID: 'two' })).toEqual(['Gold']);
  });

  it('shows plans for AI APIs on demand', async () => {
    const { admin } = await given.organization();
    const all = expected(
      await admin.publisher<{ list: readonly { name: string }[] }>('GET /throttling-policies/{policyLevel}', {
        path: { policyLevel: 'subscription' },
        query: { isAiApi: true },
      }),
      200,
    );
    const plan = all.list[0]?.name ?? '';
    const { id } = await given.api({ by: admin, policies: ['Gold', plan] });

    expect(await names(admin, id, { isAiApi: 'true' })).toEqual([plan]);
    expect(await names(admin, id, { isAiApi: 'false' })).toEqual(['Gold']);
  });

  it('does not find what is unknown or another tenant’s, and refuses another scope', async () => {
    const { admin } = await given.organization();
    const stranger = (await given.organization()).admin;
    const { id } = await given.api({ by: admin });
    const unknown = randomUUID();

    expect(await policies(admin, unknown)).toFailWith(ApiNotFound(unknown));
    expect(await policies(stranger, id)).toFailWith(ApiNotFound(id));
    expect(await policies(admin.withScopes('apim:api_create'), id)).toFailWith(Unauthenticated());
  });
});
