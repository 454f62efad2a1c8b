import { certificate, upload } from '../support/certificates.js';
import { type Answer, type Body, Client, type Credential, type RequestOptions } from '../support/client.js';
import { unique } from '../support/unique.js';

const ADMIN = { basic: { username: 'admin', password: 'admin' } };
const ENDPOINT = { url: 'http://127.0.0.1:9' };
const endpointConfig = { endpoint_type: 'http', production_endpoints: ENDPOINT, sandbox_endpoints: ENDPOINT };
const quota = { type: 'REQUESTCOUNTLIMIT', requestCount: { timeUnit: 'min', unitTime: 1, requestCount: 5 } };

/** About a user that nobody is. */
const customRule = (policyName: string): Body => ({
  ...{ policyName, description: '', keyTemplate: '$userId' },
  siddhiQuery: `FROM RequestStream
SELECT userId, ( userId == '${policyName}@carbon.super' ) AS isEligible, str:concat('${policyName}@carbon.super','') as throttleKey
INSERT INTO EligibilityStream;
FROM EligibilityStream[isEligible==true]#throttler:timeBatch(1 min)
SELECT throttleKey, (count(userId) >= 5) as isThrottled, expiryTimeStamp group by throttleKey
INSERT ALL EVENTS into ResultStream;`,
});

/** Whose everything is; the super tenant's administrator's unless said otherwise. */
export interface PopulationOwner {
  readonly credential: () => Credential | Promise<Credential>;
  /** What only the super tenant has is left out. */
  readonly isTenant: boolean;
  /** What every name begins with. */
  readonly mark: string;
  /** Further properties of APIs. */
  readonly apis?: Body;
}

/** Everything there can be lists of. */
export class Population {
  readonly publisher: Client;
  readonly devportal: Client;
  readonly admin: Client;
  readonly gatehouse: Client;
  readonly metrics: Client;
  readonly tenants: Client;
  /** What stands in the paths of lists that are of something, and of what was made last. */
  readonly ids: Record<string, string> = { keyType: 'PRODUCTION', policyLevel: 'subscription', alias: 'none' };

  constructor(
    server: { readonly management: string },
    private readonly owner: PopulationOwner = { credential: () => ADMIN, isTenant: false, mark: '' },
  ) {
    const client = (base: string) => new Client(base, owner.credential, server.management);
    this.publisher = client('/api/am/publisher/v4');
    this.devportal = client('/api/am/devportal/v3');
    this.admin = client('/api/am/admin/v4');
    this.gatehouse = client('/api/gatehouse/v1');
    this.metrics = client('');
    this.tenants = client('/api/server/v1');
  }

  /** What the lists belong to. */
  async begin(): Promise<void> {
    this.ids['apiId'] = await this.api();
    this.ids['apiProductId'] = await this.product();
    this.ids['applicationId'] = await this.application();
    this.ids['keyManagerId'] = await this.keyManager();
    this.ids['commentId'] = await this.comment({});
    const keys = await made(this.devportal, 'POST /applications/{applicationId}/generate-keys', {
      path: this.ids,
      body: { keyType: 'PRODUCTION', grantTypesToBeSupported: ['client_credentials'] },
    });
    this.ids['keyMappingId'] = String(keys['keyMappingId']);
    const { list: environments } = (await this.admin.request<{ list: readonly { id: string }[] }>('GET /environments')).body;
    this.ids['environmentId'] = String(environments[0]?.id);
    await this.grow();
  }

