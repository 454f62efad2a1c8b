import { calculatorWsdl } from '../../src/apis/wsdl/wsdl.fixture.js';
import { certificate, upload } from '../support/certificates.js';
import { png } from '../support/pictures.js';
import { policyData, policyForm } from '../support/policies.js';
import { unique } from '../support/unique.js';
import { type Ids, theme } from './furnished-tenant.js';
import { ORGANIZATION, OWN_ONLY, of, type Table, TEXT_ONLY } from './matrix.js';

const picture = () => ({ form: { file: { file: png(), name: 'picture.png' } } });
const text = () => ({ form: { inlineContent: 'Other' } });
const document = () => ({ body: { name: unique('doc'), type: 'HOWTO', summary: 's', sourceType: 'INLINE', visibility: 'API_LEVEL' } });
const comment = () => ({ body: { content: 'Well', category: 'general' } });
const address = { url: 'http://127.0.0.1:9' };
const endpointConfig = { endpoint_type: 'http', production_endpoints: address, sandbox_endpoints: address };
const deployment = (name = 'Default', vhost = 'localhost') => [{ name, vhost, displayOnDevportal: true }];
const pem = async () => ({ certificate: upload(await certificate()) });
const sequence = { file: '<loopback/>', name: 'backend.xml', type: 'application/xml' };
const definition = {
  openapi: '3.0.1',
  info: { title: 'x', version: '1' },
  paths: { '/*': { get: { responses: { 200: { description: '' } } } } },
};
const aliased = { path: { alias: 'endpointAlias' } };
const ofProduct = { path: { documentId: 'productDocumentId' } };
const revisionOfProduct = { path: { revisionId: 'productRevisionId' } };
const inSandbox = { path: { keyType: 'sandboxType', alias: 'sandboxCertificate' } };

/** Answers an empty list for ids that nobody has (reference, publisher.md §5). */
const UNCHECKED = { isList: true };
/** 400 for an id of nobody's too, once there is an own theme. */
const apiTheme = { path: { id: 'apiThemeId' }, refused: [400, 404] };
const hidden = { refused: [401] };

