import { Unauthenticated } from '../../src/domain/problem.js';
import { PolicyNotFound } from '../../src/throttling/throttling.problems.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body } from '../support/client.js';
import { given, type Organization } from '../support/given.js';
import { unique } from '../support/unique.js';

interface Policy extends Body {
  readonly policyId: string;
  readonly policyName: string;
}

interface Policies {
  readonly list: readonly { readonly policyName: string }[];
}

const requests = (requestCount: number) => ({ type: 'REQUESTCOUNTLIMIT', requestCount: { timeUnit: 'min', unitTime: 1, requestCount } });

let home: Organization;
let other: Organization;
beforeAll(async () => {
  [home, other] = await Promise.all([given.organization(), given.organization()]);
});

describe.each([
  ['application', 'app'],
  ['subscription', 'sub'],
  ['advanced', 'api'],
] as const)('a policy of level %s', (level, type) => {
  const path = `/throttling/policies/${level}`;
  const made = async (): Promise<Policy> =>
    expected(await home.admin.admin<Policy>(`POST ${path}`, { body: { policyName: unique('policy'), defaultLimit: requests(7) } }), 201);
  const stored = async ({ policyId }: Policy) => (await home.admin.admin<Policy>(`GET ${path}/{policyId}`, { path: { policyId } })).body;
  const namesIn = async (by: Actor, operation: string, query?: string) =>
    expected(await by.admin<Policies>(operation, { query: { query } }), 200).list.map(({ policyName }) => policyName);

  it('is in no list, search or export of another tenant', async () => {
    const { policyName } = await made();
    const name = { query: { name: policyName, type } };

    expect(await namesIn(home.admin, `GET ${path}`)).toContain(policyName);
    expect(await namesIn(other.admin, `GET ${path}`)).not.toContain(policyName);
    expect(await namesIn(home.admin, 'GET /throttling/policies/search', `name:${policyName}`)).toEqual([policyName]);
    expect(await namesIn(other.admin, 'GET /throttling/policies/search', `name:${policyName}`)).toEqual([]);
    expect((await home.admin.admin('GET /throttling/policies/export', name)).status).toBe(200);
    expect(await other.admin.admin('GET /throttling/policies/export', name)).toFailWith(PolicyNotFound);
  });

  it('is not what an import of its name into another tenant replaces', async () => {
    const policy = await made();
    const { body: exported } = await home.admin.admin<{ data: object }>('GET /throttling/policies/export', {
      query: { policyId: policy.policyId },
    });
    const changed = { ...exported, data: { ...exported.data, defaultLimit: requests(8) } };

    const imported = await other.admin.admin('POST /throttling/policies/import', {
      query: { overwrite: true },
      form: { file: { file: JSON.stringify(changed), name: 'policy.json' } },
    });

    expect(imported.status).toBe(201);
    expect(await stored(policy)).toEqual(policy);
  });

  it('is not what an id and a name that another tenant sends change', async () => {
    const policy = await made();
    const { policyId, policyName } = policy;

    const changed = await other.admin.admin(`PUT ${path}/{policyId}`, {
      path: { policyId },
      body: { policyName, defaultLimit: requests(8) },
    });
    const own = await other.admin.admin<Policy>(`POST ${path}`, { body: { policyId, policyName, defaultLimit: requests(8) } });

    expect(changed).toFailWith(PolicyNotFound);
    expect(own.status).toBe(201);
    expect(own.body.policyId).not.toBe(policyId);
    expect(await stored(policy)).toEqual(policy);
  });

  it('is changed, deleted and shown with the scopes for it alone', async () => {
    const policy = await made();
    const id = { path: { policyId: policy.policyId } };
    const body = { policyName: policy.policyName, defaultLimit: requests(8) };
    const reader = home.admin.withScopes('apim:tier_view');
    const writer = home.admin.withScopes('apim:tier_manage');
    const stranger = home.admin.withScopes('apim:bl_manage', 'apim:bl_view', 'apim:api_view');

    for (const by of [reader, stranger]) {
      expect(await by.admin(`POST ${path}`, { body })).toFailWith(Unauthenticated());
      expect(await by.admin(`PUT ${path}/{policyId}`, { ...id, body })).toFailWith(Unauthenticated());
      expect(await by.admin(`DELETE ${path}/{policyId}`, id)).toFailWith(Unauthenticated());
    }
    for (const by of [writer, stranger]) {
      expect(await by.admin(`GET ${path}`)).toFailWith(Unauthenticated());
      expect(await by.admin(`GET ${path}/{policyId}`, id)).toFailWith(Unauthenticated());
      expect(await by.admin('GET /throttling/policies/search')).toFailWith(Unauthenticated());
    }
    expect((await reader.admin(`GET ${path}/{policyId}`, id)).body).toEqual(policy);
    expect((await reader.admin('GET /throttling/policies/search')).status).toBe(200);
    expect((await writer.admin(`PUT ${path}/{policyId}`, { ...id, body })).status).toBe(200);
    expect((await writer.admin(`DELETE ${path}/{policyId}`, id)).status).toBe(200);
  });

  it('is what it was after an update with what was read', async () => {
    const { list } = expected(await other.admin.admin<{ list: readonly Policy[] }>(`GET ${path}`), 200);

    for (const { policyId } of list) {
      const id = { path: { policyId } };
      const read = expected(await other.admin.admin(`GET ${path}/{policyId}`, id), 200);
      expect((await other.admin.admin(`PUT ${path}/{policyId}`, { ...id, body: read })).body).toEqual(read);
      expect((await other.admin.admin(`GET ${path}/{policyId}`, id)).body).toEqual(read);
    }
  });
});
