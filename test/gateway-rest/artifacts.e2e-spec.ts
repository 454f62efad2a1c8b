import { Unauthenticated } from '../../src/domain/problem.js';
import { UnknownTenant } from '../../src/runtime-data/addressed-tenants.js';
import { ApiNotDeployed, ApiUnknown } from '../../src/runtime-data/gateway-rest/gateway-rest.problems.js';
import { type Actor, expected } from '../support/actor.js';
import { management } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { type GivenApi, given } from '../support/given.js';
import { attached, policyData, policyForm } from '../support/policies.js';
import { unique } from '../support/unique.js';

const { superAdmin } = given;
const READS = ['GET /api-artifact', 'GET /local-entry', 'GET /sequence', 'GET /end-points'] as const;
const OPERATIONS = [...READS, 'POST /redeploy-api', 'POST /undeploy-api'] as const;

interface Deployed {
  readonly deployStatus: string;
  readonly jsonPayload: string;
}

const queryOf = ({ name, version }: Pick<GivenApi, 'name' | 'version'>, more: object = {}) => ({ apiName: name, version, ...more });
const artifact = (api: GivenApi, as: Actor = superAdmin) => as.gatewayRest<{ api: string }>('GET /api-artifact', { query: queryOf(api) });
const served = (api: GivenApi) =>
  eventually(
    () => artifact(api),
    ({ status }) => status === 200,
  );
const call = (api: GivenApi) => gateway(`${api.url}/`, { method: 'TRACE' });
const UNKNOWN = 'The requested resource is not available.';

describe('the artifact of an API', () => {
  it('is there as soon as every gateway serves the deployment, and no sooner', async () => {
    const api = await given.api();
    expect(await artifact(api)).toFailWith(ApiNotDeployed(api.name, api.version, 'no revision of it is deployed.'));

    const revisionId = await given.deployment(api);
    const { body } = await served(api);

    // Not once more the condition above: the very first call after it succeeds.
    expect(JSON.stringify((await call(api)).body)).not.toContain(UNKNOWN);
    expect(JSON.parse(body.api)).toMatchObject([{ apiId: api.id, revisionId, environment: 'Default', path: api.url }]);
  });

  it('is that of the newest deployment', async () => {
    const api = await given.api();
    await given.deployment(api);
    const second = await given.deployment(api);

    const { body } = await served(api);

    expect(JSON.parse(body.api)).toMatchObject([{ revisionId: second }]);
  });

  it('is gone after the API was undeployed in the publisher', async () => {
    const api = await given.api();
    const revisionId = await given.deployment(api);
    await served(api);

    const query = { revisionId };
    const body = [{ name: 'Default', vhost: 'localhost' }];
    expected(await superAdmin.publisher('POST /apis/{apiId}/undeploy-revision', { path: { apiId: api.id }, query, body }), 201);

    expect(await artifact(api)).toFailWith(ApiNotDeployed(api.name, api.version, 'no revision of it is deployed.'));
  });

  it('is not there while only environments without a gateway have the API', async () => {
    const { admin } = await given.organization();
    const name = unique('env');
    const vhosts = [{ host: 'gw.example.com', httpPort: 80, httpsPort: 443 }];
    expected(await admin.admin('POST /environments', { body: { name, displayName: name, vhosts } }), 201);
    const api = await given.api({ by: admin });
    const revision = expected(
      await admin.publisher<{ id: string }>('POST /apis/{apiId}/revisions', { path: { apiId: api.id }, body: {} }),
      201,
    );
    const options = { path: { apiId: api.id }, query: { revisionId: revision.id }, body: [{ name, vhost: 'gw.example.com' }] };
    expected(await admin.publisher('POST /apis/{apiId}/deploy-revision', options), 201);

    expect(await artifact(api, admin)).toFailWith(ApiNotDeployed(api.name, api.version, 'no gateway of its environments is running.'));
  });

  it('says why a gateway refused it', async () => {
    const data = policyData();
    const ccPolicyDefinitionFile = { file: '{{/* for another gateway */}}', name: 'policy.gotmpl' };
    expected(await superAdmin.publisher('POST /operation-policies', { form: { ...policyForm(data, null), ccPolicyDefinitionFile } }), 201);
    const attachment = attached({ name: String(data['name']), version: 'v1' });
    const api = await given.api({ with: { apiPolicies: { request: [attachment], response: [], fault: [] } } });
    await given.deployment(api);

    const answer = await eventually(
      () => artifact(api),
      ({ body }) => JSON.stringify(body).includes('refused'),
    );

    expect(answer.status).toBe(404);
  });

  it('holds no credential of a backend', async () => {
    const password = unique('secret');
    const security = { production: { enabled: true, type: 'BASIC', username: 'ann', password } };
    const production = { url: 'http://127.0.0.1:9' };
    const api = await given.api({
      with: { endpointConfig: { endpoint_type: 'http', production_endpoints: production, endpoint_security: security } },
    });
    await given.deployment(api);

    const { body } = await served(api);

    expect(body.api).toContain('"username":"ann"');
    expect(body.api).not.toContain('secrets');
    expect(body.api).not.toContain(password);
  });
});

