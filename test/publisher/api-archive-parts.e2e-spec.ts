import { type Actor, expected } from '../support/actor.js';
import { exported, imported, unzip, zip } from '../support/archives.js';
import { certificate, upload } from '../support/certificates.js';
import type { Body, FormField } from '../support/client.js';
import { type GivenApi, given, type Organization } from '../support/given.js';
import { apiPolicy } from '../support/policies.js';
import { productArchive } from '../support/product-archive.js';
import { unique } from '../support/unique.js';

let admin: Actor;
let elsewhere: Organization;
beforeAll(async () => {
  ({ admin } = await given.organization());
  elsewhere = await given.organization();
});

const ADD_HEADER = {
  policyName: 'addHeader',
  policyVersion: 'v3',
  policyType: 'common',
  parameters: { headerName: 'a', headerValue: 'b' },
};
const ENDPOINT = {
  name: 'Second',
  deploymentStage: 'PRODUCTION',
  endpointConfig: { endpoint_type: 'http', production_endpoints: { url: 'https://b.example' } },
};

const read = async (by: Actor, apiId: string): Promise<Body> => expected(await by.publisher('GET /apis/{apiId}', { path: { apiId } }), 200);
const post = async (operation: string, { id }: GivenApi, what: { body: Body } | { form: Readonly<Record<string, FormField>> }) =>
  expected(await admin.publisher(operation, { path: { apiId: id }, ...what }), 201);
/** The files of an API's archive below its folder. */
const filesOf = async (by: Actor, apiId: string): Promise<Readonly<Record<string, string>>> => {
  const files = await unzip(await exported(by, { apiId, format: 'JSON' }));
  return Object.fromEntries([...files].map(([path, bytes]) => [path.slice(path.indexOf('/') + 1), String(bytes)]));
};
const withoutIds = (text: string | undefined): unknown =>
  JSON.parse(text ?? 'null', (key: string, value: unknown) => (['id', 'policyId', 'md5'].includes(key) ? undefined : value));

it('policies, endpoints and certificates of clients travel with their API', async () => {
  const api = await given.api({ by: admin, policies: ['Gold'] });
  const own = await apiPolicy(admin, api.id);
  await post('POST /apis/{apiId}/endpoints', api, { body: ENDPOINT });
  await post('POST /apis/{apiId}/client-certs/PRODUCTION', api, {
    form: { certificate: upload(await certificate('ann')), alias: 'ann', tier: 'Gold' },
  });
  const request = [ADD_HEADER, { policyName: own.name, policyVersion: own.version, policyType: 'api', policyId: own.id, parameters: {} }];
  const operations = [{ target: '/pets', verb: 'GET', operationPolicies: { request, response: [], fault: [] } }];
  const change = { ...(await read(admin, api.id)), operations };
  expected(await admin.publisher('PUT /apis/{apiId}', { path: { apiId: api.id }, body: change }), 200);

  const { id } = await imported(elsewhere.admin, await exported(admin, { apiId: api.id }), { preserveProvider: false });

  expect(await read(elsewhere.admin, id)).toMatchObject({
    operations: [
      {
        target: '/pets',
        operationPolicies: {
          request: [
            { policyName: 'addHeader', parameters: { headerName: 'a', headerValue: 'b' } },
            { policyName: own.name, policyType: 'api' },
          ],
        },
      },
    ],
  });
  const before = await filesOf(admin, api.id);
  const after = await filesOf(elsewhere.admin, id);
  expect(Object.keys(after).sort()).toEqual(Object.keys(before).sort());
  expect(Object.keys(after)).toEqual(expect.arrayContaining(['endpoints.json', 'Client-certificates/PRODUCTION/client_certificates.json']));
  for (const path of ['endpoints.json', 'Client-certificates/PRODUCTION/client_certificates.json']) {
    expect(withoutIds(after[path])).toEqual(withoutIds(before[path]));
  }
});

it('the parameters of an environment bring certificates', async () => {
  const name = unique('Pizza');
  const params = {
    certs: [{ hostName: 'https://127.0.0.1:9', alias: unique('backend'), path: 'backend.crt' }],
    mutualSslCerts: [{ alias: 'client', path: 'client.crt', tierName: 'Unlimited', keyType: 'SANDBOX' }],
  };
  const wrapped = {
    'SourceArchive.zip': await zip(productArchive({ name, provider: elsewhere.admin.username, status: 'CREATED' })),
    'intermediate_params.yaml': JSON.stringify(params),
    'Deployment/certificates/backend.crt': await certificate('backend'),
    'Deployment/certificates/client.crt': await certificate('client'),
  };

  const { id } = await imported(elsewhere.admin, wrapped);

  const clients = await elsewhere.admin.publisher('GET /apis/{apiId}/client-certs/{keyType}', { path: { apiId: id, keyType: 'SANDBOX' } });
  expect(clients.body).toMatchObject({ count: 1, certificates: [{ alias: 'client', tier: 'Unlimited' }] });
  const backends = await elsewhere.admin.publisher('GET /endpoint-certificates', { query: { alias: params.certs[0]?.alias } });
  expect(backends.body).toMatchObject({ certificates: [{ alias: params.certs[0]?.alias, endpoint: 'https://127.0.0.1:9' }] });
});