  /** One more of everything. */
  async grow(): Promise<void> {
    const { publisher, devportal, admin, ids } = this;
    const name = this.named('n');
    ids['name'] = name;
    ids['labelId'] = idOf(await made(admin, 'POST /labels', { body: { name, description: '' } }));
    ids['apiCategoryId'] = idOf(await made(admin, 'POST /api-categories', { body: { name, description: '' } }));
    const organization = await made(admin, 'POST /organizations', { body: { externalOrganizationId: name, displayName: name } });
    ids['organizationId'] = idOf(organization, 'organizationId');
    ids['ownEnvironmentId'] = idOf(await made(admin, 'POST /environments', { body: { name, vhosts: [{ host: 'a.example' }] } }));
    const gateway = await made(admin, 'POST /gateways', {
      body: {
        name: `${name}-g`,
        displayName: name,
        vhost: `https://${name}.test`,
        properties: { gatewayController: { enabled: true, version: '1.0.0' } },
      },
    });
    ids['gatewayId'] = idOf(gateway);
    const alerts = await made(admin, 'POST /alert-subscriptions/bot-detection', { body: { email: `${name}@b.test` } });
    ids['alertId'] = idOf(alerts, 'uuid');
    for (const level of ['application', 'subscription', 'advanced'] as const) {
      const policy = await made(admin, `POST /throttling/policies/${level}`, { body: { policyName: name, defaultLimit: quota } });
      ids[`${level}PolicyId`] = idOf(policy, 'policyId');
    }
    const deny = await made(admin, 'POST /throttling/deny-policies', {
      body: { conditionType: 'USER', conditionValue: this.owner.isTenant ? `${name}@${ids['domain']}` : name, conditionStatus: false },
    });
    ids['conditionId'] = idOf(deny, 'conditionId');
    await this.keyManager();
    await this.product();
    const api = await this.api([name]);
    const path = ids;
    await made(publisher, 'POST /apis/{apiId}/attach-labels', { path, body: { labels: [ids['labelId']] } });
    ids['revisionId'] = idOf(await made(publisher, 'POST /apis/{apiId}/revisions', { path, body: {} }));
    await made(publisher, 'POST /apis/{apiId}/deploy-revision', {
      path,
      query: { revisionId: ids['revisionId'] },
      body: [{ name, vhost: 'a.example', displayOnDevportal: true }],
    });
    // Waits for an approval.
    await made(publisher, 'POST /apis/change-lifecycle', { query: { apiId: api, action: 'Block' } });
    ids['productRevisionId'] = idOf(await made(publisher, 'POST /api-products/{apiProductId}/revisions', { path, body: {} }));
    const document = { name, type: 'HOWTO', summary: 's', sourceType: 'INLINE', visibility: 'API_LEVEL' };
    ids['documentId'] = idOf(await made(publisher, 'POST /apis/{apiId}/documents', { path, body: document }), 'documentId');
    const ofProduct = await made(publisher, 'POST /api-products/{apiProductId}/documents', { path, body: document });
    ids['productDocumentId'] = idOf(ofProduct, 'documentId');
    const endpoint = { name, deploymentStage: 'PRODUCTION', endpointConfig };
    ids['endpointId'] = idOf(await made(publisher, 'POST /apis/{apiId}/endpoints', { path, body: endpoint }));
    const scope = { name, displayName: name, description: '', bindings: ['admin'] };
    ids['scopeId'] = idOf(await made(publisher, 'POST /scopes', { body: scope }));
    await this.comment({});
    await this.comment({ replyTo: ids['commentId'] });
    const pem = await certificate(name);
    await made(publisher, 'POST /endpoint-certificates', {
      form: { certificate: upload(pem), alias: name, endpoint: `https://${name}.test` },
    });
    await made(publisher, 'POST /apis/{apiId}/client-certs/{keyType}', {
      path,
      form: { certificate: upload(pem), alias: name, tier: 'Unlimited' },
    });
    if (!this.owner.isTenant) await this.growServer(name);
    const applicationId = await this.application();
    const subscription = { throttlingPolicy: 'Unlimited' };
    const changed = { ...subscription, apiId: api, applicationId: ids['applicationId'] };
    const { subscriptionId } = await made(devportal, 'POST /subscriptions', { body: changed });
    // Waits for an approval.
    await made(devportal, 'PUT /subscriptions/{subscriptionId}', {
      path: { subscriptionId: String(subscriptionId) },
      body: { ...changed, status: 'UNBLOCKED', requestedThrottlingPolicy: 'Gold' },
    });
    const subscribed = await made(devportal, 'POST /subscriptions', { body: { ...subscription, apiId: ids['apiId'], applicationId } });
    ids['subscriptionId'] = idOf(subscribed, 'subscriptionId');
    ids['subscribedApplicationId'] = applicationId;
    await made(devportal, 'POST /applications/{applicationId}/api-keys/{keyType}/generate', {
      path,
      body: { keyName: name, validityPeriod: 3600, additionalProperties: {} },
    });
    for (const apiId of [ids['apiId'] ?? '', api]) {
      const body = { keyName: name, keyType: 'PRODUCTION', validityPeriod: 3600 };
      await made(devportal, 'POST /apis/{apiId}/api-keys/generate', { path: { apiId }, body });
    }
    const { list } = await made(devportal, 'GET /apis/{apiId}/api-keys', { path: { apiId: api } });
    const [key] = list as readonly { readonly keyUUID: string }[]; // as the contract has it
    const association = { keyUUID: key?.keyUUID, applicationUUID: ids['applicationId'] };
    await made(devportal, 'POST /apis/{apiId}/api-keys/associate', { path: { apiId: api }, body: association });
  }

