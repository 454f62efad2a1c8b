import { AuditNotConfigured } from '../../src/apis/security-audit/security-audit.problems.js';
import { Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import type { Backend } from '../support/backend.js';
import { withDatabase } from '../support/database.js';
import { given } from '../support/given.js';
import { configure, tenantConfig } from '../support/tenant-config.js';

const TOKEN = 'audit-token';
const REPORT = '{"summary":"fünf"}';
const audit = 'GET /apis/{apiId}/auditapi';

/** An audit service: it names what is posted, takes changes of what it knows, and reports. */
const auditService = async (): Promise<Backend & { readonly known: Set<string> }> => {
  const known = new Set<string>();
  const backend = await given.backend((request, response) => {
    request.resume();
    const [, , id = '', part = ''] = (request.url ?? '').split('/');
    const answer = (status: number, body: object = {}) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.headers['x-api-key'] !== TOKEN) return answer(403);
    if (request.method === 'POST') {
      known.add(`api-${known.size}`);
      return answer(200, { desc: { id: `api-${known.size - 1}` } });
    }
    if (!known.has(id)) return answer(404);
    if (part !== 'assessmentreport') return answer(200);
    return answer(200, { data: Buffer.from(REPORT).toString('base64'), attr: { data: { grade: 27.95, numErrors: 20 } } });
  });
  return Object.assign(backend, { known });
};
/** A tenant with an audit service of its own. */
const withService = async (baseUrl: string, apiToken = TOKEN): Promise<Actor> => {
  const { admin } = await given.organization();
  const config = { SecurityAuditConfig: { apiToken, collectionId: 'pets', baseUrl, overrideGlobal: true } };
  await configure(admin, config);
  return admin;
};
const lines = ({ requests }: Backend) => requests.map(({ method, url }) => `${method} ${url}`);

it('sends the definition first and asks for the report then', async () => {
  const service = await auditService();
  const admin = await withService(`${service.url}/apis`);
  const { id, name } = await given.api({ by: admin });

  const answer = await admin.publisher(audit, { path: { apiId: id } });

  expect(answer).toMatchObject({ status: 200, body: { report: REPORT, grade: '27.95', numErrors: 20, externalApiId: 'api-0' } });
  expect(lines(service)).toEqual(['POST /apis', 'GET /apis/api-0/assessmentreport']);
  const [sent] = service.requests;
  expect(sent?.headers['content-type']).toMatch(/^multipart\/form-data/);
  for (const part of ['name="specfile"', 'name="cid"', 'pets', name, '"openapi"']) expect(sent?.body).toContain(part);
});

it('changes what the service knows from then on', async () => {
  const service = await auditService();
  const admin = await withService(`${service.url}/apis/`);
  const { id } = await given.api({ by: admin });
  expected(await admin.publisher(audit, { path: { apiId: id } }), 200);

  const answer = await admin.publisher(audit, { path: { apiId: id } });

  expect(answer.body['externalApiId']).toBe('api-0');
  expect(lines(service).slice(2)).toEqual(['PUT /apis/api-0', 'GET /apis/api-0/assessmentreport']);
});

it('sends the definition anew when the service has forgotten it', async () => {
  const service = await auditService();
  const admin = await withService(`${service.url}/apis`);
  const { id } = await given.api({ by: admin });
  expected(await admin.publisher(audit, { path: { apiId: id } }), 200);
  service.known.delete('api-0');
  service.known.add('other').add('another');

  const answer = await admin.publisher(audit, { path: { apiId: id } });

  expect(answer).toMatchObject({ status: 200, body: { externalApiId: 'api-2' } });
});

it('is offered by the settings, without the token', async () => {
  const admin = await withService('http://127.0.0.1:9/apis');

  const { body } = await admin.publisher('GET /settings');

  expect(body['securityAuditProperties']).toEqual({ apiToken: '*****', collectionId: 'pets', baseUrl: 'http://127.0.0.1:9/apis' });
});

it('keeps its token, which nobody is shown, while the address stays', async () => {
  const service = await auditService();
  const admin = await withService(`${service.url}/apis`);
  const { id } = await given.api({ by: admin });
  const { SecurityAuditConfig: shown } = await tenantConfig(admin);
  expect(shown).toEqual({ apiToken: '', collectionId: 'pets', baseUrl: `${service.url}/apis`, overrideGlobal: true });

  await configure(admin, { EnableMonetization: true });

  expect(await admin.publisher(audit, { path: { apiId: id } })).toMatchObject({ status: 200 });
  const { rows } = await withDatabase((database) =>
    database.query('SELECT document FROM tenant_configs WHERE organization = $1', [admin.organization]),
  );
  expect(JSON.stringify(rows)).not.toContain(TOKEN);
  const moved = { ...(await tenantConfig(admin)), SecurityAuditConfig: { ...Object(shown), baseUrl: 'http://127.0.0.1:9/apis' } };
  expect(await admin.admin('PUT /tenant-config', { body: moved })).toMatchObject({ status: 400, body: { code: 902001 } });
});

it.each([
  ['cannot be reached', async () => 'http://127.0.0.1:9/apis', TOKEN, /cannot be reached/],
  ['is on a network nobody asks', async () => 'http://169.254.169.254/apis', TOKEN, /cannot be reached/],
  ['does not know the token', async () => `${(await auditService()).url}/apis`, 'wrong', /answered 403/],
  ['answers something else', async () => (await given.backend()).url, TOKEN, /answered 200/],
])('says that the service %s', async (_, address, token, text) => {
  const admin = await withService(await address(), token);
  const { id } = await given.api({ by: admin });

  expect(await admin.publisher(audit, { path: { apiId: id } })).toMatchObject({
    status: 400,
    body: { description: expect.stringMatching(text) },
  });
});

it('says that no service is configured', async () => {
  const { admin } = await given.organization();
  const { id } = await given.api({ by: admin });

  expect(await admin.publisher(audit, { path: { apiId: id } })).toFailWith(AuditNotConfigured());
});

it('refuses the wrong scope and hides other tenants', async () => {
  const { admin } = await given.organization();
  const { id } = await given.api({ by: admin });
  const other = (await given.organization()).admin;

  expect(await admin.withScopes('apim:api_publish').publisher(audit, { path: { apiId: id } })).toFailWith(Unauthenticated());
  expect(await other.publisher(audit, { path: { apiId: id } })).toFailWith({ status: 404, code: 404 });
});
