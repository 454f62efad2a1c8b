import { certificate, upload } from '../support/certificates.js';
import { type Answer, type Body, Client, type RequestOptions } from '../support/client.js';
import { unique } from '../support/unique.js';
import type { Cli } from './cli.js';

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

/** A server of its own and everything there can be lists of. */
export class Population {
  readonly publisher: Client;
  readonly devportal: Client;
  readonly admin: Client;
  readonly gatehouse: Client;
  readonly metrics: Client;
  readonly tenants: Client;
  /** What stands in the paths of lists that are of something. */
  readonly ids: Record<string, string> = { keyType: 'PRODUCTION', policyLevel: 'subscription', alias: 'none' };

  constructor(server: Cli) {
    const client = (base: string) => new Client(base, () => ADMIN, server.management);
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
    const name = unique('n');
    const label = await made(admin, 'POST /labels', { body: { name, description: '' } });
    await made(admin, 'POST /api-categories', { body: { name, description: '' } });
    await made(admin, 'POST /organizations', { body: { externalOrganizationId: name, displayName: name } });
    await made(admin, 'POST /environments', { body: { name, vhosts: [{ host: 'a.example' }] } });
    await made(admin, 'POST /gateways', {
      body: {
        name: `${name}-g`,
        displayName: name,
        vhost: `https://${name}.test`,
        properties: { gatewayController: { enabled: true, version: '1.0.0' } },
      },
    });
    await made(admin, 'POST /alert-subscriptions/bot-detection', { body: { email: `${name}@b.test` } });
    await made(admin, 'POST /throttling/policies/application', { body: { policyName: name, defaultLimit: quota } });
    await made(admin, 'POST /throttling/policies/subscription', { body: { policyName: name, defaultLimit: quota } });
    await made(admin, 'POST /throttling/policies/advanced', { body: { policyName: name, defaultLimit: quota } });
    await made(admin, 'POST /throttling/deny-policies', {
      body: { conditionType: 'USER', conditionValue: name, conditionStatus: false },
    });
    await made(admin, 'POST /throttling/policies/custom', { body: customRule(name) });
    await this.keyManager();
    await made(admin, 'POST /global-key-managers', { body: { name, type: 'CustomKeyManager', issuer: `https://${name}.test/` } });
    await this.product();
    const api = await this.api([name]);
    const path = ids;
    await made(publisher, 'POST /apis/{apiId}/attach-labels', { path, body: { labels: [label['id']] } });
    const { id: revisionId } = await made(publisher, 'POST /apis/{apiId}/revisions', { path, body: {} });
    await made(publisher, 'POST /apis/{apiId}/deploy-revision', {
      path,
      query: { revisionId: String(revisionId) },
      body: [{ name, vhost: 'a.example', displayOnDevportal: true }],
    });
    // Waits for an approval.
    await made(publisher, 'POST /apis/change-lifecycle', { query: { apiId: api, action: 'Block' } });
    await made(publisher, 'POST /api-products/{apiProductId}/revisions', { path, body: {} });
    const document = { name, type: 'HOWTO', summary: 's', sourceType: 'INLINE', visibility: 'API_LEVEL' };
    await made(publisher, 'POST /apis/{apiId}/documents', { path, body: document });
    await made(publisher, 'POST /api-products/{apiProductId}/documents', { path, body: document });
    await made(publisher, 'POST /apis/{apiId}/endpoints', { path, body: { name, deploymentStage: 'PRODUCTION', endpointConfig } });
    await made(publisher, 'POST /scopes', { body: { name, displayName: name, description: '', bindings: ['admin'] } });
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
    const owner = {
      username: 'admin',
      password: 'Secret12',
      email: 'a@b.test',
      firstname: 'A',
      lastname: 'B',
      provisioningMethod: 'inline-password',
    };
    await made(this.tenants, 'POST /tenants', { body: { name, domain: `${name}.test`, owners: [owner] } });
    const applicationId = await this.application();
    const subscription = { throttlingPolicy: 'Unlimited' };
    const subscribed = { ...subscription, apiId: api, applicationId: ids['applicationId'] };
    const { subscriptionId } = await made(devportal, 'POST /subscriptions', { body: subscribed });
    // Waits for an approval.
    await made(devportal, 'PUT /subscriptions/{subscriptionId}', {
      path: { subscriptionId: String(subscriptionId) },
      body: { ...subscribed, status: 'UNBLOCKED', requestedThrottlingPolicy: 'Gold' },
    });
    await made(devportal, 'POST /subscriptions', { body: { ...subscription, apiId: ids['apiId'], applicationId } });
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

  private async api(tags: readonly string[] = []): Promise<string> {
    const name = unique('Api');
    const body = { name, context: `/${name}`, version: '1.0.0', policies: ['Unlimited', 'Gold'], tags, endpointConfig };
    const { id } = await made(this.publisher, 'POST /apis', { body });
    await made(this.publisher, 'POST /apis/change-lifecycle', { query: { apiId: String(id), action: 'Publish' } });
    return String(id);
  }

  private async product(): Promise<string> {
    const name = unique('Product');
    const apis = [{ apiId: this.ids['apiId'], operations: [{ verb: 'GET', target: '/*' }] }];
    const body = { name, context: `/${name}`, version: '1.0.0', policies: ['Unlimited'], apis };
    return String((await made(this.publisher, 'POST /api-products', { body }))['id']);
  }

  private async application(): Promise<string> {
    const body = { name: unique('App'), throttlingPolicy: 'Unlimited' };
    return String((await made(this.devportal, 'POST /applications', { body }))['applicationId']);
  }

  private async keyManager(): Promise<string> {
    const address = 'https://idp.test/x';
    const body = {
      ...{ name: unique('Idp'), type: 'CustomKeyManager', enabled: false, issuer: unique('https://idp.test/') },
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

const made = async (client: Client, operation: string, options: RequestOptions): Promise<Body> => {
  const answer: Answer = await client.request(operation, options);
  if (answer.status >= 300) throw new Error(`${operation}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
};
