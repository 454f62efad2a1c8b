import { Agent, request } from 'node:https';
import { generate } from 'selfsigned';
import { expected } from '../support/actor.js';
import { upload } from '../support/certificates.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { type GivenApi, given } from '../support/given.js';
import { server } from '../support/server.js';

const { superAdmin } = given;
const SECOND_MS = 1_000;

interface Identity {
  readonly key: string;
  readonly cert: string;
}

const identity = async (commonName: string, lifeMs = 86_400_000): Promise<Identity> => {
  const notBeforeDate = new Date(Date.now() - 86_400_000);
  const made = await generate([{ name: 'commonName', value: commonName }], {
    algorithm: 'sha256',
    notBeforeDate,
    notAfterDate: new Date(Date.now() + lifeMs),
  });
  return { key: made.private, cert: made.cert };
};

const agents = new Set<Agent>();
afterAll(() => {
  for (const agent of agents) agent.destroy();
});

/** A client with a connection of its own that it keeps. */
const client = (who?: Identity) => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false, ...who });
  agents.add(agent);
  return (path: string, headers: Record<string, string> = {}) =>
    new Promise<{ status: number; body: string }>((resolve, reject) => {
      request(new URL(server.gatewayTls + path), { agent, headers }, (answer) => {
        let body = '';
        answer.on('data', (chunk) => (body += String(chunk)));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
      })
        .on('error', reject)
        .end();
    });
};

const apiWith = async (...securityScheme: readonly string[]): Promise<GivenApi> =>
  given.publishedApi({ backend: await given.backend(), with: { securityScheme } });

const add = async (api: GivenApi, alias: string, { cert }: Identity, keyType = 'PRODUCTION') =>
  expected(
    await superAdmin.publisher('POST /apis/{apiId}/client-certs/{keyType}', {
      path: { apiId: api.id, keyType },
      form: { certificate: upload(cert), alias, tier: 'Unlimited' },
    }),
    201,
  );

it('lets a client in as soon as its certificate is added, until it is replaced or removed, without a new revision', async () => {
  const api = await apiWith('mutualssl');
  const [partner, successor] = [await identity('partner'), await identity('successor')];
  const [asPartner, asSuccessor] = [client(partner), client(successor)];
  const path = { apiId: api.id, keyType: 'PRODUCTION', alias: 'partner' };
  const becomes = (call: ReturnType<typeof client>, status: number) =>
    eventually(
      () => call(`${api.url}/x`),
      (answer) => answer.status === status,
      SECOND_MS,
    );

  await becomes(asPartner, 401);
  await add(api, 'partner', partner);
  await becomes(asPartner, 200);
  const replaced = { path, form: { certificate: upload(successor.cert), tier: 'Unlimited' } };
  expected(await superAdmin.publisher('PUT /apis/{apiId}/client-certs/{keyType}/{alias}', replaced), 200);
  await becomes(asPartner, 401);
  await becomes(asSuccessor, 200);
  expected(await superAdmin.publisher('DELETE /apis/{apiId}/client-certs/{keyType}/{alias}', { path }), 200);
  await becomes(asSuccessor, 401);
});

it('takes the certificates that are there when an API is deployed', async () => {
  const partner = await identity('partner');
  const api = await given.api({ backend: await given.backend(), with: { securityScheme: ['mutualssl'] } });
  await add(api, 'partner', partner);
  expected(await superAdmin.publisher('POST /apis/change-lifecycle', { query: { apiId: api.id, action: 'Publish' } }), 200);
  await given.deployment(api);

  const answer = await eventually(
    () => client(partner)(`${api.url}/x`),
    ({ status }) => status !== 404,
  );

  expect(answer.status).toBe(200);
});

it('refuses the certificate of another API, an expired one, a header that a client made up, and plain http', async () => {
  const [api, other] = [await apiWith('mutualssl'), await apiWith('mutualssl')];
  const [partner, passing] = [await identity('partner'), await identity('passing', 2_500)];
  await add(other, 'partner', partner);
  await add(api, 'passing', passing);
  const inHeader = { 'X-WSO2-CLIENT-CERTIFICATE': partner.cert.trim().replaceAll(/\r?\n/g, ' ') };
  const asPassing = client(passing);

  expect((await client(partner)(`${api.url}/x`)).status).toBe(401);
  expect(JSON.parse((await client()(`${other.url}/x`, inHeader)).body)).toMatchObject({ code: '900901' });
  expect(await gateway(`${api.url}/x`)).toMatchObject({ status: 403, body: { code: '403' } });
  const ended = await eventually(
    () => asPassing(`${api.url}/x`),
    ({ status }) => status === 401,
  );
  expect(JSON.parse(ended.body)).toMatchObject({ code: '900901' });
});

it('demands both a certificate and a token where both are mandatory', async () => {
  const securityScheme = ['mutualssl', 'mutualssl_mandatory', 'oauth2', 'oauth_basic_auth_api_key_mandatory'];
  const { api, token } = await given.subscriber({ backend: await given.backend(), with: { securityScheme }, probe: false });
  const partner = await identity('partner');
  await add(api, 'partner', partner);
  const authorization = `Bearer ${token}`;

  const both = await eventually(
    () => client(partner)(`${api.url}/x`, { authorization }),
    ({ status }) => status === 200,
  );
  const certificate = await client(partner)(`${api.url}/x`);
  const alone = await client()(`${api.url}/x`, { authorization });

  expect(both.status).toBe(200);
  expect(JSON.parse(certificate.body)).toMatchObject({ code: '900902' });
  expect(JSON.parse(alone.body)).toMatchObject({ code: '900901' });
});
