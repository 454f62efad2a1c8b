import { Unauthenticated } from '../../src/domain/problem.js';
import { UnknownTenant } from '../../src/runtime-data/addressed-tenants.js';
import { NoArtifacts } from '../../src/runtime-data/internal/internal-data.problems.js';
import { type Actor, expected } from '../support/actor.js';
import { unzip } from '../support/archives.js';
import { given } from '../support/given.js';
import { attribute, commonPolicy, TEMPLATE } from '../support/policies.js';
import { unique } from '../support/unique.js';

const { superAdmin } = given;
const DEFAULT = Buffer.from('Other|Default').toString('base64');

interface Deployments {
  readonly type: string;
  readonly data: { readonly deployments: readonly { readonly apiFile: string; readonly organizationId: string }[] };
}

const deployedApi = async (by: Actor, password = unique('password')) => {
  const security = { production: { enabled: true, type: 'BASIC', username: 'ann', password } };
  const api = await given.api({
    by,
    with: { endpointConfig: { endpoint_type: 'http', production_endpoints: { url: 'http://127.0.0.1:9' }, endpoint_security: security } },
  });
  return { ...api, password, revisionId: await given.deployment(api, by) };
};

describe('runtime artifacts', () => {
  it('are what is deployed, with the credentials that a gateway needs', async () => {
    const { admin, domain } = await given.organization();
    const [one, other] = [await deployedApi(admin), await deployedApi(admin)];
    await given.api({ by: admin });
    const headers = { xWSO2Tenant: domain };

    const answer = await admin.internalData<Buffer>('GET /runtime-artifacts', {
      headers,
      query: { gatewayLabel: DEFAULT, type: 'Synapse' },
    });

    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/zip']);
    const files = await unzip(answer.body);
    const deployments = JSON.parse(files.get('deployments.json')?.toString() ?? '') as Deployments;
    const fileOf = (api: typeof one) => `${api.id}-${api.revisionId}.zip`;
    expect(deployments.type).toBe('deployments');
    expect(deployments.data.deployments).toHaveLength(2);
    expect(deployments.data.deployments).toContainEqual({
      ...{ apiFile: fileOf(one), environments: [{ name: 'Default', vhost: 'localhost' }], organizationId: domain },
      ...{ apiContext: one.url, version: '1.0.0' },
    });
    expect(files.has('env_properties.json')).toBe(true);
    const archive = await unzip(files.get(fileOf(other)) ?? Buffer.of());
    expect(archive.get(`${other.name}-1.0.0/api.yaml`)?.toString()).toContain(other.password);

    const metadata = expected(await admin.internalData<Deployments>('GET /runtime-metadata', { headers }), 200);
    expect(metadata.data).toEqual(deployments.data);
  });

  it('are found by id, by name and version, and by a list of ids', async () => {
    const { admin, domain } = await given.organization();
    const [one, other] = [await deployedApi(admin), await deployedApi(admin)];
    const headers = { xWSO2Tenant: domain };
    const filesOf = async (answer: { readonly status: number; readonly body: Buffer }) => {
      expect(answer.status).toBe(200);
      const { data } = JSON.parse((await unzip(answer.body)).get('deployments.json')?.toString() ?? '') as Deployments;
      return data.deployments.map(({ apiFile }) => apiFile.slice(0, 36));
    };
    const get = (query: Readonly<Record<string, string>>) => admin.internalData<Buffer>('GET /runtime-artifacts', { headers, query });
    const post = (uuids: readonly string[]) => admin.internalData<Buffer>('POST /retrieve-api-artifacts', { headers, body: { uuids } });

    expect(await filesOf(await get({ apiId: one.id }))).toEqual([one.id]);
    expect(await filesOf(await get({ name: other.name, version: '1.0.0' }))).toEqual([other.id]);
    expect(await filesOf(await post([one.id]))).toEqual([one.id]);
    for (const nothing of [
      await get({ apiId: 'x' }),
      await get({ gatewayLabel: 'T3RoZXI=' }),
      await get({ version: '9' }),
      await post([]),
    ]) {
      expect(nothing).toFailWith(NoArtifacts());
    }
    expect((await post(['x'])).status).toBe(400);
    expected(await admin.gatewayRest('POST /undeploy-api', { query: { apiName: one.name, version: '1.0.0' } }), 200);
    expect(await get({ apiId: one.id })).toFailWith(NoArtifacts());
  });

  it.each([
    'GET /runtime-artifacts',
    'GET /runtime-metadata',
    'POST /retrieve-api-artifacts',
  ])('%s keeps tenants apart', async (operation) => {
    const [{ admin, domain }, { admin: stranger, domain: foreign }] = [await given.organization(), await given.organization()];
    const api = await deployedApi(admin);
    const user = await given.user({ by: admin, roles: ['Internal/publisher'] });
    const asked = { query: { apiId: api.id }, body: operation.startsWith('POST') ? { uuids: [api.id] } : undefined };
    const naming = (tenant: string) => ({ ...asked, headers: { xWSO2Tenant: tenant } });

    expect(await stranger.internalData(operation, naming(foreign))).toFailWith(NoArtifacts());
    expect(await stranger.internalData(operation, naming('ALL'))).toFailWith(NoArtifacts());
    expect(await stranger.internalData(operation, naming(domain))).toFailWith(UnknownTenant(domain));
    expect(await user.internalData(operation, naming(domain))).toFailWith(Unauthenticated());
    expect((await superAdmin.internalData(operation, naming('ALL'))).status).toBe(200);
    expect((await admin.internalData(operation, asked)).status).toBe(400);
  });
});

