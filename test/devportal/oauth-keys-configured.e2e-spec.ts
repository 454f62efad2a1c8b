import { Cli } from '../server/cli.js';
import { type Body, Client, type Credential } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { observe } from '../support/judge.js';
import { unique } from '../support/unique.js';

/** A server of its own with settings other than the default ones, and what these tests ask of it as its administrator. */
class Configured {
  private constructor(
    readonly cli: Cli,
    private readonly client: Client,
  ) {}

  static async start(environment: NodeJS.ProcessEnv, dataDir?: string): Promise<Configured> {
    const cli = await Cli.start(environment, dataDir);
    const admin: Credential = { basic: { username: 'admin', password: 'admin' } };
    return new Configured(cli, new Client('', () => admin, cli.management));
  }

  /** Every answer is checked against its contract, as those of the common server are. */
  async ask<T = Body>(operation: string, path: Readonly<Record<string, string>> = {}, body?: unknown) {
    const [method, route] = operation.split(' ');
    const base = route?.startsWith('/applications') || route?.startsWith('/settings') ? '/api/am/devportal/v3' : '';
    const answer = await this.client.request<T>(`${method} ${base}${route}`, { path, ...(body !== undefined && { body }) });
    const [asked = ''] = `${base}${route}`.replace(/\{(\w+)\}/g, (_, name: string) => path[name] ?? '').split('?');
    const mediaType = answer.headers['content-type'] ?? '';
    observe({ method: method ?? '', path: asked, status: answer.status, mediaType, body: answer.body });
    return answer;
  }

  async application(): Promise<{ readonly applicationId: string }> {
    return (await this.ask<{ applicationId: string }>('POST /applications', {}, { name: unique('App'), throttlingPolicy: 'Unlimited' }))
      .body;
  }

  async keys(applicationId: string, further: Body = {}): Promise<Key> {
    const body = { keyType: 'PRODUCTION', grantTypesToBeSupported: ['client_credentials'], ...further };
    const answer = await this.ask<Key>('POST /applications/{applicationId}/generate-keys', { applicationId }, body);
    if (answer.status !== 200) throw new Error(JSON.stringify(answer));
    return answer.body;
  }

  /** A new application with production keys. */
  async withKeys(further: Body = {}): Promise<{ readonly key: Key; readonly path: { applicationId: string; keyMappingId: string } }> {
    const { applicationId } = await this.application();
    const key = await this.keys(applicationId, further);
    return { key, path: { applicationId, keyMappingId: key.keyMappingId } };
  }

  /** A client that exists without any application. */
  async registered(further: Body = {}): Promise<{ readonly client_id: string; readonly client_secret: string }> {
    const body = { client_name: unique('dcr'), redirect_uris: [], grant_types: ['client_credentials'], ...further };
    return (await this.ask<{ client_id: string; client_secret: string }>('POST /keymanager-operations/dcr/register', {}, body)).body;
  }

  /** An API that is published and deployed, and an application's subscription to it. */
  async publishedApi(further: Body = {}): Promise<{ readonly id: string; readonly path: string }> {
    const [name, base] = [unique('Api'), '/api/am/publisher/v4'];
    const url = 'http://127.0.0.1:9';
    const api = await this.ask<{ id: string }>(
      `POST ${base}/apis`,
      {},
      {
        ...{ name, context: `/${name.toLowerCase()}`, version: '1.0.0', policies: ['Unlimited'] },
        endpointConfig: { endpoint_type: 'http', production_endpoints: { url }, sandbox_endpoints: { url } },
        ...further,
      },
    );
    const apiId = api.body.id;
    await this.ask(`POST ${base}/apis/change-lifecycle?apiId=${apiId}&action=Publish`);
    const revision = await this.ask<{ id: string }>(`POST ${base}/apis/{apiId}/revisions`, { apiId }, {});
    const deployed = await this.ask(`POST ${base}/apis/{apiId}/deploy-revision?revisionId=${revision.body.id}`, { apiId }, [
      { name: 'Default', vhost: 'localhost', displayOnDevportal: true },
    ]);
    if (deployed.status !== 201) throw new Error(JSON.stringify(deployed));
    return { id: apiId, path: `/${name.toLowerCase()}/1.0.0/` };
  }

  async subscription(apiId: string, applicationId: string): Promise<void> {
    const body = { apiId, applicationId, throttlingPolicy: 'Unlimited' };
    const answer = await this.ask('POST /api/am/devportal/v3/subscriptions', {}, body);
    if (answer.status !== 201) throw new Error(JSON.stringify(answer));
  }

