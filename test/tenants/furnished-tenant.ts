import { calculatorWsdl } from '../../src/apis/wsdl/wsdl.fixture.js';
import { writeArchive } from '../../src/platform/archives/write-archive.js';
import { made, Population } from '../server/list-population.js';
import { type Actor, expected } from '../support/actor.js';
import { exported, unzip, zip } from '../support/archives.js';
import { certificate, upload } from '../support/certificates.js';
import { type Body, Client, type FormField } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { given } from '../support/given.js';
import { png } from '../support/pictures.js';
import { apiPolicy, attribute, commonPolicy } from '../support/policies.js';
import { server } from '../support/server.js';
import { configure, requireStateApproval, tenantConfig } from '../support/tenant-config.js';
import { unique } from '../support/unique.js';

/** By the name of a path parameter, or of the thing where a parameter stands for several. */
export type Ids = Readonly<Record<string, string>>;

/** A tenant with one of everything that the APIs can make. */
export interface FurnishedTenant {
  readonly domain: string;
  readonly admin: Actor;
  /** Begins the name of everything. */
  readonly mark: string;
  readonly ids: Ids;
  /** Values that only this tenant may be shown, besides the mark. */
  readonly secrets: readonly string[];
}

const SEQUENCE = '<payloadFactory media-type="json"><format>{"a":1}</format><args/></payloadFactory><loopback/>';
const DEFAULT = [{ name: 'Default', vhost: 'localhost', displayOnDevportal: true }];
const KEYS = { securityScheme: ['oauth2', 'api_key', 'oauth_basic_auth_api_key_mandatory'] };
const roleId = (name: string) => Buffer.from(name).toString('base64url');

export const theme = async (): Promise<FormField> => ({
  file: await writeArchive([['home.html', '<h1>Home</h1>']]),
  name: 'theme.zip',
  type: 'application/zip',
});

/** A tenant, furnished as far as lists need it. */
export const populated = async (apis: Body = {}): Promise<FurnishedTenant & { readonly population: Population }> => {
  const { domain, admin } = await given.organization();
  const mark = unique('mark').toLowerCase();
  const credential = async () => ({ bearer: await admin.token() });
  const population = new Population(server, { credential, isTenant: true, mark, apis: { ...KEYS, ...apis } });
  population.ids['domain'] = domain;
  population.ids['mark'] = mark;
  // Blocking an API, which the population begins, waits.
  await requireStateApproval(admin, 'Published:Block');
  await population.begin();
  await openToMapping(admin);
  return { domain, admin, mark, population, ids: population.ids, secrets: [] };
};

/** Lets clients that exist be mapped to applications. */
const openToMapping = async (by: Actor): Promise<void> => {
  const { list } = expected(await by.admin<{ list: readonly Body[] }>('GET /key-managers'), 200);
  const resident = list.find((one) => one['name'] === 'Resident Key Manager');
  const path = { keyManagerId: String(resident?.['id']) };
  const stored = expected(await by.admin<Body>('GET /key-managers/{keyManagerId}', { path }), 200);
  expected(await by.admin('PUT /key-managers/{keyManagerId}', { path, body: { ...stored, enableMapOAuthConsumerApps: true } }), 200);
};

export const furnished = async (): Promise<FurnishedTenant> => {
  const tenant = await populated();
  const furniture = new Furniture(tenant.admin, tenant.population);
  await furniture.ofPublishers();
  await furniture.ofPolicies();
  await furniture.ofThemes();
  await furniture.ofPeople();
  await furniture.ofDevelopers();
  await furniture.ofRules();
  await furniture.ofApprovers();
  await furniture.ofGateways();
  const secrets = [...furniture.secrets, ...Object.values(tenant.ids).filter((id) => /[0-9a-f]{8}-|\w{20}/.test(id))];
  return { ...tenant, secrets };
};

/** What a tenant can have besides what {@link Population} makes. */
class Furniture {
  readonly secrets: string[] = [];
  private readonly ids: Record<string, string>;

