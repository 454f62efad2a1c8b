import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { Agent, fetch } from 'undici';
import { Cli } from './cli.js';

const insecure = new Agent({ connect: { rejectUnauthorized: false } });
const secret = (name: string): string => `${name}-${randomBytes(9).toString('hex')}`;

type Json = Record<string, unknown>;

interface Call {
  readonly basic?: string;
  readonly bearer?: string;
  readonly json?: unknown;
  readonly form?: Record<string, string>;
  readonly text?: string;
  readonly headers?: Record<string, string>;
}

/** One server, everything that is said to it in confidence, and everything it answers in confidence. */
class Confidant {
  readonly secrets: string[] = [];

  private constructor(readonly server: Cli) {}

  static async start(): Promise<Confidant> {
    return new Confidant(await Cli.start({ APIM_LOG__LEVEL: 'debug', APIM_LOG__AUDIT__FILE: 'logs/audit.log' }));
  }

  told(name: string): string {
    const value = secret(name);
    this.secrets.push(value);
    return value;
  }

  async call(operation: string, { basic, bearer, json, form, text, headers = {} }: Call = {}): Promise<{ status: number; body: Json }> {
    const [method = '', path = ''] = operation.split(' ');
    const authorization = basic ? `Basic ${btoa(basic)}` : bearer && `Bearer ${bearer}`;
    if (authorization) this.secrets.push(authorization.split(' ')[1] ?? '');
    const body = form ? new URLSearchParams(form).toString() : (text ?? (json === undefined ? undefined : JSON.stringify(json)));
    const type = form ? 'application/x-www-form-urlencoded' : 'application/json';
    const response = await fetch(this.server.management + path, {
      ...{ method, dispatcher: insecure, redirect: 'manual' as const },
      headers: { ...(authorization && { authorization }), ...(body !== undefined && { 'content-type': type }), ...headers },
      ...(body !== undefined && { body }),
    });
    const answer = await response.text();
    this.secrets.push(...response.headers.getSetCookie().map((cookie) => cookie.split(';')[0]?.split('=')[1] ?? ''));
    return { status: response.status, body: parsed(answer) };
  }

  /** Remembers members of an answer that nobody else may learn. */
  keep(body: Json, ...names: readonly string[]): Record<string, string> {
    const kept = Object.fromEntries(names.map((name) => [name, String(body[name] ?? '')]));
    this.secrets.push(...Object.values(kept));
    return kept;
  }
}

const parsed = (text: string): Json => {
  try {
    return JSON.parse(text) as Json; // the answers looked into are objects
  } catch {
    return {};
  }
};

const exercise = async (confidant: Confidant): Promise<void> => {
  const admin = { basic: 'admin:admin' };
  const password = confidant.told('P1');
  const user = { userName: 'ann', password, emails: ['ann@example.com'] };
  expect(await confidant.call('POST /scim2/Users', { ...admin, json: user })).toMatchObject({ status: 201 });
  const wrong = confidant.told('wrong');
  expect(await confidant.call('GET /scim2/Me', { basic: `ann:${wrong}` })).toMatchObject({ status: 401 });
  expect(await confidant.call('GET /scim2/Me', { basic: `ann:${password}` })).toMatchObject({ status: 200 });
  const registered = await confidant.call('POST /client-registration/v0.17/register', {
    ...admin,
    json: { clientName: 'c', owner: 'admin', grantType: 'password client_credentials refresh_token', saasApp: true, callbackUrl: '' },
  });
  const { clientSecret } = confidant.keep(registered.body, 'clientSecret');
  const client = { basic: `${registered.body['clientId']}:${clientSecret}` };
  await grants(confidant, client, password, wrong);
  const token = await adminToken(confidant, client);
  await applicationKeys(confidant, token);
  await endpointSecrets(confidant, token);
  await tenantConfiguration(confidant);
  await mistakes(confidant, token);
};

