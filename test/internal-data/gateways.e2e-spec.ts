import { join } from 'node:path';
import { Unauthenticated } from '../../src/domain/problem.js';
import { EnvironmentNotFound } from '../../src/environments/environments.problems.js';
import { GatewayRecords } from '../../src/gateway/workers/gateway-records.js';
import { LogConfig } from '../../src/platform/config/sections/log.config.js';
import { Sql } from '../../src/platform/database/sql.js';
import { Log } from '../../src/platform/logging/log.js';
import { AcknowledgementsMissing, NotificationInvalid } from '../../src/runtime-data/internal/internal-data.problems.js';
import { type Actor, expected } from '../support/actor.js';
import { withDatabase } from '../support/database.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';
import { unique } from '../support/unique.js';

const { superAdmin } = given;

interface Instances {
  readonly count: number;
  readonly list: readonly { readonly gatewayId: string; readonly lastActive: string; readonly status: string }[];
}
interface Deployments {
  readonly list: readonly {
    readonly liveGatewayCount: number;
    readonly deployedGatewayCount: number;
    readonly failedGatewayCount: number;
  }[];
}
interface Answer {
  readonly status: string;
  readonly gatewayId: string;
}

/** A tenant with an environment that only gateways of its own serve. */
const outside = async () => {
  const { admin, domain } = await given.organization();
  const label = unique('env');
  const vhosts = [{ host: 'gw.example.com', httpPort: 80, httpsPort: 443 }];
  const { id } = expected(await admin.admin<{ id: string }>('POST /environments', { body: { name: label, vhosts } }), 201);
  return { admin, domain, label, environmentId: id };
};

const notify = (by: Actor, body: object) => by.internalData<Answer>('POST /notify-gateway', { body });
const register = async (by: Actor, label: string, gatewayId = unique('gateway')): Promise<string> => {
  const gatewayProperties = { ipAddress: '10.0.0.7' };
  const body = { payloadType: 'REGISTER', environmentLabels: [label], gatewayId, gatewayProperties, timeStamp: Date.now() };
  expect(expected(await notify(by, body), 200)).toEqual({ status: 'REGISTERED', gatewayId });
  return gatewayId;
};
const instances = async (by: Actor, environmentId: string) =>
  expected(await by.admin<Instances>('GET /environments/{environmentId}/gateways', { path: { environmentId } }), 200);

describe('the gateways of an environment', () => {
  it('are those of this server, by their ids', async () => {
    const { count, list } = await instances(superAdmin, 'Default');

    expect(count).toBe(list.length);
    expect(list[0]).toEqual({ gatewayId: expect.any(String), lastActive: expect.stringMatching(/Z$/), status: 'ACTIVE' });
  });

  it('are those of others that registered, for as long as they are heard of', async () => {
    const { admin, label, environmentId } = await outside();
    expect(await instances(admin, environmentId)).toEqual({ count: 0, list: [] });

    const gatewayId = await register(admin, label);
    const before = await instances(admin, environmentId);
    const beat = expected(await notify(admin, { payloadType: 'HEARTBEAT', gatewayId, timeStamp: Date.now() }), 200);
    const after = await instances(admin, environmentId);

    expect(before.list).toEqual([{ gatewayId, lastActive: expect.any(String), status: 'ACTIVE' }]);
    expect(beat).toEqual({ status: 'ACKNOWLEDGED', gatewayId });
    expect(Date.parse(after.list[0]?.lastActive ?? '')).toBeGreaterThan(Date.parse(before.list[0]?.lastActive ?? ''));
  });

  it('may leave out what they have nothing to say of, or say null', async () => {
    const { admin, label, environmentId } = await outside();
    const silent = { gatewayProperties: null, loadingTenants: null, timeStamp: null };
    const body = { payloadType: 'REGISTER', environmentLabels: [label], gatewayId: null, ...silent };

    const { gatewayId } = expected(await notify(admin, body), 200);

    expect((await instances(admin, environmentId)).list).toMatchObject([{ gatewayId }]);
    const beat = { payloadType: 'HEARTBEAT', gatewayId, environmentLabels: null, ...silent };
    expect((await notify(admin, beat)).status).toBe(200);
    expect((await notify(admin, { ...body, environmentLabels: null })).status).toBe(400);
  });

  it('are forgotten with all that they said, once they were silent for long', async () => {
    const { admin, label, environmentId } = await outside();
    const [silent, talking] = [await register(admin, label), await register(admin, label)];
    const acknowledged = () =>
      withDatabase(async (database) => {
        const { rows } = await database.query('SELECT gateway_id FROM gateway_acknowledgements WHERE gateway_id = ANY ($1)', [
          [silent, talking],
        ]);
        return rows.map((row: { readonly gateway_id: string }) => row.gateway_id);
      });
    await withDatabase(async (database) => {
      await database.query(
        `INSERT INTO gateway_acknowledgements (gateway_id, organization, api_id, environment, revision_id, seq, ok)
         SELECT id, 'x', gen_random_uuid(), 'x', gen_random_uuid(), 1, true FROM unnest($1::text[]) AS id`,
        [[silent, talking]],
      );
      await database.query(`UPDATE gateways SET last_active = now() - interval '40 days' WHERE gateway_id = $1`, [silent]);
    });
    const options = { host: join(server.dataDir, 'postgres'), user: 'gatehouse', database: 'postgres', max: 1 };
    const sql = new Sql(options, new Log(Object.assign(new LogConfig(), { level: 'error' })));

    await new GatewayRecords(sql, unique('gateway'), [label], 30 * 86_400_000).heartbeat();
    await sql.end();

    expect((await instances(admin, environmentId)).list.map(({ gatewayId }) => gatewayId)).not.toContain(silent);
    expect(await acknowledged()).toEqual([talking]);
  });

  it('are given an id where they have none', async () => {
    const { admin, label, environmentId } = await outside();

    const { gatewayId } = expected(await notify(admin, { payloadType: 'REGISTER', environmentLabels: [label] }), 200);

    expect((await instances(admin, environmentId)).list[0]?.gatewayId).toBe(gatewayId);
  });

  it('are seen with the scope for it, and of environments that are there', async () => {
    const { admin, environmentId } = await outside();
    const [{ admin: stranger }, path] = [await given.organization(), { environmentId }];

    const operation = 'GET /environments/{environmentId}/gateways';
    expect(await admin.withScopes('apim:api_view').admin(operation, { path })).toFailWith(Unauthenticated());
    expect((await admin.withScopes('apim:environment_read').admin(operation, { path })).status).toBe(200);
    expect(await stranger.admin(operation, { path })).toFailWith(EnvironmentNotFound(environmentId));
    expect((await superAdmin.admin(operation, { path: { environmentId: 'nowhere' } })).status).toBe(404);
  });
});

