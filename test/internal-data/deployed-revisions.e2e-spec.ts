import { Unauthenticated } from '../../src/domain/problem.js';
import { NothingDeployed } from '../../src/runtime-data/internal/internal-data.problems.js';
import { type Actor, expected } from '../support/actor.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';

const { superAdmin } = given;

interface Deployments {
  readonly list: readonly { readonly name: string; readonly successDeployedTime: string | null; readonly deployedTime: string }[];
}

/** A tenant with an API whose first revision is deployed to an environment that no gateway of this server serves. */
const deployed = async () => {
  const { admin, domain } = await given.organization();
  const environment = unique('env');
  const vhosts = [{ host: 'gw.example.com', httpPort: 80, httpsPort: 443 }];
  expected(await admin.admin('POST /environments', { body: { name: environment, vhosts } }), 201);
  const api = await given.api({ by: admin });
  const path = { apiId: api.id };
  const revise = async () => {
    const { id } = expected(await admin.publisher<{ id: string }>('POST /apis/{apiId}/revisions', { path, body: {} }), 201);
    return id;
  };
  const deploy = async (revisionId: string) => {
    const body = [{ name: environment, vhost: 'gw.example.com' }];
    expected(await admin.publisher('POST /apis/{apiId}/deploy-revision', { path, query: { revisionId }, body }), 201);
  };
  const revisionId = await revise();
  await deploy(revisionId);
  const confirmed = async () => {
    const { list } = expected(await admin.publisher<Deployments>('GET /apis/{apiId}/deployments', { path }), 200);
    return list[0]?.successDeployedTime ?? null;
  };
  const info = { apiId: api.id, revisionId: 1, envInfo: [{ name: environment, vhost: 'gw.example.com' }] };
  return { admin, domain, api, path, environment, revisionId, revise, deploy, confirmed, info };
};

const say = (by: Actor, ...body: readonly object[]) => by.internalData('PATCH /apis/deployed-revisions', { body });
const unsay = (by: Actor, body: object) => by.internalData('POST /apis/undeployed-revision', { body });

describe('a revision that an unnamed gateway serves', () => {
  it('shows in the publisher when that was said, until it is taken back', async () => {
    const { admin, api, environment, revisionId, info, confirmed } = await deployed();
    expect(await confirmed()).toBeNull();

    expected(await say(admin, info), 200);
    const first = await confirmed();
    expect(Math.abs(Date.parse(first ?? '') - Date.now())).toBeLessThan(60_000);
    expected(await say(superAdmin, { ...info, envInfo: [{ name: environment }] }), 200);
    expect(Date.parse((await confirmed()) ?? '')).toBeGreaterThan(Date.parse(first ?? ''));

    const one = { apiUUID: api.id, revisionUUID: revisionId, environment };
    for (const other of [{ revisionUUID: api.id }, { environment: 'Other' }, { apiUUID: 'x' }]) {
      expected(await unsay(admin, { ...one, ...other }), 200);
      expect(await confirmed()).not.toBeNull();
    }
    expected(await unsay(admin, one), 200);
    expect(await confirmed()).toBeNull();
    expected(await unsay(admin, one), 200);
  });

  it('is confirmed anew for every deployment, and forgotten with it', async () => {
    const { admin, path, environment, revisionId, info, revise, deploy, confirmed } = await deployed();
    expected(await say(admin, info), 200);

    await deploy(revisionId);
    expect(await confirmed()).toBeNull();
    expected(await say(admin, info), 200);
    await deploy(await revise());
    expect(await confirmed()).toBeNull();
    expect(await say(admin, info)).toFailWith(NothingDeployed());
    expected(await say(admin, { ...info, revisionId: 2 }), 200);
    expect(await confirmed()).not.toBeNull();

    const query = { revisionNumber: '2' };
    const body = [{ name: environment, vhost: 'gw.example.com' }];
    expected(await admin.publisher('POST /apis/{apiId}/undeploy-revision', { path, query, body }), 201);
    expect(await say(admin, { ...info, revisionId: 2 })).toFailWith(NothingDeployed());
    expected(await admin.publisher('DELETE /apis/{apiId}', { path }), 200);
  });

  it('is noted beside others that are not deployed any more', async () => {
    const [{ admin, info, confirmed, api }] = [await deployed()];
    const gone = [
      { ...info, apiId: 'none' },
      { ...info, revisionId: 7 },
      { ...info, envInfo: [{ name: 'Other' }] },
      { ...info, envInfo: [{ ...info.envInfo[0], vhost: 'elsewhere.example.com' }] },
    ];

    expect(await say(admin, ...gone)).toFailWith(NothingDeployed());
    expect(await confirmed()).toBeNull();
    expected(await say(admin, ...gone, info, info), 200);
    expect(await confirmed()).not.toBeNull();
    expected(await admin.gatewayRest('POST /undeploy-api', { query: { apiName: api.name, version: api.version } }), 200);
    expect(await say(admin, info)).toFailWith(NothingDeployed());
  });

  it('is the business of its tenant', async () => {
    const { admin, api, environment, revisionId, info, confirmed } = await deployed();
    const { admin: stranger } = await given.organization();
    const user = await given.user({ by: admin, roles: ['Internal/publisher'] });
    const one = { apiUUID: api.id, revisionUUID: revisionId, environment };

    expect(await say(stranger, info)).toFailWith(NothingDeployed());
    expect(await say(user, info)).toFailWith(Unauthenticated());
    expect(await unsay(user, one)).toFailWith(Unauthenticated());
    expect(await confirmed()).toBeNull();
    expected(await say(admin, info), 200);
    expected(await unsay(stranger, one), 200);
    expect(await confirmed()).not.toBeNull();
  });

  it('is told of in a form that is understood', async () => {
    const envInfo = [{ name: 'Default', vhost: 'localhost' }];
    const bad = [
      {},
      { apiId: 'x', revisionId: 'one', envInfo },
      { apiId: 'x', revisionId: 0, envInfo },
      { apiId: 'x', revisionId: 3_000_000_000, envInfo },
      { apiId: 'x', revisionId: 1, envInfo: [] },
      { apiId: 'x', revisionId: 1, envInfo: [{ name: '' }] },
      { apiId: 'x', revisionId: 1, envInfo: [{ name: 'Default', vhost: 'not a host' }] },
    ];

    for (const one of bad) expect([one, (await say(superAdmin, one)).status]).toEqual([one, 400]);
    expect((await say(superAdmin)).status).toBe(400);
    expect((await superAdmin.internalData('PATCH /apis/deployed-revisions', { body: bad[1] })).status).toBe(400);
    for (const one of [{}, { apiUUID: 'x', revisionUUID: 'y' }]) expect((await unsay(superAdmin, one)).status).toBe(400);
  });
});
