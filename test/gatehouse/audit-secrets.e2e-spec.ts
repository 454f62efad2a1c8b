import { type Actor, expected } from '../support/actor.js';
import { auditOf } from '../support/audit.js';
import { withDatabase } from '../support/database.js';
import { given } from '../support/given.js';
import { configure } from '../support/tenant-config.js';
import { unique } from '../support/unique.js';

const secrets: string[] = [];
const secret = (name: string): string => {
  const value = unique(`S3cret-${name}-`);
  secrets.push(value);
  return value;
};

const endpointConfig = (url: string) => ({
  endpoint_type: 'http',
  production_endpoints: { url },
  sandbox_endpoints: { url: 'http://127.0.0.1:9' },
  endpoint_security: {
    production: { enabled: true, type: 'BASIC', username: 'u', password: secret('endpoint') },
    sandbox: {
      ...{ enabled: true, type: 'OAUTH', grantType: 'CLIENT_CREDENTIALS', tokenUrl: 'http://127.0.0.1:9/token' },
      ...{ clientId: 'c', clientSecret: secret('oauth'), customParameters: { extra: { value: secret('parameter'), secured: true } } },
    },
  },
});

const anApi = async (admin: Actor): Promise<string> => {
  const { id } = await given.api({
    by: admin,
    with: {
      endpointConfig: endpointConfig(`http://user:${secret('url')}@127.0.0.1:9`),
      additionalProperties: [{ name: 'apiPassword', value: secret('property'), display: false }],
    },
  });
  const path = { apiId: id };
  const api = expected(await admin.publisher('GET /apis/{apiId}', { path }), 200);
  const changed = { ...api, endpointConfig: endpointConfig('http://127.0.0.1:9') };
  expected(await admin.publisher('PUT /apis/{apiId}', { path, body: changed }), 200);
  await given.deployment({ id, name: '', version: '', context: '', url: '' }, admin);
  return id;
};

const keys = async (admin: Actor, apiId: string): Promise<void> => {
  expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId, action: 'Publish' } }), 200);
  const application = await given.application(admin);
  const { consumerSecret } = await given.keys(application, { by: admin });
  await given.subscription({ id: apiId }, application, { by: admin });
  const path = { applicationId: application.applicationId, keyType: 'PRODUCTION' };
  const made = await admin.devportal<{ apikey: string }>('POST /applications/{applicationId}/api-keys/{keyType}/generate', {
    path,
    body: { keyName: 'k', validityPeriod: 3600, additionalProperties: {} },
  });
  secrets.push(consumerSecret, expected(made, 200).apikey);
};

const keyManager = async (admin: Actor): Promise<void> => {
  const body = {
    ...{ name: unique('Idp'), type: 'CustomKeyManager', enabled: false, issuer: 'https://idp.test/' },
    ...{ clientRegistrationEndpoint: 'https://idp.test/register', introspectionEndpoint: 'https://idp.test/introspect' },
    ...{ tokenEndpoint: 'https://idp.test/token', revokeEndpoint: 'https://idp.test/revoke' },
    additionalProperties: { client_id: 'c', client_secret: secret('key-manager'), Password: secret('km-password') },
  };
  expected(await admin.admin('POST /key-managers', { body }), 201);
};

const people = async (admin: Actor): Promise<void> => {
  const created = expected(
    await admin.scim<{ id: string }>('POST /Users', { body: { userName: unique('user'), password: secret('user') } }),
    201,
  );
  const Operations = [{ op: 'replace', value: { password: secret('user-again') } }];
  expected(await admin.scim('PATCH /Users/{id}', { path: { id: created.id }, body: { Operations } }), 200);
};

it('holds no secret, however it came in', async () => {
  const { admin, domain } = await given.organization();
  const apiId = await anApi(admin);
  await keys(admin, apiId);
  await keyManager(admin);
  await people(admin);
  await configure(admin, {
    SecurityAuditConfig: { apiToken: secret('tenant'), collectionId: 'c', baseUrl: 'http://127.0.0.1:9', overrideGlobal: true },
  });

  const { rows } = await withDatabase((database) =>
    database.query<{ row: string }>('SELECT entry::text AS row FROM audit_entries AS entry WHERE organization = $1', [domain]),
  );

  const text = rows.map(({ row }) => row).join('\n');
  expect(secrets.length).toBeGreaterThan(14);
  expect(secrets.filter((each) => text.includes(each))).toEqual([]);
  // Nor what a secret is at rest.
  expect(text).not.toMatch(/v[12]:[\w:-]{38,}|\$argon2|\$scrypt|PRIVATE KEY/);
  const kinds = new Set((await auditOf(admin, { limit: 1000 })).map(({ kind }) => kind));
  for (const kind of [
    'API',
    'ApplicationKey',
    'OAuthClientSecret',
    'APIKey',
    'KeyManager',
    'User',
    'TenantConfiguration',
    'Revision',
    'Deployment',
  ]) {
    expect(kinds).toContain(kind);
  }
});

it('tells that a secret was changed, and what stands beside it', async () => {
  const { admin } = await given.organization();
  const apiId = await anApi(admin);

  const [update] = await auditOf(admin, { entityId: apiId, kind: 'API', action: 'updated' });

  const production = { enabled: true, type: 'BASIC', username: 'u', password: '[masked]' };
  expect(update).toMatchObject({
    before: {
      details: { endpointConfig: { production_endpoints: { url: 'http://[masked]@127.0.0.1:9' }, endpoint_security: { production } } },
    },
    after: { details: { endpointConfig: { production_endpoints: { url: 'http://127.0.0.1:9' }, endpoint_security: { production } } } },
  });
});
