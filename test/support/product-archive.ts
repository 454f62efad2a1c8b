import type { ArchiveContents } from './archives.js';
import { png } from './pictures.js';

export interface ProductApi {
  readonly name: string;
  /** Its owner; `admin` unless given. */
  readonly provider?: string;
  readonly status?: string;
  /** Lines that end `data` of `api.yaml`. */
  readonly further?: string;
}

/** An API as the product packs it: its order of properties, its extensions, its folders. `root` is the archive's folder. */
export const productArchive = ({ name, provider = 'admin', status = 'PUBLISHED', further = '' }: ProductApi): ArchiveContents => {
  const root = `${name}-1.0.0`;
  return {
    [`${root}/api.yaml`]: apiYaml(name, provider, status, further),
    [`${root}/api_meta.yaml`]: `name: ${name}\nversion: 1.0.0\ndeploy:\n  import:\n    update: true\n    preserveProvider: true\n    rotateRevision: true\n`,
    [`${root}/deployment_environments.yaml`]: DEPLOYMENT,
    [`${root}/Definitions/swagger.yaml`]: swaggerYaml(name),
    [`${root}/Docs/How to order/document.yaml`]: documentYaml('How to order', 'HOWTO', 'INLINE', 'null'),
    [`${root}/Docs/How to order/How to order`]: 'Call POST /order.',
    [`${root}/Docs/Menu/document.yaml`]: documentYaml('Menu', 'SAMPLES', 'FILE', 'menu.pdf'),
    [`${root}/Docs/Menu/menu.pdf`]: '%PDF-1.4',
    [`${root}/Image/icon.png`]: png(),
    [`${root}/Policies/addHeader_v1.yaml`]: POLICY,
    [`${root}/Policies/addHeader_v1.j2`]: '<property name="{{headerName}}" value="{{headerValue}}" scope="transport"/>\n',
  };
};

const apiYaml = (name: string, provider: string, status: string, further: string): string => `type: api
version: v4.7.0
data:
  id: 5a2b2f9c-2f0f-4bd5-9a1f-5b62f77b1f3e
  name: ${name}
  displayName: ${name}
  description: Orders pizza.
  context: /${name.toLowerCase()}
  version: 1.0.0
  provider: ${provider}
  lifeCycleStatus: ${status}
  responseCachingEnabled: false
  cacheTimeout: 300
  hasThumbnail: true
  isDefaultVersion: false
  isRevision: true
  revisionedApiId: 1c2b2f9c-2f0f-4bd5-9a1f-5b62f77b1f3e
  revisionId: 3
  enableSchemaValidation: false
  enableSubscriberVerification: false
  type: HTTP
  transport:
    - http
    - https
  tags:
    - pizza
  policies:
    - Unlimited
  apiThrottlingPolicy: Unlimited
  authorizationHeader: Authorization
  apiKeyHeader: ApiKey
  securityScheme:
    - oauth2
    - oauth_basic_auth_api_key_mandatory
  visibility: PUBLIC
  visibleRoles: []
  visibleTenants: []
  visibleOrganizations:
    - none
  mediationPolicies: []
  subscriptionAvailability: CURRENT_TENANT
  subscriptionAvailableTenants: []
  additionalProperties: []
  additionalPropertiesMap: {}
  accessControl: NONE
  accessControlRoles: []
  businessInformation:
    businessOwner: Jane Roe
    businessOwnerEmail: marketing@pizza.example
  corsConfiguration:
    corsConfigurationEnabled: false
    accessControlAllowOrigins:
      - "*"
    accessControlAllowCredentials: false
    accessControlAllowHeaders:
      - authorization
    accessControlAllowMethods:
      - GET
  websubSubscriptionConfiguration:
    enable: false
    secret: ""
    signingAlgorithm: SHA1
    signatureHeader: x-hub-signature
  createdTime: 1700000000000
  lastUpdatedTimestamp: "1700000000000"
  lastUpdatedTime: 2023-11-14 22:13:20.0
  endpointConfig:
    endpoint_type: http
    sandbox_endpoints:
      url: http://127.0.0.1:9
    production_endpoints:
      url: http://127.0.0.1:9
  endpointImplementationType: ENDPOINT
  scopes: []
  operations:
    - id: ""
      target: /menu
      verb: GET
      authType: Application & Application User
      throttlingPolicy: Unlimited
      scopes: []
      usedProductIds: []
      operationPolicies:
        request: []
        response: []
        fault: []
  threatProtectionPolicies: null
  categories: []
  keyManagers:
    - all
  advertiseInfo:
    advertised: false
    apiOwner: ${provider}
    vendor: WSO2
  gatewayVendor: wso2
  gatewayType: wso2/synapse
  asyncTransportProtocols: []
${further}`;

const DEPLOYMENT = `type: deployment_environments
version: v4.3.0
data:
  - displayOnDevportal: true
    deploymentEnvironment: Default
    deploymentVhost: localhost
`;

const swaggerYaml = (name: string): string => `openapi: 3.0.1
info:
  title: ${name}
  version: 1.0.0
servers:
  - url: /
security:
  - default: []
paths:
  /order:
    post:
      summary: Orders one
      responses:
        "201":
          description: Created.
      security:
        - default: []
      x-auth-type: Application & Application User
      x-throttling-tier: Unlimited
      x-wso2-application-security:
        security-types:
          - oauth2
        optional: false
  /menu:
    get:
      responses:
        "200":
          description: OK.
      security:
        - default: []
      x-auth-type: None
      x-throttling-tier: Unlimited
components:
  securitySchemes:
    default:
      type: oauth2
      flows:
        implicit:
          authorizationUrl: https://test.com
          scopes: {}
x-wso2-auth-header: Authorization
x-wso2-cors:
  corsConfigurationEnabled: false
x-wso2-production-endpoints:
  urls:
    - http://127.0.0.1:9
  type: http
x-wso2-basePath: /${name.toLowerCase()}/1.0.0
x-wso2-transports:
  - http
  - https
x-wso2-response-cache:
  enabled: false
  cacheTimeoutInSeconds: 300
`;

const documentYaml = (name: string, type: string, sourceType: string, fileName: string): string => `type: document
version: v4.7.0
data:
  documentId: 0d2b2f9c-2f0f-4bd5-9a1f-5b62f77b1f3e
  name: ${name}
  type: ${type}
  summary: About ${name}
  sourceType: ${sourceType}
  sourceUrl: ""
  fileName: ${fileName}
  inlineContent: null
  otherTypeName: null
  visibility: API_LEVEL
  createdTime: "1700000000000"
  createdBy: admin
  lastUpdatedTime: "1700000000000"
  lastUpdatedBy: admin
`;

const POLICY = `type: operation_policy_specification
version: v4.7.0
data:
  category: Mediation
  name: addHeader
  version: v1
  displayName: Add Header
  description: Adds a header.
  policyAttributes: []
  applicableFlows:
    - request
  supportedGateways:
    - Synapse
  supportedApiTypes:
    - HTTP
`;