const tenantConfiguration = async (confidant: Confidant): Promise<void> => {
  const admin = { basic: 'admin:admin' };
  const { body } = await confidant.call('GET /api/am/admin/v4/tenant-config', admin);
  const store = { id: 'uk', displayName: 'UK', type: 'wso2', endpoint: 'https://uk.example.com', username: 'ann' };
  const json = { ...body, ExternalStores: [{ ...store, password: confidant.told('store-password') }] };
  expect(await confidant.call('PUT /api/am/admin/v4/tenant-config', { ...admin, json })).toMatchObject({ status: 200 });
  const aliases = { list: [{ role: 'Internal/creator', aliases: ['developer'] }] };
  const answer = await confidant.call('PUT /api/am/admin/v4/system-scopes/role-aliases', { ...admin, json: aliases });
  expect(answer).toMatchObject({ status: 200 });
};

const grants = async (confidant: Confidant, client: Call, password: string, wrong: string): Promise<void> => {
  const form = { grant_type: 'password', username: 'ann', password };
  const issued = await confidant.call('POST /oauth2/token', { ...client, form });
  expect(issued.status).toBe(200);
  const tokens = confidant.keep(issued.body, 'access_token', 'refresh_token');
  expect(await confidant.call('POST /oauth2/token', { ...client, form: { ...form, password: wrong } })).toMatchObject({ status: 400 });
  expect(await confidant.call('POST /oauth2/token', { basic: `c:${confidant.told('bad-secret')}`, form })).toMatchObject({ status: 401 });
  const refresh = { grant_type: 'refresh_token', refresh_token: tokens['refresh_token'] ?? '' };
  const renewed = await confidant.call('POST /oauth2/token', { ...client, form: refresh });
  const { access_token: next = '' } = confidant.keep(renewed.body, 'access_token', 'refresh_token');
  await confidant.call('POST /oauth2/token', { ...client, form: { ...refresh, refresh_token: confidant.told('no-refresh-token') } });
  await confidant.call('POST /oauth2/token', {
    ...client,
    form: { grant_type: 'authorization_code', code: confidant.told('code'), redirect_uri: 'http://x' },
  });
  await confidant.call('POST /oauth2/introspect', { basic: 'admin:admin', form: { token: next } });
  expect(await confidant.call('POST /oauth2/revoke', { ...client, form: { token: next } })).toMatchObject({ status: 200 });
};

const adminToken = async (confidant: Confidant, client: Call): Promise<string> => {
  const scope =
    'apim:api_create apim:api_view apim:api_publish apim:api_import_export apim:subscribe apim:app_manage apim:sub_manage apim:admin';
  const { body } = await confidant.call('POST /oauth2/token', {
    ...client,
    form: { grant_type: 'password', username: 'admin', password: 'admin', scope },
  });
  return confidant.keep(body, 'access_token')['access_token'] ?? '';
};

const applicationKeys = async (confidant: Confidant, bearer: string): Promise<void> => {
  const application = await confidant.call('POST /api/am/devportal/v3/applications', {
    bearer,
    json: { name: 'App', throttlingPolicy: 'Unlimited' },
  });
  const keys = await confidant.call(`POST /api/am/devportal/v3/applications/${application.body['applicationId']}/generate-keys`, {
    bearer,
    json: { keyType: 'PRODUCTION', grantTypesToBeSupported: ['client_credentials'], callbackUrl: '' },
  });
  expect(keys.status).toBe(200);
  confidant.keep(keys.body, 'consumerSecret');
  const json = { currentPassword: confidant.told('current'), newPassword: confidant.told('New1') };
  expect(await confidant.call('POST /api/am/devportal/v3/me/change-password', { bearer, json })).toMatchObject({ status: 400 });
};