  constructor(
    private readonly admin: Actor,
    private readonly population: Population,
  ) {
    this.ids = population.ids;
    this.ids['tenantDomain'] = admin.organization;
    this.ids['tenant'] = admin.organization;
    this.ids['owner'] = admin.username;
    this.ids['sandboxType'] = 'SANDBOX';
    this.ids['scopeWord'] = Buffer.from('apim:api_view').toString('base64');
  }

  async ofPublishers(): Promise<void> {
    const { population, ids, admin } = this;
    const { publisher } = population;
    const path = ids;
    ids['environmentName'] = ids['name'] ?? '';
    ids['deploymentId'] = Buffer.from(ids['name'] ?? '').toString('base64');
    ids['scopeNameId'] = Buffer.from(ids['name'] ?? '').toString('base64url');
    const api = await made(publisher, 'GET /apis/{apiId}', { path });
    ids['apiName'] = String(api['name']);
    ids['apiUrl'] = `${api['context']}/1.0.0`;
    ids['productName'] = String((await made(publisher, 'GET /api-products/{apiProductId}', { path }))['name']);
    await made(publisher, 'POST /apis/{apiId}/deploy-revision', {
      path,
      query: { revisionId: ids['revisionId'] },
      body: DEFAULT,
    });
    await made(publisher, 'POST /api-products/{apiProductId}/deploy-revision', {
      path,
      query: { revisionId: ids['productRevisionId'] },
      body: [{ name: ids['name'], vhost: 'a.example', displayOnDevportal: true }],
    });
    await made(publisher, 'POST /api-products/change-lifecycle', { query: { apiProductId: ids['apiProductId'], action: 'Publish' } });
    await made(publisher, 'POST /apis/{apiId}/documents/{documentId}/content', { path, form: { inlineContent: `Of ${ids['name']}` } });
    await made(publisher, 'POST /api-products/{apiProductId}/documents/{documentId}/content', {
      path: { ...path, documentId: ids['productDocumentId'] ?? '' },
      form: { inlineContent: `Of ${ids['name']}` },
    });
    const file = { file: { file: png(), name: 'picture.png' } };
    await made(publisher, 'PUT /apis/{apiId}/thumbnail', { path, form: file });
    await made(publisher, 'PUT /api-products/{apiProductId}/thumbnail', { path, form: file });
    await made(publisher, 'PUT /apis/{apiId}/environments/{envId}/keys', {
      path: { ...path, envId: ids['ownEnvironmentId'] ?? '' },
      body: { productionEndpoint: ids['name'] },
    });
    ids['sequenceApiId'] = await population.api();
    await made(publisher, 'PUT /apis/{apiId}/sequence-backend', {
      path: { apiId: ids['sequenceApiId'] },
      form: { sequence: { file: SEQUENCE, name: 'backend.xml', type: 'application/xml' }, type: 'PRODUCTION' },
    });
    ids['soapApiId'] = await this.soapApi();
    ids['soapToRestApiId'] = await this.soapToRestApi();
    const { list } = await made(publisher, 'GET /apis/{apiId}/resource-policies', {
      path: { apiId: ids['soapToRestApiId'] },
      query: { sequenceType: 'in' },
    });
    ids['resourcePolicyId'] = firstOf(list, 'id');
    ids['endpointAlias'] = ids['name'] ?? '';
    ids['sandboxCertificate'] = population.named('s');
    await made(publisher, 'POST /apis/{apiId}/client-certs/{keyType}', {
      path: { ...path, keyType: 'SANDBOX' },
      form: { certificate: upload(await certificate(ids['sandboxCertificate'])), alias: ids['sandboxCertificate'], tier: 'Unlimited' },
    });
    const comment = { content: `Of ${ids['name']}`, category: 'general' };
    ids['portalCommentId'] = String((await made(population.devportal, 'POST /apis/{apiId}/comments', { path, body: comment }))['id']);
    const audited = await given.backend((request, response) => {
      request.resume();
      const report = { data: Buffer.from('{}').toString('base64'), attr: { data: { grade: 1, numErrors: 0 } } };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ desc: { id: 'x' }, ...report }));
    });
    await configure(admin, {
      SecurityAuditConfig: { apiToken: population.named('token'), collectionId: 'c', baseUrl: `${audited.url}/apis`, overrideGlobal: true },
      CustomUrls: { DevPortal: `https://${ids['name']}.example.com/devportal` },
      LinterCustomRules: { rules: {}, description: ids['name'] },
      EnableMonetization: true,
      EnableRecommendation: true,
      ExternalStores: [
        { id: 'uk', displayName: ids['name'], type: 'wso2', endpoint: 'http://127.0.0.1:9', username: 'ann', password: 'Passw0rd1' },
      ],
      ApplicationConfigs: { Attributes: [{ Attribute: ids['name'], Required: false }] },
    });
  }

  private async soapApi(): Promise<string> {
    const name = this.population.named('Soap');
    const properties = { name, context: `/${name}`, version: '1.0.0', policies: ['Unlimited'] };
    const file = { file: calculatorWsdl('http://127.0.0.1:9/calculator'), name: 'calculator.wsdl', type: 'text/xml' };
    const { id } = await made(this.population.publisher, 'POST /apis/import-wsdl', {
      form: { additionalProperties: JSON.stringify(properties), file },
    });
    await made(this.population.publisher, 'POST /apis/change-lifecycle', { query: { apiId: String(id), action: 'Publish' } });
    return String(id);
  }

  private async soapToRestApi(): Promise<string> {
    const files = await unzip(await exported(this.admin, { apiId: this.ids['apiId'], format: 'JSON' }));
    const [, object] = [...files].find(([path]) => path.endsWith('/api.json')) ?? [];
    const { data, ...about } = JSON.parse(String(object));
    const name = this.population.named('Rest');
    const operations = [{ target: '/pets', verb: 'POST' }];
    const archive = await zip({
      'api.json': JSON.stringify({ ...about, data: { ...data, name, context: `/${name}`, type: 'SOAPTOREST', operations } }),
      'SoapToRest/in/pets_post.xml': `<property name="${name}" value="GET"/>`,
    });
    const { id } = await made(this.population.publisher, 'POST /apis/import', {
      headers: { accept: 'application/json' },
      form: { file: { file: archive, name: 'api.zip', type: 'application/zip' } },
    });
    return String(id);
  }

  async ofPolicies(): Promise<void> {
    const { admin, ids, population } = this;
    const attributes = { policyAttributes: [attribute('text', { required: false })] };
    const common = await commonPolicy(admin, { name: population.named('common'), ...attributes });
    ids['operationPolicyId'] = common.id;
    ids['operationPolicyName'] = common.name;
    ids['apiPolicyId'] = (await apiPolicy(admin, ids['apiId'] ?? '', { name: population.named('own'), ...attributes })).id;
    const mapping = {
      displayName: population.named('mapping'),
      policyMapping: {
        request: [
          { policyName: 'addHeader', policyVersion: 'v3', policyType: 'common', parameters: { headerName: 'X', headerValue: ids['name'] } },
        ],
      },
    };
    ids['gatewayPolicyMappingId'] = String((await made(population.publisher, 'POST /gateway-policies', { body: mapping }))['id']);
    await made(population.publisher, 'POST /gateway-policies/{gatewayPolicyMappingId}/deploy', {
      path: ids,
      body: [{ gatewayLabel: ids['name'], gatewayDeployment: true }],
    });
  }

  /** Who may do what, who may not call anything, and where keys come from. */
  async ofRules(): Promise<void> {
    const { ids, population } = this;
    const role = Buffer.from(ids['roleId'] ?? '', 'base64url').toString();
    const { list: scopes } = await made(population.admin, 'GET /system-scopes', {});
    const list = (scopes as readonly Body[]).map(
      (
        scope, // as the contract has it
      ) => (scope['name'] === 'apim:document_create' ? { ...scope, roles: [...(scope['roles'] as readonly string[]), role] } : scope),
    );
    await made(population.admin, 'PUT /system-scopes', { body: { list } });
    const aliases = [{ role: 'Internal/creator', aliases: [role] }];
    await made(population.admin, 'PUT /system-scopes/role-aliases', { body: { count: 1, list: aliases } });
    const denied = { conditionType: 'USER', conditionValue: `${ids['name']}x@${ids['domain']}`, conditionStatus: true };
    await made(population.admin, 'POST /throttling/deny-policies', { body: denied });
    const path = ids;
    const keyManager = await made(population.admin, 'GET /key-managers/{keyManagerId}', { path });
    await made(population.admin, 'PUT /key-managers/{keyManagerId}', {
      path,
      body: { ...keyManager, enabled: true, enableMapOAuthConsumerApps: true },
    });
  }

  async ofThemes(): Promise<void> {
    const { population, ids } = this;
    await made(population.publisher, 'POST /apis/{apiId}/api-themes', { path: ids, form: { file: await theme() } });
    ids['apiThemeId'] = firstOf((await population.publisher.request('GET /apis/{apiId}/api-themes', { path: ids })).body, 'id');
    await made(population.admin, 'POST /org-themes', { form: { file: await theme() } });
    ids['orgThemeId'] = firstOf((await population.admin.request('GET /org-themes')).body, 'id');
    const file = await writeArchive([['apim/defaultTheme.json', ids['name'] ?? '']]);
    await made(population.admin, 'PUT /tenant-theme', { form: { file: { file, name: 'theme.zip', type: 'application/zip' } } });
  }

  async ofPeople(): Promise<void> {
    const { admin, ids, population } = this;
    const heir = await given.user({ roles: ['Internal/creator', 'Internal/publisher', 'Internal/subscriber'], by: admin });
    ids['username'] = heir.username;
    ids['userToken'] = await heir.token('openid');
    ids['heir'] = heir.username.split('@')[0] ?? '';
    // One of each for the operations below the caller's tenant, and another for those below a tenant in the path.
    for (const number of ['2', '']) await this.ofIdentity(number);
    const tenants = new Client('/api/server/v1', () => given.superAdmin.basic);
    const found = await made(tenants, 'GET /tenants/domain/{domain}', { path: { domain: admin.organization } });
    ids['tenantId'] = String(found['id']);
    ids['ownerId'] = firstOf(found['owners'], 'id');
    const internal = new Client('/internal/data/v1', () => admin.basic);
    const gateway = { payloadType: 'REGISTER', environmentLabels: [ids['name']], gatewayId: population.named('g'), timeStamp: Date.now() };
    const registered = await made(internal, 'POST /notify-gateway', { body: { ...gateway, gatewayProperties: { ipAddress: '10.0.0.7' } } });
    ids['outsideGatewayId'] = String(registered['gatewayId']);
  }

  private async ofIdentity(number: string): Promise<void> {
    const { admin, ids, population } = this;
    const scim = new Client('/scim2', () => admin.basic);
    const user = await made(scim, 'POST /Users', { body: { userName: population.named('u').slice(0, 30), password: 'Passw0rd1' } });
    ids[`userId${number}`] = String(user['id']);
    for (const [path, id] of [
      ['Groups', 'groupId'],
      ['Roles', 'scimRoleId'],
      ['v2/Roles', 'scimRoleV2Id'],
    ] as const) {
      const displayName = population.named(id.slice(0, 1)).slice(0, 30);
      ids[id + number] = String((await made(scim, `POST /${path}`, { body: { displayName } }))['id']);
      if (path === 'Groups') ids['roleId'] = roleId(displayName);
    }
    const operations = new Client('/keymanager-operations', () => admin.basic);
    const client = await made(operations, 'POST /dcr/register', {
      body: { client_name: population.named('dcr'), redirect_uris: ['https://example.com/back'], grant_types: ['client_credentials'] },
    });
    ids[`clientId${number}`] = String(client['client_id']);
    ids['clientSecret'] = String(client['client_secret']);
    const path = { clientId: ids[`clientId${number}`] ?? '' };
    const secret = await made(operations, 'POST /dcr/register/{clientId}/generate-secret', { path, body: {} });
    ids[`clientSecretId${number}`] = String(secret['id']);
  }

  async ofDevelopers(): Promise<void> {
    const { population, ids } = this;
    const { devportal } = population;
    const path = ids;
    const key = await made(devportal, 'GET /applications/{applicationId}/oauth-keys/{keyMappingId}', { path });
    ids['consumerKey'] = String(key['consumerKey']);
    const secret = await made(devportal, 'POST /applications/{applicationId}/oauth-keys/{keyMappingId}/generate-secret', {
      path,
      body: { additionalProperties: { description: 'second' } },
    });
    ids['secretId'] = String(secret['secretId']);
    ids['consumerSecret'] = String(secret['secretValue']);
    ids['oneTimeToken'] = await given.applicationToken({
      ...{ keyMappingId: '', consumerKey: ids['consumerKey'], consumerSecret: ids['consumerSecret'] },
    });
    const other = await made(devportal, 'POST /applications/{applicationId}/generate-keys', {
      path: { applicationId: ids['subscribedApplicationId'] ?? '' },
      body: { keyType: 'PRODUCTION', grantTypesToBeSupported: ['client_credentials'] },
    });
    ids['otherKeyMappingId'] = String(other['keyMappingId']);
    ids['spareApplicationId'] = await population.application();
    ids['applicationName'] = String((await made(devportal, 'GET /applications/{applicationId}', { path }))['name']);
    const issued = await made(devportal, 'POST /applications/{applicationId}/api-keys/{keyType}/generate', {
      path,
      body: { keyName: population.named('k'), validityPeriod: 3600 },
    });
    this.secrets.push(String(issued['apikey']));
    const ofApplication = await made(devportal, 'GET /applications/{applicationId}/api-keys/{keyType}', { path });
    ids['applicationKeyId'] = firstOf(ofApplication['list'], 'keyUUID');
    for (const id of ['apiKeyId', 'revokedKeyId']) {
      const keyName = population.named('k');
      await made(devportal, 'POST /apis/{apiId}/api-keys/generate', { path, body: { keyName, keyType: 'PRODUCTION', validityPeriod: 60 } });
      const { list } = await made(devportal, 'GET /apis/{apiId}/api-keys', { path });
      const own = (list as readonly Body[]).find((each) => each['keyName'] === keyName); // as the contract has it
      ids[id] = String(own?.['keyUUID']);
    }
    await this.ofPayers();
    await made(devportal, 'PUT /apis/{apiId}/user-rating', { path, body: { rating: 4 } });
  }

  /** An API that is paid for, and the business plan. */
  private async ofPayers(): Promise<void> {
    const { population, ids } = this;
    const policyName = population.named('paid');
    const requestCount = { timeUnit: 'min', unitTime: 1, requestCount: 1000 };
    const properties = { fixedPrice: '19.90', currencyType: 'CHF', billingCycle: 'month' };
    await made(population.admin, 'POST /throttling/policies/subscription', {
      body: {
        ...{ policyName, defaultLimit: { type: 'REQUESTCOUNTLIMIT', requestCount }, stopOnQuotaReach: true },
        ...{ billingPlan: 'COMMERCIAL', monetization: { monetizationPlan: 'FIXEDRATE', properties } },
      },
    });
    ids['openApiId'] = await population.api([population.named('tag')], { visibleOrganizations: ['all'] });
    ids['privateApiId'] = await population.api([], { visibility: 'PRIVATE', visibleOrganizations: ['all'] });
    ids['restrictedApiId'] = await population.api([], { visibility: 'RESTRICTED', visibleRoles: ['admin'], visibleOrganizations: ['all'] });
    ids['paidPlan'] = policyName;
    ids['paidApiId'] = await population.api([], { policies: [policyName] });
    await made(population.publisher, 'POST /apis/{apiId}/monetize', {
      path: { apiId: ids['paidApiId'] },
      body: { enabled: true, properties: { ConnectedAccountKey: population.named('acct') } },
    });
    const subscription = { apiId: ids['paidApiId'], applicationId: ids['applicationId'], throttlingPolicy: policyName };
    ids['paidSubscriptionId'] = String((await made(population.devportal, 'POST /subscriptions', { body: subscription }))['subscriptionId']);
  }

  /** An API that every gateway is known to serve. */
  async ofGateways(): Promise<void> {
    const { population, ids } = this;
    const { publisher } = population;
    const path = { apiId: ids['sequenceApiId'] ?? '' };
    const { id } = await made(publisher, 'POST /apis/{apiId}/revisions', { path, body: {} });
    await made(publisher, 'POST /apis/{apiId}/deploy-revision', { path, query: { revisionId: String(id) }, body: DEFAULT });
    ids['servedApiName'] = String((await made(publisher, 'GET /apis/{apiId}', { path }))['name']);
    const query = { apiName: ids['servedApiName'], version: '1.0.0' };
    await eventually(
      () => this.admin.gatewayRest('GET /api-artifact', { query }),
      ({ status }) => status === 200,
    );
  }

  /** Something waits for every kind of decision that operations with an id are about. */
  async ofApprovers(): Promise<void> {
    const { admin, population, ids } = this;
    const { publisher, devportal } = population;
    const [waiting, redeployed] = [await population.api(), await population.api()];
    const changed = { throttlingPolicy: 'Unlimited', apiId: ids['openApiId'], applicationId: ids['applicationId'] };
    ids['changedSubscriptionId'] = String((await made(devportal, 'POST /subscriptions', { body: changed }))['subscriptionId']);
    const config = await tenantConfig(admin);
    const approval = { executor: 'approval' };
    await configure(admin, {
      ...config,
      Workflows: {
        SubscriptionCreation: approval,
        SubscriptionUpdate: approval,
        ApplicationUpdate: approval,
        APIRevisionDeployment: approval,
        APIStateChange: { ...approval, stateList: 'Published:Block' },
      },
    });
    const subscription = { throttlingPolicy: 'Unlimited', apiId: waiting, applicationId: ids['applicationId'] };
    await made(devportal, 'POST /subscriptions', { body: subscription });
    await made(devportal, 'PUT /subscriptions/{subscriptionId}', {
      path: { subscriptionId: ids['changedSubscriptionId'] },
      body: { ...changed, status: 'UNBLOCKED', requestedThrottlingPolicy: 'Gold' },
    });
    for (const id of ['changedApplicationId', 'decidedApplicationId']) {
      const path = { applicationId: await population.application() };
      ids[id] = path.applicationId;
      const application = await made(devportal, 'GET /applications/{applicationId}', { path });
      await made(devportal, 'PUT /applications/{applicationId}', { path, body: { ...application, description: ids['name'] } });
    }
    await made(publisher, 'POST /apis/change-lifecycle', { query: { apiId: waiting, action: 'Block' } });
    ids['waitingApiId'] = waiting;
    ids['redeployedApiId'] = redeployed;
    const { id: revisionId } = await made(publisher, 'POST /apis/{apiId}/revisions', { path: { apiId: redeployed }, body: {} });
    ids['waitingRevisionId'] = String(revisionId);
    await made(publisher, 'POST /apis/{apiId}/deploy-revision', {
      path: { apiId: redeployed },
      query: { revisionId: String(revisionId) },
      body: DEFAULT,
    });
    const { list } = await made(population.admin, 'GET /workflows', { query: { workflowType: 'AM_SUBSCRIPTION_CREATION' } });
    ids['externalWorkflowRef'] = firstOf(list, 'referenceId');
    const { list: changes } = await made(population.admin, 'GET /workflows', { query: { workflowType: 'AM_APPLICATION_UPDATE' } });
    ids['applicationWorkflowRef'] = lastOf(changes, 'referenceId');
    expected(await admin.admin('PUT /tenant-config', { body: config }), 200);
  }
}

const lastOf = (list: unknown, property: string): string => String((list as readonly Body[]).at(-1)?.[property]); // the same
const firstOf = (list: unknown, property: string): string => String((list as readonly Body[])[0]?.[property]); // a list of an API