/** Operations on what belongs to an API. */
const APIS: Table = {
  'GET /apis/{apiId}/wsdl': { path: { apiId: 'soapApiId' } },
  'GET /apis/{apiId}/wsdl-info': { path: { apiId: 'soapApiId' } },
  'GET /apis/{apiId}/sequence-backend': { path: { apiId: 'sequenceApiId' } },
  'GET /apis/{apiId}/sequence-backend/{type}/content': { path: { apiId: 'sequenceApiId' } },
  'DELETE /apis/{apiId}/sequence-backend/{type}': { path: { apiId: 'sequenceApiId' } },
  'GET /apis/{apiId}/resource-policies': { path: { apiId: 'soapToRestApiId' }, with: () => ({ query: { sequenceType: 'in' } }) },
  'GET /apis/{apiId}/resource-policies/{resourcePolicyId}': { path: { apiId: 'soapToRestApiId' } },
  'PUT /apis/{apiId}/resource-policies/{resourcePolicyId}': {
    path: { apiId: 'soapToRestApiId' },
    with: () => ({ body: { content: '<log/>' } }),
  },
  'GET /apis/{apiId}/revisions': UNCHECKED,
  'GET /apis/{apiId}/amznResourceNames': { own: [400, 'the API does not lead to AWS'] },
  'GET /apis/export': { with: (its) => ({ query: { apiId: its['apiId'] } }) },
  'DELETE /apis/{apiId}': { path: { apiId: 'redeployedApiId' } },
  'POST /apis': OWN_ONLY,
  'POST /apis/import': OWN_ONLY,
  'POST /apis/import-openapi': OWN_ONLY,
  'POST /apis/import-wsdl': OWN_ONLY,
  'POST /apis/validate-openapi': TEXT_ONLY,
  'POST /apis/validate-wsdl': TEXT_ONLY,
  'POST /apis/validate': { with: (its) => ({ query: { query: `name:${its['apiName']}` } }) },
  'POST /apis/validate-endpoint': TEXT_ONLY,
  'POST /apis/copy-api': { with: (its) => ({ query: { apiId: its['apiId'], newVersion: unique('v') } }) },
  'PUT /apis/{apiId}/swagger': { with: () => ({ form: { apiDefinition: JSON.stringify(definition) } }) },
  'POST /apis/{apiId}/generate-mock-scripts': {},
  'PUT /apis/{apiId}/wsdl': {
    path: { apiId: 'soapApiId' },
    with: () => ({ form: { file: { file: calculatorWsdl('http://127.0.0.1:9/other'), name: 'a.wsdl', type: 'text/xml' } } }),
  },
  'POST /apis/{apiId}/publish-to-external-stores': { with: () => ({ query: { externalStoreIds: '' } }) },
  'POST /apis/{apiId}/revisions': { with: () => ({ body: { description: 'another' } }) },
  'POST /apis/{apiId}/deploy-revision': { mixes: [404], with: (its) => ({ query: { revisionId: its['revisionId'] }, body: deployment() }) },
  'PUT /apis/{apiId}/deployments/{deploymentId}': { with: () => ({ body: { vhost: 'a.example', displayOnDevportal: true } }) },
  'POST /apis/{apiId}/restore-revision': {
    path: { apiId: 'redeployedApiId' },
    mixes: [404],
    with: (its) => ({ query: { revisionId: its['waitingRevisionId'] } }),
  },
  'POST /apis/{apiId}/undeploy-revision': {
    mixes: [404],
    with: (its) => ({ query: { revisionId: its['revisionId'], allEnvironments: true }, body: deployment() }),
  },
  'DELETE /apis/{apiId}/cancel-revision-workflow/{revisionId}/{envName}': {
    path: { apiId: 'redeployedApiId', revisionId: 'waitingRevisionId' },
  },
  'DELETE /apis/{apiId}/lifecycle-state/pending-tasks': { path: { apiId: 'waitingApiId' } },
  'POST /apis/{apiId}/documents': { with: document },
  'POST /apis/{apiId}/documents/validate': { with: (its) => ({ query: { name: its['name'] } }) },
  'POST /apis/{apiId}/documents/{documentId}/content': { with: text },
  'PUT /apis/{apiId}/thumbnail': { with: picture },
  'POST /apis/{apiId}/comments': { with: comment },
  'PATCH /apis/{apiId}/comments/{commentId}': { with: () => ({ body: { content: 'Changed' } }) },
  'POST /apis/{apiId}/api-themes': { path: { apiId: 'sequenceApiId' }, with: async () => ({ form: { file: await theme() } }) },
  'GET /apis/{apiId}/api-themes/{id}/content': apiTheme,
  'POST /apis/{apiId}/api-themes/{id}/status': { ...apiTheme, with: () => ({ body: { action: 'PUBLISH' } }) },
  'DELETE /apis/{apiId}/api-themes/{id}': apiTheme,
  'POST /apis/{apiId}/generate-key': {},
  'POST /apis/{apiId}/attach-labels': { mixes: [400], with: (its) => ({ body: { labels: [its['labelId']] } }) },
  'POST /apis/{apiId}/detach-labels': { mixes: [400], with: (its) => ({ body: { labels: [its['labelId']] } }) },
  'POST /apis/{apiId}/operation-policies': { with: () => ({ form: policyForm(policyData()) }) },
  'GET /apis/{apiId}/operation-policies/{operationPolicyId}': { path: { operationPolicyId: 'apiPolicyId' } },
  'GET /apis/{apiId}/operation-policies/{operationPolicyId}/content': { path: { operationPolicyId: 'apiPolicyId' } },
  'DELETE /apis/{apiId}/operation-policies/{operationPolicyId}': { path: { operationPolicyId: 'apiPolicyId' } },
  'POST /apis/{apiId}/endpoints': { with: () => ({ body: { name: unique('e'), deploymentStage: 'SANDBOX', endpointConfig } }) },
  'GET /apis/{apiId}/environments/{envId}/keys': { path: { envId: 'ownEnvironmentId' } },
  'PUT /apis/{apiId}/environments/{envId}/keys': { path: { envId: 'ownEnvironmentId' } },
  'PUT /apis/{apiId}/sequence-backend': { with: () => ({ form: { sequence, type: 'SANDBOX' } }), path: { apiId: 'sequenceApiId' } },
  'GET /apis/{apiId}/revenue': { path: { apiId: 'paidApiId' } },
  'POST /apis/{apiId}/monetize': {
    with: () => ({ body: { enabled: false, properties: {} } }),
  },
  'POST /apis/change-lifecycle': { with: (its) => ({ query: { apiId: its['paidApiId'], action: 'Deprecate' } }) },
};

const CERTIFICATES: Table = {
  'POST /endpoint-certificates': OWN_ONLY,
  'GET /endpoint-certificates/{alias}': aliased,
  'GET /endpoint-certificates/{alias}/content': aliased,
  'GET /endpoint-certificates/{alias}/usage': aliased,
  'PUT /endpoint-certificates/{alias}': { ...aliased, with: async () => ({ form: await pem() }) },
  'DELETE /endpoint-certificates/{alias}': aliased,
  'POST /apis/{apiId}/client-certificates': { with: async () => ({ form: { ...(await pem()), alias: unique('c'), tier: 'Unlimited' } }) },
  'PUT /apis/{apiId}/client-certificates/{alias}': { ...aliased, with: () => ({ form: { tier: 'Unlimited' } }) },
  'GET /apis/{apiId}/client-certificates/{alias}': aliased,
  'GET /apis/{apiId}/client-certificates/{alias}/content': aliased,
  'DELETE /apis/{apiId}/client-certificates/{alias}': aliased,
  'POST /apis/{apiId}/client-certs/{keyType}': {
    with: async () => ({ form: { ...(await pem()), alias: unique('c'), tier: 'Unlimited' } }),
  },
  'PUT /apis/{apiId}/client-certs/{keyType}/{alias}': { ...inSandbox, with: () => ({ form: { tier: 'Unlimited' } }) },
  'GET /apis/{apiId}/client-certs/{keyType}/{alias}': inSandbox,
  'GET /apis/{apiId}/client-certs/{keyType}/{alias}/content': inSandbox,
  'DELETE /apis/{apiId}/client-certs/{keyType}/{alias}': inSandbox,
};