  async gateway(path: string, token: string): Promise<{ readonly status: number; readonly code: unknown }> {
    const response = await fetch(this.cli.gateway + path, { headers: { authorization: `Bearer ${token}` } });
    const text = await response.text();
    return { status: response.status, code: text.startsWith('{') ? JSON.parse(text).code : undefined };
  }

  async token(
    clientId: string,
    clientSecret: string,
    scope = '',
  ): Promise<{ readonly status: number; readonly scope: unknown; readonly text: string }> {
    const answer = await this.client.request('POST /oauth2/token', {
      as: { basic: { username: clientId, password: clientSecret } },
      urlencoded: { grant_type: 'client_credentials', scope },
    });
    return { status: answer.status, scope: answer.body['scope'], text: String(answer.body['access_token']) };
  }
}

interface Key {
  readonly keyMappingId: string;
  readonly consumerKey: string;
  readonly consumerSecret: string;
  readonly consumerSecrets: readonly { readonly secretValue: string }[];
}

const KEYS = '/applications/{applicationId}/oauth-keys';
const KEY = `${KEYS}/{keyMappingId}`;
const MAP = 'POST /applications/{applicationId}/map-keys';
const STARS = '*'.repeat(16);

describe('a server whose clients have one secret each', () => {
  let on: Configured;
  beforeAll(async () => {
    on = await Configured.start({
      APIM_OAUTH__MULTIPLE_CLIENT_SECRETS__ENABLE: 'false',
      APIM_APIM__DEVPORTAL__ENABLE_KEY_PROVISIONING: 'true',
      APIM_APIM__KEY_MANAGER__ENABLE_APPLICATION_SCOPES_FOR_RESIDENT_KM: 'true',
    });
  });
  afterAll(() => on.cli.stop());

  it('shows the secret whenever the keys are read', async () => {
    const { key, path } = await on.withKeys();

    const read = (await on.ask<Key>(`GET ${KEY}`, path)).body;

    expect([read.consumerSecret, read.consumerSecrets.map(({ secretValue }) => secretValue)]).toEqual([
      key.consumerSecret,
      [key.consumerSecret],
    ]);
  });

  it.each([
    ['POST', 'generate-secret', {}],
    ['GET', 'secrets', undefined],
    ['POST', 'revoke-secret', { secretId: '00000000-0000-4000-8000-000000000000' }],
  ])('has no %s …/%s', async (method, operation, body) => {
    const { path } = await on.withKeys();

    expect(await on.ask(`${method} ${KEY}/${operation}`, path, body)).toMatchObject({ status: 400, body: { code: 900916 } });
  });

  it.each([
    ['by the id of the keys', `${KEY}/regenerate-secret`],
    ['by their type', '/applications/{applicationId}/keys/PRODUCTION/regenerate-secret'],
  ])('replaces it, %s', async (_, operation) => {
    const { key, path } = await on.withKeys();

    const answer = await on.ask<Key>(`POST ${operation}`, path);

    expect(answer).toMatchObject({
      status: 200,
      body: { consumerKey: key.consumerKey, consumerSecret: expect.stringMatching(/^\w{20,}$/) },
    });
    expect((await on.token(key.consumerKey, key.consumerSecret)).status).toBe(401);
    expect((await on.token(key.consumerKey, answer.body.consumerSecret)).status).toBe(200);
  });

  it('replaces it for administrators too, and offers them no second one', async () => {
    const client = await on.registered();
    const path = { clientId: client.client_id };

    const answer = await on.ask<typeof client>('POST /keymanager-operations/dcr/register/{clientId}/regenerate-consumer-secret', path);

    expect(answer.status).toBe(201);
    expect((await on.token(client.client_id, client.client_secret)).status).toBe(401);
    expect((await on.token(client.client_id, answer.body.client_secret)).status).toBe(200);
    const more = await on.ask('POST /keymanager-operations/dcr/register/{clientId}/generate-secret', path, {});
    expect(more).toMatchObject({ status: 400, body: { code: '900916' } });
  });
});