describe('the parts of an artifact', () => {
  it('are endpoints, the definition, and what users have written', async () => {
    const api = await given.api({ backend: 'http://backend.example.com/a?b=1&c=2' });
    await given.deployment(api);
    await served(api);
    const query = queryOf(api);

    const { endpoints } = expected(await superAdmin.gatewayRest<{ endpoints: string[] }>('GET /end-points', { query }), 200);
    const { localEntries } = expected(await superAdmin.gatewayRest<{ localEntries: string[] }>('GET /local-entry', { query }), 200);
    const { sequences } = expected(await superAdmin.gatewayRest<{ sequences: string[] }>('GET /sequence', { query }), 200);

    expect(endpoints).toHaveLength(2);
    expect(endpoints[0]).toContain(`name="${api.name}--v${api.version}_APIproductionEndpoint"`);
    expect(endpoints[0]).toContain('uri-template="http://backend.example.com/a?b=1&amp;c=2"');
    expect(endpoints[1]).toContain('_APIsandboxEndpoint"');
    expect(localEntries).toHaveLength(1);
    expect(localEntries[0]).toContain(`key="${api.id}"`);
    expect(localEntries[0]).toContain('&quot;openapi&quot;');
    expect(sequences).toEqual([]);
  });

  it('hold a sequence that answers in place of a backend', async () => {
    const api = await given.api({ with: { endpointConfig: { endpoint_type: 'sequence_backend' } } });
    const sequence = '<sequence xmlns="http://ws.apache.org/ns/synapse" name="own"><respond/></sequence>';
    const form = { sequence: { file: sequence, name: 'own.xml', type: 'application/xml' }, type: 'PRODUCTION' };
    expected(await superAdmin.publisher('PUT /apis/{apiId}/sequence-backend', { path: { apiId: api.id }, form }), 200, 201);
    await given.deployment(api);
    await served(api);

    const { sequences } = expected(await superAdmin.gatewayRest<{ sequences: string[] }>('GET /sequence', { query: queryOf(api) }), 200);

    expect(sequences).toEqual([expect.stringContaining('<respond')]);
  });
});