describe('a notice of a gateway', () => {
  it('never touches the gateways of this server or of others', async () => {
    const [one, other] = [await outside(), await outside()];
    const [ours] = (await instances(superAdmin, 'Default')).list;
    const theirs = await register(one.admin, one.label);

    for (const gatewayId of [ours?.gatewayId, theirs]) {
      const body = { payloadType: 'REGISTER', environmentLabels: [other.label], gatewayId };
      expect(await notify(other.admin, body)).toFailWith(NotificationInvalid(`The gateway id ${gatewayId} is taken.`));
      expect((await notify(other.admin, { payloadType: 'HEARTBEAT', gatewayId })).status).toBe(400);
    }
    const body = { payloadType: 'REGISTER', environmentLabels: ['Default'], loadingTenants: [one.domain] };
    expect(await notify(other.admin, body)).toFailWith(NotificationInvalid(`loadingTenants must not name ${one.domain}.`));
  });

  it('counts in the tenant that it is of', async () => {
    const { admin } = await given.organization();
    const gatewayId = await register(admin, 'Default');

    expect((await instances(admin, 'Default')).list.map((each) => each.gatewayId)).toContain(gatewayId);
    expect((await instances(superAdmin, 'Default')).list.map((each) => each.gatewayId)).not.toContain(gatewayId);
  });

  it('of the super tenant counts in the tenants that the gateway loads', async () => {
    // An environment of its own: one more gateway that serves `Default` would keep everybody's deployments there waiting.
    const { admin, domain, label, environmentId } = await outside();
    const body = { payloadType: 'REGISTER', environmentLabels: [label], loadingTenants: [domain], gatewayId: unique('gateway') };
    expected(await notify(superAdmin, body), 200);

    expect((await instances(admin, environmentId)).list.map((each) => each.gatewayId)).toContain(body.gatewayId);
  });

  it.each([
    ['no type', {}],
    ['another type', { payloadType: 'LEAVE' }],
    ['no environment', { payloadType: 'REGISTER' }],
    ['no id', { payloadType: 'HEARTBEAT' }],
    ['an unknown id', { payloadType: 'HEARTBEAT', gatewayId: 'nobody' }],
    ['labels that are none', { payloadType: 'REGISTER', environmentLabels: [''] }],
  ])('is refused with %s', async (_, body) => {
    expect((await notify(superAdmin, body)).status).toBe(400);
  });

  it('is believed of administrators with a password', async () => {
    const user = await given.user();

    for (const operation of ['POST /notify-gateway', 'POST /notify-api-deployment-status'] as const) {
      expect(await user.internalData(operation, { body: {} })).toFailWith(Unauthenticated());
      expect(await superAdmin.internalData(operation, { body: {}, as: { bearer: await superAdmin.token() } })).toFailWith(
        Unauthenticated(),
      );
    }
  });
});