describe('a server with application scopes, where clients that exist may be mapped', () => {
  let on: Configured;
  beforeAll(async () => {
    on = await Configured.start({
      APIM_APIM__DEVPORTAL__ENABLE_KEY_PROVISIONING: 'true',
      APIM_APIM__KEY_MANAGER__ENABLE_APPLICATION_SCOPES_FOR_RESIDENT_KM: 'true',
    });
  });
  afterAll(() => on.cli.stop());

  const mapped = async (change: Body = {}) => {
    const client = await on.registered({ ext_user_token_lifetime: 60 });
    const { applicationId } = await on.application();
    const body = { consumerKey: client.client_id, consumerSecret: client.client_secret, keyType: 'PRODUCTION', ...change };
    return { client, applicationId, answer: await on.ask<Key>(MAP, { applicationId }, body) };
  };

  it('says so in the settings', async () => {
    expect((await on.ask('GET /settings')).body['mapExistingAuthApps']).toBe(true);
  });

  it('lets the client act for the application, and leaves it alone when the keys go', async () => {
    const { client, applicationId, answer } = await mapped();

    expect(answer).toMatchObject({
      status: 200,
      body: {
        consumerKey: client.client_id,
        mode: 'MAPPED',
        keyState: 'COMPLETED',
        supportedGrantTypes: ['client_credentials'],
        additionalProperties: { user_access_token_expiry_time: 60 },
        token: null,
      },
    });
    const path = { applicationId, keyMappingId: answer.body.keyMappingId };
    expect((await on.ask(`POST ${KEY}/generate-token`, path, { consumerSecret: client.client_secret })).status).toBe(200);
    expect((await on.ask(`DELETE ${KEY}`, path)).status).toBe(200);
    expect((await on.token(client.client_id, client.client_secret)).status).toBe(200);
  });

  it('opens the application’s APIs to the client’s tokens for as long as the keys are there', async () => {
    const api = await on.publishedApi();
    const { client, applicationId, answer } = await mapped();
    await on.subscription(api.id, applicationId);
    const token = (await on.token(client.client_id, client.client_secret)).text;
    const call = () => on.gateway(api.path, token);

    // Nobody listens behind the API: what gets there was let through.
    await eventually(call, ({ status }) => status >= 500);
    await on.ask(`POST ${KEY}/clean-up`, { applicationId, keyMappingId: answer.body.keyMappingId });

    expect(await eventually(call, ({ status }) => status < 500)).toEqual({ status: 403, code: '900908' });
  });

  it('maps a client of the caller without its secret', async () => {
    expect((await mapped({ consumerSecret: undefined })).answer.status).toBe(200);
  });

  it('maps a client once', async () => {
    const { client, applicationId } = await mapped();
    const other = await on.application();
    const body = { consumerKey: client.client_id, keyType: 'PRODUCTION' };

    expect(await on.ask(MAP, { applicationId }, body)).toMatchObject({ status: 409, body: { code: 901409 } });
    expect(await on.ask(MAP, other, body)).toMatchObject({ status: 409, body: { code: 901408 } });
    expect((await on.ask(`GET ${KEYS}`, other)).body['count']).toBe(0);
  });

  it.each([
    ['an unknown client', { consumerKey: 'nobody' }, 900962],
    ['a wrong secret', { consumerSecret: 'wrong' }, 900962],
    ['an unknown key manager', { keyManager: 'Nobody' }, 901403],
    ['no key', { consumerKey: undefined }, 400],
    ['an unknown key type', { keyType: 'TEST' }, 400],
  ])('refuses %s and leaves no keys behind', async (_, change, code) => {
    const { applicationId, answer } = await mapped(change);

    expect(answer).toMatchObject({ status: 400, body: { code } });
    expect((await on.ask(`GET ${KEYS}`, { applicationId })).body['count']).toBe(0);
  });

  it('grants those of subscribed APIs whatever the roles, and lets no other be listed', async () => {
    const [scope, role, application] = [unique('scope'), unique('role').toLowerCase(), await on.application()];
    await on.ask('POST /scim2/Groups', {}, { displayName: role });
    const api = await on.publishedApi({ scopes: [{ scope: { name: scope, displayName: scope, bindings: [role] } }] });
    const additionalProperties = { application_scopes: [scope] };
    const generate = (properties: object) =>
      on.ask<Key>('POST /applications/{applicationId}/generate-keys', application, {
        ...{ keyType: 'PRODUCTION', grantTypesToBeSupported: ['client_credentials'], additionalProperties: properties },
      });

    expect(await generate(additionalProperties)).toMatchObject({ status: 400, body: { code: 901410 } });
    await on.subscription(api.id, application.applicationId);
    expect(await generate({ application_scopes: [scope, 'apim:admin'] })).toMatchObject({ status: 400, body: { code: 901410 } });
    const key = await generate(additionalProperties);

    expect(key).toMatchObject({ status: 200, body: { additionalProperties } });
    expect(await on.token(key.body.consumerKey, key.body.consumerSecret, scope)).toMatchObject({ status: 200, scope });
  });

  it('grants them no longer than the subscription lasts', async () => {
    const [scope, role, application] = [unique('scope'), unique('role').toLowerCase(), await on.application()];
    await on.ask('POST /scim2/Groups', {}, { displayName: role });
    const api = await on.publishedApi({ scopes: [{ scope: { name: scope, displayName: scope, bindings: [role] } }] });
    await on.subscription(api.id, application.applicationId);
    const key = await on.keys(application.applicationId, { additionalProperties: { application_scopes: [scope] } });
    expect(await on.token(key.consumerKey, key.consumerSecret, scope)).toMatchObject({ status: 200, scope });

    const base = '/api/am/devportal/v3/subscriptions';
    const { list } = (await on.ask<{ list: readonly { subscriptionId: string }[] }>(`GET ${base}?apiId=${api.id}`)).body;
    expect((await on.ask(`DELETE ${base}/${list[0]?.subscriptionId}`)).status).toBe(200);

    expect(await on.token(key.consumerKey, key.consumerSecret, scope)).toMatchObject({ status: 200, scope: 'default' });
  });
});