describe('an operator', () => {
  it('takes an API off the gateways and has it served again', async () => {
    const api = await given.api();
    await given.deployment(api);
    await served(api);
    const query = queryOf(api);

    const gone = expected(await superAdmin.gatewayRest<Deployed>('POST /undeploy-api', { query }), 200);

    expect(gone).toEqual({ deployStatus: 'UNDEPLOYED', jsonPayload: expect.stringContaining('"name":"Default"') });
    expect(JSON.stringify((await call(api)).body)).toContain(UNKNOWN);
    const reason = 'it was taken off the gateways; redeploy it to serve it again.';
    expect(await artifact(api)).toFailWith(ApiNotDeployed(api.name, api.version, reason));

    // A change of the API that gateways learn of at once does not bring it back.
    expected(await superAdmin.publisher('POST /apis/change-lifecycle', { query: { apiId: api.id, action: 'Publish' } }), 200);
    expect(await artifact(api)).toFailWith(ApiNotDeployed(api.name, api.version, reason));

    const back = expected(await superAdmin.gatewayRest<Deployed>('POST /redeploy-api', { query }), 200);

    expect(back.deployStatus).toBe('DEPLOYED');
    expect(JSON.stringify((await call(api)).body)).not.toContain(UNKNOWN);
    expect((await artifact(api)).status).toBe(200);
  });

  it('need not redeploy what is deployed anew', async () => {
    const api = await given.api();
    await given.deployment(api);
    expected(await superAdmin.gatewayRest('POST /undeploy-api', { query: queryOf(api) }), 200);

    await given.deployment(api);

    await served(api);
  });

  it('cannot redeploy what is not deployed', async () => {
    const api = await given.api();

    const answer = await superAdmin.gatewayRest('POST /redeploy-api', { query: queryOf(api) });

    expect(answer).toFailWith(ApiNotDeployed(api.name, api.version, 'no revision of it is deployed.'));
  });
});

describe.each(OPERATIONS)('%s', (operation) => {
  it('names what is missing', async () => {
    const answer = await superAdmin.gatewayRest(operation, { query: { version: '1.0.0' } });

    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: 400, moreInfo: 'Required parameters are missing: apiName' });
    expect((await superAdmin.gatewayRest(operation, { query: { apiName: 'x', version: '' } })).status).toBe(400);
  });

  it('does not know every API', async () => {
    const name = unique('nobody');

    const answer = await superAdmin.gatewayRest(operation, { query: { apiName: name, version: '1\0' } });

    expect(answer).toFailWith(ApiUnknown(name, '1\uFFFD', 'carbon.super'));
  });

  it('is for administrators with a password', async () => {
    const query = { apiName: 'x', version: '1' };
    const creator = await given.user({ roles: ['Internal/creator', 'Internal/publisher'] });

    expect(await creator.gatewayRest(operation, { query })).toFailWith(Unauthenticated());
    expect(await superAdmin.gatewayRest(operation, { query, as: { bearer: await superAdmin.token() } })).toFailWith(Unauthenticated());
    expect(await superAdmin.gatewayRest(operation, { query, as: { none: true } })).toFailWith(Unauthenticated());
  });

  it('keeps tenants apart, but for the administrators of all', async () => {
    const [one, other] = [await given.organization(), await given.organization()];
    const api = await given.api({ by: one.admin });
    await given.deployment(api, one.admin);
    await eventually(
      () => artifact(api, one.admin),
      ({ status }) => status === 200,
    );

    expect((await other.admin.gatewayRest(operation, { query: queryOf(api) })).status).toBe(404);
    expect(await other.admin.gatewayRest(operation, { query: queryOf(api, { tenantDomain: one.domain }) })).toFailWith(
      UnknownTenant(one.domain),
    );
    expect(await superAdmin.gatewayRest(operation, { query: queryOf(api, { tenantDomain: 'no.such' }) })).toFailWith(
      UnknownTenant('no.such'),
    );
    expect((await superAdmin.gatewayRest(operation, { query: queryOf(api) })).status).toBe(404);
    expect((await superAdmin.gatewayRest(operation, { query: queryOf(api, { tenantDomain: one.domain }) })).status).toBe(200);
  });
});

it('tells anybody whether all APIs are loaded, under each spelling of the path', async () => {
  for (const version of ['/v2', '/v2.3', '']) {
    const answer = await management.request(`GET /api/am/gateway${version}/server-startup-healthcheck`);

    expect([answer.status, answer.body]).toEqual([200, 'OK']);
  }
  expect((await management.request('GET /api/am/gateway/v1/server-startup-healthcheck')).status).toBe(404);
});