describe('gateway policies', () => {
  /** A set with a secret that the gateways of a label run. */
  const deployedPolicies = async (by: Actor, label = 'Default') => {
    const secret = unique('secret');
    const { name } = await commonPolicy(by, { policyAttributes: [attribute('password', { type: 'Secret' })] });
    const policyMapping = { request: [{ policyName: name, policyVersion: 'v1', parameters: { password: secret } }] };
    const body = { displayName: 'For all', description: '', policyMapping };
    const { id } = expected(await by.publisher<{ id: string }>('POST /gateway-policies', { body }), 201);
    const deploy = async (gatewayDeployment: boolean) => {
      const options = { path: { gatewayPolicyMappingId: id }, body: [{ gatewayLabel: label, gatewayDeployment }] };
      expected(await by.publisher('POST /gateway-policies/{gatewayPolicyMappingId}/deploy', options), 200);
    };
    await deploy(true);
    return { id, name, secret, deploy };
  };
  const ask = (by: Actor, tenant: string, query: Readonly<Record<string, string>> = {}) =>
    by.internalData<Buffer>('GET /gateway-policy-artifacts', { headers: { xWSO2Tenant: tenant }, query });

  it('are the sets that gateways run, with the policies and the secrets that running needs', async () => {
    const { admin, domain } = await given.organization();
    const { id, name, secret, deploy } = await deployedPolicies(admin);

    const answer = await ask(admin, domain, { gatewayLabel: DEFAULT, type: 'Synapse' });

    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/zip']);
    const files = await unzip(answer.body);
    const json = (path: string) => JSON.parse(files.get(path)?.toString() ?? '') as { readonly data: unknown };
    expect(json('deployments.json').data).toEqual({
      deployments: [{ policyFile: `${id}/gateway_policy.json`, environments: [{ name: 'Default' }], organizationId: domain }],
    });
    expect(json(`${id}/gateway_policy.json`).data).toMatchObject({
      ...{ id, displayName: 'For all' },
      policyMapping: { request: [{ policyName: name, parameters: { password: secret } }], response: [], fault: [] },
    });
    expect(json(`${id}/Policies/${name}_v1.json`).data).toMatchObject({ name, version: 'v1' });
    expect(files.get(`${id}/Policies/${name}_v1.j2`)?.toString()).toBe(TEMPLATE);
    for (const policyMappingUuid of [id, id.toUpperCase(), '']) {
      expect((await ask(superAdmin, domain, { policyMappingUuid })).status).toBe(200);
    }
    expect(await ask(admin, domain, { policyMappingUuid: 'x' })).toFailWith(NoArtifacts());
    expect(await ask(admin, domain, { gatewayLabel: 'T3RoZXI=' })).toFailWith(NoArtifacts());
    await deploy(false);
    expect(await ask(admin, domain)).toFailWith(NoArtifacts());
  });

  it('keep tenants apart', async () => {
    const [{ admin, domain }, { admin: stranger, domain: foreign }] = [await given.organization(), await given.organization()];
    const { id: policyMappingUuid } = await deployedPolicies(admin);
    const user = await given.user({ by: admin, roles: ['Internal/publisher'] });

    expect(await ask(stranger, foreign, { policyMappingUuid })).toFailWith(NoArtifacts());
    expect(await ask(stranger, 'ALL', { policyMappingUuid })).toFailWith(NoArtifacts());
    expect(await ask(stranger, domain)).toFailWith(UnknownTenant(domain));
    expect(await ask(user, domain)).toFailWith(Unauthenticated());
    expect((await ask(superAdmin, 'ALL', { policyMappingUuid })).status).toBe(200);
    expect((await admin.internalData('GET /gateway-policy-artifacts')).status).toBe(400);
  });
});

describe('what gateways log', () => {
  it('is nothing, for each API of which nothing else was said', async () => {
    const { admin, domain } = await given.organization();
    const api = await given.api({ by: admin });
    const headers = { xWSO2Tenant: domain };

    const apis = expected(await admin.internalData('GET /api-logging-configs', { headers }), 200);
    const { components } = expected(await admin.internalData<{ components: readonly object[] }>('GET /correlation-configs'), 200);

    expect(apis).toEqual({ apis: [{ context: api.url, logLevel: 'OFF' }] });
    expect(components).toHaveLength(5);
    expect(components).toContainEqual({
      name: 'jdbc',
      enabled: 'false',
      properties: [{ name: 'deniedThreads', value: expect.any(Array) }],
    });
    const { domain: foreign } = await given.organization();
    expect(await admin.internalData('GET /api-logging-configs', { headers: { xWSO2Tenant: foreign } })).toFailWith(UnknownTenant(foreign));
  });

  it.each(['GET /api-logging-configs', 'GET /correlation-configs'])('%s is for administrators', async (operation) => {
    const user = await given.user();

    expect(await user.internalData(operation, { headers: { xWSO2Tenant: 'ALL' } })).toFailWith(Unauthenticated());
  });
});