const endpointSecrets = async (confidant: Confidant, bearer: string): Promise<void> => {
  const url = { url: `http://user:${confidant.told('url-password')}@127.0.0.1:9` };
  const security = { enabled: true, type: 'BASIC', username: 'u', password: confidant.told('endpoint') };
  const api = {
    ...{ name: 'Api', context: '/api', version: '1.0.0', policies: ['Unlimited'] },
    endpointConfig: {
      endpoint_type: 'http',
      production_endpoints: url,
      sandbox_endpoints: url,
      endpoint_security: { production: security },
    },
  };
  expect(await confidant.call('POST /api/am/publisher/v4/apis', { bearer, json: api })).toMatchObject({ status: 201 });
  expect(await confidant.call('POST /api/am/publisher/v4/apis', { bearer, json: api })).toMatchObject({ status: 409 });
  await confidant.call('POST /api/am/publisher/v4/apis', {
    bearer,
    json: { ...api, name: 5, context: { password: confidant.told('nested') } },
  });
  await confidant.call(`POST /api/am/publisher/v4/apis/validate-endpoint?endpointUrl=${encodeURIComponent(url.url)}`, { bearer });
};

const mistakes = async (confidant: Confidant, bearer: string): Promise<void> => {
  await confidant.call('POST /scim2/Users', { basic: 'admin:admin', text: `{"password": ${confidant.told('unparsed')}` });
  await confidant.call('POST /api/am/publisher/v4/apis', { bearer, text: `{"a": "${confidant.told('unparsed-too')}` });
  await confidant.call(`GET /api/am/publisher/v4/apis/${confidant.told('path')}`, { bearer });
  await confidant.call('GET /api/am/publisher/v4/apis', { bearer: `${bearer.slice(0, -4)}AAAA` });
  await confidant.call('GET /api/am/publisher/v4/apis', {
    headers: { cookie: `AM_ACC_TOKEN_DEFAULT_P2=${confidant.told('cookie')}`, authorization: 'Bearer x.y' },
  });
  await confidant.call(`GET /oauth2/nothing?code=${confidant.told('query')}`);
  await confidant.call('POST /oauth2/token', { text: `{"client_secret": "${confidant.told('json-secret')}", "grant_type": [1]}` });
};

/** Every recorded change, as text. */
const recorded = async ({ dataDir }: Cli): Promise<string> => {
  const database = new Client({ host: join(dataDir, 'postgres'), user: 'gatehouse', database: 'postgres' });
  await database.connect();
  try {
    const { rows } = await database.query<{ row: string }>('SELECT entry::text AS row FROM audit_entries AS entry');
    return rows.map(({ row }) => row).join('\n');
  } finally {
    await database.end();
  }
};

it('writes no secret to its logs nor to what it records of changes, however much they say', async () => {
  const confidant = await Confidant.start();
  const { server } = confidant;

  await exercise(confidant);
  const changes = await recorded(server);
  await server.stop();

  const audit = readFileSync(join(server.dataDir, 'logs', 'audit.log'), 'utf8');
  const said = server.output + audit + changes;
  expect(changes).toContain('OAuthClientSecret');
  const secrets = confidant.secrets.filter((each) => each.length > 7);
  expect(secrets.length).toBeGreaterThan(25);
  expect(secrets.filter((each) => said.includes(each))).toEqual([]);
  const lines = audit
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        logger: 'AUDIT_LOG',
        tenant: 'carbon.super',
        type: 'Login',
        action: 'failed',
        outcome: 'failure',
        performedBy: 'ann@carbon.super',
        from: '127.0.0.1',
      }),
      expect.objectContaining({ type: 'TenantConfig', action: 'changed', info: { keys: ['ExternalStores'], scopes: [] } }),
      expect.objectContaining({ type: 'TenantConfig', info: { keys: ['RoleMappings'], scopes: [] }, performedBy: 'admin@carbon.super' }),
      expect.objectContaining({ type: 'Login', action: 'succeeded', outcome: 'success', performedBy: 'ann@carbon.super' }),
      expect.objectContaining({
        type: 'OAuthClient',
        action: 'created',
        performedBy: 'admin@carbon.super',
        info: { clientId: expect.any(String) },
      }),
      expect.objectContaining({ type: 'Token', action: 'revoked' }),
    ]),
  );
});