const productRevision = (its: Ids) => ({ query: { revisionId: its['productRevisionId'] } });

const PRODUCTS: Table = {
  'GET /api-products/export': { with: (its) => ({ query: { name: its['productName'], version: '1.0.0' } }) },
  'GET /api-products/{apiProductId}/revisions': UNCHECKED,
  'POST /api-products': OWN_ONLY,
  'POST /api-products/import': OWN_ONLY,
  'POST /api-products/copy-api-products': { with: (its) => ({ query: { apiProductId: its['apiProductId'], newVersion: unique('v') } }) },
  'POST /api-products/{apiProductId}/revisions': { with: () => ({ body: {} }) },
  'GET /api-products/{apiProductId}/revisions/{revisionId}': revisionOfProduct,
  'DELETE /api-products/{apiProductId}/revisions/{revisionId}': revisionOfProduct,
  'POST /api-products/{apiProductId}/deploy-revision': {
    mixes: [404],
    with: (its) => ({ ...productRevision(its), body: deployment(its['name'], 'a.example') }),
  },
  'PUT /api-products/{apiProductId}/deployments/{deploymentId}': {
    with: () => ({ body: { vhost: 'a.example', displayOnDevportal: true } }),
  },
  'POST /api-products/{apiProductId}/restore-revision': { mixes: [404], with: productRevision },
  'POST /api-products/{apiProductId}/undeploy-revision': {
    mixes: [404],
    with: (its) => ({ ...productRevision(its), body: deployment(its['name'], 'a.example') }),
  },
  'POST /api-products/{apiProductId}/documents': { with: document },
  'GET /api-products/{apiProductId}/documents/{documentId}': ofProduct,
  'GET /api-products/{apiProductId}/documents/{documentId}/content': ofProduct,
  'PUT /api-products/{apiProductId}/documents/{documentId}': ofProduct,
  'DELETE /api-products/{apiProductId}/documents/{documentId}': ofProduct,
  'POST /api-products/{apiProductId}/documents/{documentId}/content': { ...ofProduct, with: text },
  'PUT /api-products/{apiProductId}/thumbnail': { with: picture },
  'DELETE /api-products/{apiProductId}/lifecycle-state/pending-tasks': {},
  'POST /api-products/change-lifecycle': { with: (its) => ({ query: { apiProductId: its['apiProductId'], action: 'Demote to Created' } }) },
};

export const PUBLISHER: Table = of('publisher', {
  ...PRODUCTS,
  ...CERTIFICATES,
  'GET /throttling-policies/{policyLevel}/{policyName}': { path: { policyName: 'name' } },
  'GET /throttling-policies/streaming/subscription': {},
  'GET /subscriptions': { with: (its) => ({ query: { apiId: its['apiId'] } }) },
  'POST /subscriptions/block-subscription': {
    with: (its) => ({ query: { subscriptionId: its['subscriptionId'], blockState: 'BLOCKED' } }),
  },
  'POST /subscriptions/unblock-subscription': { with: (its) => ({ query: { subscriptionId: its['subscriptionId'] } }) },
  'POST /subscriptions/change-business-plan': {
    with: (its) => ({ query: { subscriptionId: its['subscriptionId'], businessPlan: 'Unlimited' } }),
  },
  'GET /workflows/{externalWorkflowRef}': hidden,
  'GET /subscriptions/{subscriptionId}/usage': { path: { subscriptionId: 'paidSubscriptionId' } },
  'POST /workflows/update-workflow-status': {
    ...hidden,
    with: (its) => ({ query: { workflowReferenceId: its['externalWorkflowRef'] }, body: { status: 'APPROVED' } }),
  },
  'POST /scopes': OWN_ONLY,
  'HEAD /scopes/{scopeId}': { path: { scopeId: 'scopeNameId' } },
  'GET /operation-policies/export': { with: (its) => ({ query: { name: its['operationPolicyName'], version: 'v1' } }) },
  'POST /operation-policies': OWN_ONLY,
  'POST /operation-policies/import': OWN_ONLY,
  'POST /gateway-policies': OWN_ONLY,
  'POST /gateway-policies/{gatewayPolicyMappingId}/deploy': {
    with: (its) => ({ body: [{ gatewayLabel: its['name'], gatewayDeployment: false }] }),
  },
  'HEAD /tenants/{tenantDomain}': 'which tenants there are is no secret: the portal lets visitors choose one',
  'GET /tenants': { tells: [['domain'], 'which tenants there are is no secret'], unmarked: 'tells domains only' },
  'GET /me/organization-information': ORGANIZATION,
  'HEAD /me/roles/{roleId}': OWN_ONLY,
  'GET /search': { with: (its) => ({ query: { query: `${its['mark']}*` } }), isList: true },
  'POST /design-assistant/chat': TEXT_ONLY,
  'POST /design-assistant/generate-api-payload': TEXT_ONLY,
  ...APIS,
});