describe('what a gateway says of a deployment', () => {
  const deployed = async () => {
    const environment = await outside();
    const { admin, label } = environment;
    const api = await given.api({ by: admin });
    const path = { apiId: api.id };
    const { id: revisionId } = expected(await admin.publisher<{ id: string }>('POST /apis/{apiId}/revisions', { path, body: {} }), 201);
    const options = { path, query: { revisionId }, body: [{ name: label, vhost: 'gw.example.com' }] };
    expected(await admin.publisher('POST /apis/{apiId}/deploy-revision', options), 201);
    const gatewayId = await register(admin, label);
    const { domain } = environment;
    const say = (changes: object, by = admin) => {
      const said = { gatewayId, apiId: api.id, tenantDomain: domain, deploymentStatus: 'SUCCESS', timeStamp: Date.now(), action: 'DEPLOY' };
      const body = { count: 1, list: [{ ...said, revisionId, ...changes }] };
      return by.internalData<{ status: string }>('POST /notify-api-deployment-status', { body });
    };
    const counts = async () => {
      const { list } = expected(await admin.publisher<Deployments>('GET /apis/{apiId}/deployments', { path }), 200);
      return [list[0]?.liveGatewayCount, list[0]?.deployedGatewayCount, list[0]?.failedGatewayCount];
    };
    const artifact = () => admin.gatewayRest('GET /api-artifact', { query: { apiName: api.name, version: api.version } });
    return { ...environment, api, revisionId, gatewayId, say, counts, artifact };
  };

  it('shows in the publisher and in the gateway API', async () => {
    const { say, counts, artifact } = await deployed();
    expect([await counts(), (await artifact()).status]).toEqual([[1, 0, 0], 404]);

    expect((await say({ deploymentStatus: 'FAILURE', errorCode: 7, errorMessage: 'no room' })).body).toEqual({ status: 'RECEIVED' });
    expect(await counts()).toEqual([1, 0, 1]);
    expect(JSON.stringify((await artifact()).body)).toContain('7 no room');
    expect((await say({ deploymentStatus: 'FAILURE', errorCode: null, errorMessage: 'no rights' })).body).toEqual({ status: 'RECEIVED' });
    expect(JSON.stringify((await artifact()).body)).toContain('refused it: no rights');

    expect((await say({})).body).toEqual({ status: 'RECEIVED' });
    expect([await counts(), (await artifact()).status]).toEqual([[1, 1, 0], 200]);

    expect((await say({ action: 'UNDEPLOY' })).body).toEqual({ status: 'RECEIVED' });
    expect([await counts(), (await artifact()).status]).toEqual([[1, 0, 0], 404]);
  });

  it('counts after the publisher has undeployed the revision', async () => {
    const { admin, api, label, say, revisionId } = await deployed();
    expect((await say({})).body).toEqual({ status: 'RECEIVED' });
    const options = { path: { apiId: api.id }, query: { revisionId }, body: [{ name: label, vhost: 'gw.example.com' }] };
    expected(await admin.publisher('POST /apis/{apiId}/undeploy-revision', options), 201);

    const { admin: stranger } = await given.organization();
    expect((await say({ action: 'UNDEPLOY' }, stranger)).body).toEqual({ status: 'DROPPED' });
    expect((await say({ action: 'UNDEPLOY', revisionId: api.id })).body).toEqual({ status: 'DROPPED' });
    expect((await say({ action: 'UNDEPLOY' })).body).toEqual({ status: 'RECEIVED' });
    expect((await say({ action: 'UNDEPLOY' })).body).toEqual({ status: 'DROPPED' });
  });

  it('counts as it was said last', async () => {
    const { admin, gatewayId, domain, api, counts } = await deployed();
    const said = { gatewayId, apiId: api.id, tenantDomain: domain, deploymentStatus: 'SUCCESS', timeStamp: Date.now() };
    const say = async (...actions: readonly string[]) => {
      const body = { list: actions.map((action) => ({ ...said, action, revisionId: null, errorCode: null, errorMessage: null })) };
      expected(await admin.internalData('POST /notify-api-deployment-status', { body }), 200);
      return counts();
    };

    expect(await say('UNDEPLOY', 'DEPLOY')).toEqual([1, 1, 0]);
    expect(await say('UNDEPLOY', 'DEPLOY')).toEqual([1, 1, 0]);
    expect(await say('DEPLOY', 'UNDEPLOY')).toEqual([1, 0, 0]);
  });

  it('is dropped where it is of no deployment of the caller’s', async () => {
    const { say, counts, api } = await deployed();
    const { admin: stranger } = await given.organization();
    const other = await deployed();

    const dropped = [
      await say({ revisionId: api.id }),
      await say({ apiId: 'none' }),
      await say({ tenantDomain: 'carbon.super' }),
      await say({ gatewayId: 'nobody' }),
      await say({ gatewayId: other.gatewayId }),
      await say({}, stranger),
    ];

    expect(dropped.map(({ status, body }) => [status, body.status])).toEqual(dropped.map(() => [200, 'DROPPED']));
    expect(await counts()).toEqual([1, 0, 0]);
  });

  it('is refused when it says nothing, or cannot be understood', async () => {
    const { say } = await deployed();

    for (const body of [{}, { list: [] }, { list: null }]) {
      expect(await superAdmin.internalData('POST /notify-api-deployment-status', { body })).toFailWith(AcknowledgementsMissing());
    }
    expect((await say({ deploymentStatus: 'PERHAPS' })).status).toBe(400);
    expect((await say({ gatewayId: undefined })).status).toBe(400);
  });
});
