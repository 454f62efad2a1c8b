import { HiddenApi } from '../../src/apis/portal/portal-apis.queries.js';
import { Unauthenticated } from '../../src/domain/problem.js';
import { Cli } from '../server/cli.js';
import { type Actor, expected } from '../support/actor.js';
import { Client, type Credential, NOBODY } from '../support/client.js';
import { type ConsumerOrganization, consumerOrganization, join } from '../support/consumer-organizations.js';
import { type GivenApi, given } from '../support/given.js';

let admin: Actor;
let acme: ConsumerOrganization;
let beta: ConsumerOrganization;
let parent: Actor;
let ann: Actor;
let bob: Actor;
let nobody: Actor;
let closed: GivenApi;
let forAcme: GivenApi;
let forAll: GivenApi;
beforeAll(async () => {
  ({ admin } = await given.organization());
  await join(admin, admin, 'head-office');
  [acme, beta] = [await consumerOrganization(admin), await consumerOrganization(admin)];
  [parent, ann, bob, nobody] = [await subscriber(), await subscriber(), await subscriber(), await subscriber()];
  await join(admin, parent, 'head-office');
  await join(admin, ann, acme.externalOrganizationId);
  await join(admin, bob, beta.externalOrganizationId);
  closed = await published({});
  forAcme = await published({
    visibleOrganizations: [acme.organizationId],
    policies: ['Gold'],
    organizationPolicies: [{ organizationID: acme.organizationId, policies: ['Bronze'] }],
  });
  forAll = await published({ visibleOrganizations: ['all'] });
});

const subscriber = () => given.user({ roles: ['Internal/subscriber'], by: admin });
const published = async (properties: Readonly<Record<string, unknown>>): Promise<GivenApi> => {
  const api = await given.api({ by: admin, with: properties });
  expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId: api.id, action: 'Publish' } }), 200);
  return api;
};

interface Listed {
  readonly list: readonly { readonly id: string; readonly throttlingPolicies: readonly string[] }[];
}
type As = { readonly as?: Credential };
const listed = async (by: Actor, as: As = {}) => {
  const answer = await by.devportal<Listed>('GET /apis', { headers: { 'x-wso2-tenant': admin.organization }, ...as });
  return expected(answer, 200).list;
};
const open = (by: Actor, { id }: GivenApi, path = '', as: As = {}) =>
  by.devportal(`GET /apis/{apiId}${path}`, { path: { apiId: id }, headers: { 'x-wso2-tenant': admin.organization }, ...as });

describe('an API in the developer portal', () => {
  it.each([
    ['the organization that keeps the others', () => parent, [true, true, true]],
    ['an organization it is open to', () => ann, [false, true, true]],
    ['another organization', () => bob, [false, false, true]],
    ['no organization', () => nobody, [false, false, true]],
  ] as const)('is listed and opened by a member of %s as its organizations say', async (_, who, visible) => {
    const apis = [closed, forAcme, forAll];

    const ids = (await listed(who())).map(({ id }) => id);
    expect(apis.map(({ id }) => ids.includes(id))).toEqual(visible);
    for (const [index, api] of apis.entries()) {
      for (const path of ['', '/swagger', '/documents', '/thumbnail']) {
        const answer = await open(who(), api, path);
        if (visible[index]) expect(answer.status).toBeLessThan(300);
        else expect(answer).toFailWith(HiddenApi());
      }
    }
  });

  it('is open to guests if it is to all organizations', async () => {
    const guest = { as: NOBODY };

    expect((await listed(admin, guest)).map(({ id }) => id)).toEqual([forAll.id]);
    expect((await open(admin, forAll, '', guest)).status).toBe(200);
    expect(await open(admin, forAcme, '', guest)).toFailWith(HiddenApi());
  });

  it('is open to everybody of a tenant without organizations', async () => {
    const { admin: other } = await given.organization();
    const api = await given.api({ by: other });
    expected(await other.publisher('POST /apis/change-lifecycle', { query: { apiId: api.id, action: 'Publish' } }), 200);

    const guest = await other.devportal('GET /apis/{apiId}', {
      path: { apiId: api.id },
      headers: { 'x-wso2-tenant': other.organization },
      as: NOBODY,
    });

    expect(guest.status).toBe(200);
  });
});

