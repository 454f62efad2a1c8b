import type { RequestListener } from 'node:http';
import { Actor, expected, type OAuthClient, registerClient, requestToken } from './actor.js';
import { type Backend, startBackend } from './backend.js';
import type { Body } from './client.js';
import { eventually } from './eventually.js';
import { gateway } from './gateway.js';
import { server } from './server.js';
import { unique } from './unique.js';

const SUPER_TENANT = 'carbon.super';
const PASSWORD = 'Passw0rd1';

export interface Organization {
  readonly domain: string;
  readonly admin: Actor;
}

export interface GivenApi {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** As callers see it, with `/t/<tenant>` in front in a tenant. */
  readonly context: string;
  /** `<context>/<version>`: what gateway URLs start with. */
  readonly url: string;
}

export interface GivenApplication {
  readonly applicationId: string;
  readonly name: string;
}

export interface GivenSubscription {
  readonly subscriptionId: string;
}

export interface GivenKeys {
  readonly keyMappingId: string;
  readonly consumerKey: string;
  readonly consumerSecret: string;
}

export interface ApiOptions {
  /** Who makes it; the super tenant's administrator unless given. */
  readonly by?: Actor;
  /** Subscription policies; `Unlimited` unless given. */
  readonly policies?: readonly string[];
  /** Where the API leads; an address nobody listens on unless given. */
  readonly backend?: Backend | string;
  /** An OpenAPI definition to import; without one the API has the wildcard resources of a new API. */
  readonly definition?: object | string;
  /** Further properties of the API, which win over all of the above. */
  readonly with?: Body;
}

const backends: Backend[] = [];
afterAll(() => Promise.all(backends.splice(0).map((backend) => backend.close())));

/** OAuth clients by organization: registered once in each test process. */
const clients = new Map<string, Promise<OAuthClient>>();
const clientOf = (domain: string, username: string, password: string): Promise<OAuthClient> => {
  const client = clients.get(domain) ?? registerClient(username, password);
  clients.set(domain, client);
  return client;
};

const actorOf = (domain: string, name: string, password: string, owner?: Actor): Actor => {
  const username = domain === SUPER_TENANT ? name : `${name}@${domain}`;
  const registrar = owner ?? { username, password };
  return new Actor(username, password, domain, () => clientOf(domain, registrar.username, registrar.password));
};

const superAdmin = actorOf(SUPER_TENANT, server.admin.username, server.admin.password);

/** A new tenant with its administrator. */
const organization = async (): Promise<Organization> => {
  const domain = `${unique('org')}.com`;
  const owner = { username: 'admin', password: PASSWORD, email: `admin@${domain}`, firstname: 'Anna', lastname: 'Admin' };
  const body = { name: domain, domain, owners: [{ ...owner, provisioningMethod: 'inline-password' }] };
  expected(await superAdmin.tenants('POST /tenants', { body }), 201);
  return { domain, admin: actorOf(domain, owner.username, PASSWORD) };
};

/** A new user with the roles (`Internal/creator`, `admin`, …), in the administrator's tenant. */
const user = async ({ roles = [], by = superAdmin }: { readonly roles?: readonly string[]; readonly by?: Actor } = {}): Promise<Actor> => {
  const name = unique('user');
  const created = expected(
    await by.scim<{ id: string }>('POST /Users', {
      body: { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName: name, password: PASSWORD },
    }),
    201,
  );
  for (const role of roles) await addToRole(by, role, created.id);
  return actorOf(by.organization, name, PASSWORD, by);
};

const addToRole = async (by: Actor, role: string, userId: string): Promise<void> => {
  const displayName = role.replace(/^Internal\//, '');
  const query = { filter: `displayName eq ${displayName}` };
  const roles = expected(await by.scim<{ Resources: readonly { id: string }[] }>('GET /Roles', { query }), 200);
  const id = roles.Resources[0]?.id;
  if (!id) throw new Error(`there is no role ${role}`);
  const body = {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'add', path: 'users', value: [{ value: userId }] }],
  };
  expected(await by.scim('PATCH /Roles/{id}', { path: { id }, body }), 200);
};

/** A real upstream, on a free port unless one is given, closed after the file's tests. */
const backend = async (listener?: RequestListener, onPort?: number): Promise<Backend> => {
  const started = await startBackend(listener, onPort);
  backends.push(started);
  return started;
};

/** The properties of an API to create, complete and valid. */
const apiProperties = ({ policies = ['Unlimited'], backend: upstream = 'http://127.0.0.1:9', with: further = {} }: ApiOptions = {}) => {
  const url = typeof upstream === 'string' ? upstream : upstream.url;
  const name = unique('Api');
  return {
    name,
    context: `/${name.toLowerCase()}`,
    version: '1.0.0',
    policies,
    endpointConfig: { endpoint_type: 'http', production_endpoints: { url }, sandbox_endpoints: { url } },
    ...further,
  };
};

interface CreatedApi {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly context: string;
}

/** An API in state CREATED. */
const api = async (options: ApiOptions = {}): Promise<GivenApi> => {
  const { by = superAdmin, definition } = options;
  const properties = apiProperties(options);
  const answer = definition
    ? await by.publisher<CreatedApi>('POST /apis/import-openapi', {
        form: {
          file: {
            file: typeof definition === 'string' ? definition : JSON.stringify(definition),
            name: 'openapi.json',
            type: 'application/json',
          },
          additionalProperties: JSON.stringify(properties),
        },
      })
    : await by.publisher<CreatedApi>('POST /apis', { body: properties });
  const { id, name, version, context } = expected(answer, 201);
  return { id, name, version, context, url: `${context}/${version}` };
};

