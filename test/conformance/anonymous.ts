/**
 * What answers without any credential (contracts/NOTES.md, "Anonymous operations"): in the developer portal whatever reads public APIs, and the
 * settings of the portals.
 */
const ARTIFACT = [
  'GET /',
  'GET /{id}',
  'GET /{id}/thumbnail',
  'GET /{id}/documents',
  'GET /{id}/documents/{documentId}',
  'GET /{id}/documents/{documentId}/content',
  'GET /{id}/ratings',
  'GET /{id}/comments',
  'GET /{id}/comments/{commentId}',
  'GET /{id}/subscription-policies',
];

const below = (collection: string, id: string) =>
  ARTIFACT.map((operation) => {
    const [method, path = ''] = operation.split(' ');
    return `devportal-v3 ${method} ${collection}${path === '/' ? '' : path.replace('{id}', `{${id}}`)}`;
  });

const ANONYMOUS: ReadonlySet<string> = new Set([
  ...below('/apis', 'apiId'),
  ...below('/mcp-servers', 'mcpServerId'),
  ...[
    'GET /apis/{apiId}/swagger',
    'GET /apis/{apiId}/async-api-specification',
    'GET /apis/{apiId}/graphql-schema',
    'GET /apis/{apiId}/wsdl',
    'GET /apis/{apiId}/topics',
    'GET /apis/{apiId}/graphql-policies/complexity',
    'GET /apis/{apiId}/graphql-policies/complexity/types',
    'POST /apis/{apiId}/generate-definition-url',
    'GET /throttling-policies/{policyLevel}',
    'GET /throttling-policies/{policyLevel}/{policyId}',
    'GET /tags',
    'GET /search',
    'GET /tenants',
    'GET /api-categories',
    'GET /marketplace-assistant/api-count',
    'POST /marketplace-assistant/chat',
    'GET /settings',
  ].map((operation) => `devportal-v3 ${operation}`),
  'publisher-v4 GET /settings',
  'admin-v4 GET /settings',
  'service-catalog-v1 GET /settings',
  'gateway-v2 GET /server-startup-healthcheck',
]);

/** Whether the operation (`<contract> <METHOD> <path>`) answers without a credential. */
export const isAnonymous = (operation: string): boolean => ANONYMOUS.has(operation);