describe('a server that starts to keep secrets as hashes alone', () => {
  const LIMIT = { APIM_OAUTH__MULTIPLE_CLIENT_SECRETS__SECRET_COUNT: '2' };
  const HASHES = { ...LIMIT, APIM_APIM__OAUTH_CONFIG__ENABLE_TOKEN_HASHING: 'true' };

  it('goes on accepting them, shows them once, and cannot be made to show the earlier ones again', async () => {
    let on = await Configured.start(LIMIT);
    const { key, path } = await on.withKeys();
    const chosen = await on.registered({ ext_param_client_secret: 'correct-horse' });
    const secretOf = async (name: string) =>
      (
        await on.ask<{ clientSecret: string; clientId: string }>(
          'POST /client-registration/v0.17/register',
          {},
          {
            ...{ clientName: name, owner: 'admin', grantType: 'client_credentials' },
          },
        )
      ).body;
    const tool = await secretOf('tool');
    expect(await secretOf('tool')).toEqual(tool);
    expect((await on.ask(`POST ${KEY}/generate-secret`, path, {})).status).toBe(201);
    expect((await on.ask(`POST ${KEY}/generate-secret`, path, {})).status).toBe(400); // two are the most here
    expect((await on.ask('GET /applications/{applicationId}', path)).body['hashEnabled']).toBe(false);
    await on.cli.stop();

    on = await Configured.start(HASHES, on.cli.dataDir);
    const works = async () => [
      (await on.token(key.consumerKey, key.consumerSecret)).status,
      (await on.token(chosen.client_id, 'correct-horse')).status,
      (await on.token(tool.clientId, tool.clientSecret)).status,
    ];
    expect(await works()).toEqual([200, 200, 200]);
    const read = (await on.ask<Key>(`GET ${KEY}`, path)).body;
    expect([read.consumerSecret, ...read.consumerSecrets.map(({ secretValue }) => secretValue)]).toEqual([STARS, STARS, STARS]);
    expect((await on.ask('GET /applications/{applicationId}', path)).body).toMatchObject({ hashEnabled: true });
    const made = await on.withKeys();
    expect((await on.token(made.key.consumerKey, made.key.consumerSecret)).status).toBe(200);
    expect((await on.ask<Key>(`GET ${KEY}`, made.path)).body.consumerSecret).toBe(STARS);
    expect((await on.ask(`POST ${KEY}/generate-token`, made.path, {})).status).toBe(200);
    await on.cli.stop();

    on = await Configured.start(LIMIT, on.cli.dataDir);
    expect(await works()).toEqual([200, 200, 200]);
    expect((await on.ask<Key>(`GET ${KEY}`, path)).body.consumerSecret).toBe(STARS);
    // A tool that registers again needs a secret it can use: it gets a new one.
    const again = await secretOf('tool');
    expect(again.clientId).toBe(tool.clientId);
    expect((await on.token(tool.clientId, again.clientSecret)).status).toBe(200);
    expect((await on.token(tool.clientId, tool.clientSecret)).status).toBe(401);
    await on.cli.stop();
  });
});