describe('plans', () => {
  it('of an organization take the place of the others', async () => {
    const plans = async (by: Actor) => {
      const { tiers } = expected(
        await by.devportal<{ tiers: { tierName: string }[] }>('GET /apis/{apiId}', { path: { apiId: forAcme.id } }),
        200,
      );
      return tiers.map(({ tierName }) => tierName);
    };

    expect(await plans(ann)).toEqual(['Bronze']);
    expect(await plans(parent)).toEqual(['Gold']);
    expect((await listed(ann)).find(({ id }) => id === forAcme.id)?.throttlingPolicies).toEqual(['Bronze']);
  });

  it('of an organization are those its members can subscribe with', async () => {
    const application = await given.application(ann);
    const subscribe = (throttlingPolicy: string) =>
      ann.devportal('POST /subscriptions', {
        body: { apiId: forAcme.id, applicationId: application.applicationId, throttlingPolicy },
      });

    expect((await subscribe('Gold')).status).toBe(403);
    expect((await subscribe('Bronze')).status).toBe(201);
  });

  it('of an organization are shown to publishers who ask for them', async () => {
    const plans = await admin.publisher<readonly { name: string }[]>('GET /apis/{apiId}/subscription-policies', {
      path: { apiId: forAcme.id },
      query: { organizationID: acme.organizationId },
    });

    expect(expected(plans, 200)).toMatchObject([{ name: 'Bronze' }]);
  });

  it('cannot be subscribed to by strangers', async () => {
    const application = await given.application(bob);
    const body = { apiId: forAcme.id, applicationId: application.applicationId, throttlingPolicy: 'Gold' };

    expect(await bob.devportal('POST /subscriptions', { body })).toFailWith(HiddenApi());
  });
});

it('tell everybody their own organization', async () => {
  const me = async (by: Actor, face: 'devportal' | 'publisher' | 'admin' = 'devportal') =>
    expected(await by[face]('GET /me/organization-information'), 200);

  expect(await me(ann)).toEqual({ organizationId: acme.organizationId, name: `Organization ${acme.externalOrganizationId}` });
  expect(await me(nobody)).toEqual({ organizationId: '', name: '' });
  expect(await me(admin, 'publisher')).toEqual({ organizationId: 'head-office', name: '' });
  expect(await me(admin, 'admin')).toEqual({ organizationId: 'head-office', name: '' });
});

describe('the publisher', () => {
  it('lists them', async () => {
    const answer = await admin.publisher<{ count: number; list: readonly ConsumerOrganization[] }>('GET /organizations');

    const { count, list } = expected(answer, 200);
    expect(count).toBe(2);
    expect(list.map(({ organizationId }) => organizationId).sort()).toEqual([acme.organizationId, beta.organizationId].sort());
  });

  it('lists none of another tenant, and nothing for a scope for something else', async () => {
    const { admin: stranger } = await given.organization();

    expect((await stranger.publisher('GET /organizations')).body).toEqual({ count: 0, list: [] });
    expect(await admin.withScopes('apim:subscribe').publisher('GET /organizations')).toFailWith(Unauthenticated());
  });

  it('is told in its settings that there are some', async () => {
    expect((await admin.publisher('GET /settings')).body).toMatchObject({ orgAccessControlEnabled: true });
    expect((await admin.admin('GET /settings')).body).toMatchObject({ orgAccessControlEnabled: true });
  });
});

describe('switched off', () => {
  let cli: Cli;
  beforeAll(async () => {
    cli = await Cli.start({ APIM_APIM__ORGANIZATION_BASED_ACCESS_CONTROL__ENABLE: 'false' });
  });
  afterAll(() => cli.stop());

  it('they hide no API from anybody', async () => {
    const face = (name: string) =>
      new Client(`/api/am/${name}`, () => ({ basic: { username: 'admin', password: 'admin' } }), cli.management);
    const [publisher, devportal, administration] = [face('publisher/v4'), face('devportal/v3'), face('admin/v4')];
    expected(await administration.request('POST /organizations', { body: { externalOrganizationId: 'acme' } }), 201);
    const body = given.apiProperties({ with: { visibleOrganizations: ['00000000-0000-4000-8000-000000000000'] } });
    const { id: apiId } = expected(await publisher.request<{ id: string }>('POST /apis', { body }), 201);
    expected(await publisher.request('POST /apis/change-lifecycle', { query: { apiId, action: 'Publish' } }), 200);

    const guest = await devportal.request('GET /apis/{apiId}', { path: { apiId }, as: NOBODY });

    expect(guest.status).toBe(200);
    expect((await publisher.request('GET /settings')).body).toMatchObject({ orgAccessControlEnabled: false });
  });
});