/** A revision of the API, deployed to the environment `Default`; gives the revision's id. */
const deployment = async (of: GivenApi, by: Actor = superAdmin): Promise<string> => {
  const path = { apiId: of.id };
  const revision = expected(await by.publisher<{ id: string }>('POST /apis/{apiId}/revisions', { path, body: {} }), 201);
  const deployed = await by.publisher('POST /apis/{apiId}/deploy-revision', {
    path,
    query: { revisionId: revision.id },
    body: [{ name: 'Default', vhost: 'localhost', displayOnDevportal: true }],
  });
  expected(deployed, 201);
  return revision.id;
};

/** An API that is deployed, published and known to the gateway. */
const publishedApi = async (options: ApiOptions = {}): Promise<GivenApi> => {
  const { by = superAdmin } = options;
  const made = await api(options);
  // Published first: what the gateway then learns of is an API that can be called.
  expected(await by.publisher('POST /apis/change-lifecycle', { query: { apiId: made.id, action: 'Publish' } }), 200);
  await deployment(made, by);
  // A method no API declares: the gateway answers it itself, and no backend hears of it.
  await eventually(
    () => gateway(`${made.url}/`, { method: 'TRACE' }),
    (answer) => !isUnknownApi(answer.body),
  );
  return made;
};

/** The gateway's answer for a context it does not serve; an unknown resource of a served one has another text (`reference/gateway.md` §4). */
const isUnknownApi = (body: unknown): boolean => JSON.stringify(body ?? '').includes('"The requested resource is not available."');

/** An application in the developer portal. */
const application = async (by: Actor = superAdmin, properties: Body = {}): Promise<GivenApplication> => {
  const body = { name: unique('Application'), throttlingPolicy: 'Unlimited', ...properties };
  return expected(await by.devportal<GivenApplication>('POST /applications', { body }), 201);
};

/** A subscription of the application to the API. */
const subscription = async (
  to: Pick<GivenApi, 'id'>,
  of: GivenApplication,
  { by = superAdmin, policy = 'Unlimited' }: { readonly by?: Actor; readonly policy?: string } = {},
): Promise<GivenSubscription> => {
  const body = { apiId: to.id, applicationId: of.applicationId, throttlingPolicy: policy };
  return expected(await by.devportal<GivenSubscription>('POST /subscriptions', { body }), 201);
};

/** Production keys of the application, or sandbox ones. */
const keys = async (
  of: GivenApplication,
  {
    by = superAdmin,
    keyType = 'PRODUCTION',
    with: further = {},
  }: { readonly by?: Actor; readonly keyType?: 'PRODUCTION' | 'SANDBOX'; readonly with?: Body } = {},
): Promise<GivenKeys> => {
  const answer = await by.devportal<GivenKeys>('POST /applications/{applicationId}/generate-keys', {
    path: { applicationId: of.applicationId },
    body: { keyType, grantTypesToBeSupported: ['client_credentials', 'password', 'refresh_token'], ...further },
  });
  return expected(answer, 200);
};

/** An access token of the application itself (client credentials). */
const applicationToken = async (of: GivenKeys, ...scopes: readonly string[]): Promise<string> => {
  const client = { clientId: of.consumerKey, clientSecret: of.consumerSecret };
  const scope: Record<string, string> = scopes.length > 0 ? { scope: scopes.join(' ') } : {};
  return expected(await requestToken(client, { grant_type: 'client_credentials', ...scope }), 200).access_token;
};

export interface GivenSubscriber {
  readonly api: GivenApi;
  readonly application: GivenApplication;
  readonly subscription: GivenSubscription;
  readonly keys: GivenKeys;
  readonly token: string;
}

/**
 * The whole way: a published API, an application subscribed to it, its keys and a token. Waits until the gateway accepts the token on
 * GET of the path `probe` below the API (`/` unless given), which counts as one call; `probe: false` does not wait.
 */
const subscriber = async (
  options: ApiOptions & { readonly policy?: string; readonly applicationPolicy?: string; readonly probe?: string | false } = {},
): Promise<GivenSubscriber> => {
  const { by = superAdmin, policy = 'Unlimited', applicationPolicy = 'Unlimited', probe = '/' } = options;
  const published = await publishedApi({ policies: [policy], ...options });
  const app = await application(by, { throttlingPolicy: applicationPolicy });
  const subscribed = await subscription(published, app, { by, policy });
  const generated = await keys(app, { by });
  const token = await applicationToken(generated);
  if (probe !== false) {
    await eventually(
      () => gateway(published.url + probe, { token }),
      ({ status }) => status !== 401 && status !== 403,
    );
  }
  return { api: published, application: app, subscription: subscribed, keys: generated, token };
};

/** Builders for what a test starts from. Each makes something new; nothing has to be cleaned up. */
export const given = {
  superAdmin,
  organization,
  user,
  backend,
  apiProperties,
  api,
  deployment,
  publishedApi,
  application,
  subscription,
  keys,
  applicationToken,
  subscriber,
};