  /** What the super tenant alone has. */
  private async growServer(name: string): Promise<void> {
    await made(this.admin, 'POST /throttling/policies/custom', { body: customRule(name) });
    await made(this.admin, 'POST /global-key-managers', { body: { name, type: 'CustomKeyManager', issuer: `https://${name}.test/` } });
    const owner = {
      username: 'admin',
      password: 'Secret12',
      email: 'a@b.test',
      firstname: 'A',
      lastname: 'B',
      provisioningMethod: 'inline-password',
    };
    await made(this.tenants, 'POST /tenants', { body: { name, domain: `${name}.test`, owners: [owner] } });
  }

  /** A name that nobody else has. */
  named(word: string): string {
    return unique(this.owner.mark + word);
  }

  async api(tags: readonly string[] = [], further: Body = {}): Promise<string> {
    const name = this.named('Api');
    const body = {
      name,
      context: `/${name}`,
      version: '1.0.0',
      policies: ['Unlimited', 'Gold'],
      tags,
      endpointConfig,
      ...this.owner.apis,
      ...further,
    };
    const { id } = await made(this.publisher, 'POST /apis', { body });
    await made(this.publisher, 'POST /apis/change-lifecycle', { query: { apiId: String(id), action: 'Publish' } });
    return String(id);
  }

  async product(): Promise<string> {
    const name = this.named('Product');
    const apis = [{ apiId: this.ids['apiId'], operations: [{ verb: 'GET', target: '/*' }] }];
    const body = { name, context: `/${name}`, version: '1.0.0', policies: ['Unlimited'], apis };
    return String((await made(this.publisher, 'POST /api-products', { body }))['id']);
  }

  async application(): Promise<string> {
    const body = { name: this.named('App'), throttlingPolicy: 'Unlimited' };
    return String((await made(this.devportal, 'POST /applications', { body }))['applicationId']);
  }

  private async keyManager(): Promise<string> {
    const address = 'https://idp.test/x';
    const body = {
      ...{ name: this.named('Idp'), type: 'CustomKeyManager', enabled: false, issuer: unique('https://idp.test/') },
      ...{ clientRegistrationEndpoint: address, introspectionEndpoint: address, tokenEndpoint: address, revokeEndpoint: address },
    };
    return String((await made(this.admin, 'POST /key-managers', { body }))['id']);
  }

  private async comment(query: RequestOptions['query']): Promise<string> {
    const answer = await made(this.publisher, 'POST /apis/{apiId}/comments', {
      path: this.ids,
      query,
      body: { content: 'c', category: 'general' },
    });
    return String(answer['id']);
  }
}

const idOf = (body: Body, property = 'id'): string => String(body[property]);

/** The body of the answer. @throws Error for any status but a success. */
export const made = async (client: Client, operation: string, options: RequestOptions): Promise<Body> => {
  const answer: Answer = await client.request(operation, options);
  if (answer.status >= 300) throw new Error(`${operation}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
};
