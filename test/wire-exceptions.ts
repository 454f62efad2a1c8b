/** One place where the product answers otherwise than its contract; the reference wins over the contract. */
export interface WireException {
  /** `<contract> <METHOD> <path>` of every operation concerned. */
  readonly operations: readonly string[];
  readonly differs: Difference;
  /** Where the behaviour is written down. */
  readonly reference: string;
}

/**
 * What differs. `instead`: the success status is this one, with the body of status `of`. `also`: a further status, answered under a
 * condition only, without a body or with that of status `of`. `body`: successful answers depart from the schema at this JSON pointer
 * (`*` stands for one index or key). `unshaped`: refusals of this status may be plain text or empty instead of an error object. `refusal`: error objects depart from the schema at this JSON
 * pointer. `document`: the served document says this although the contract does not; the text of the deviation.
 */
export type Difference =
  | { readonly instead: number; readonly of: number }
  | { readonly also: number; readonly of?: number }
  | { readonly body: string }
  | { readonly unshaped: number }
  | { readonly refusal: string }
  | { readonly document: string };

const publisher = (...operations: readonly string[]) => operations.map((operation) => `publisher-v4 ${operation}`);
const devportal = (...operations: readonly string[]) => operations.map((operation) => `devportal-v3 ${operation}`);
/** Both portals show the same comments. */
const commenting = (...operations: readonly string[]) => [...publisher(...operations), ...devportal(...operations)];
const internal = (...operations: readonly string[]) => operations.map((operation) => `internal-data-v1 ${operation}`);
const admin = (...operations: readonly string[]) => operations.map((operation) => `admin-v4 ${operation}`);

const devops = (...operations: readonly string[]) => operations.map((operation) => `devops-v0 ${operation}`);

/**
 * Every such place. The conformance check fails on an entry that is no longer needed: an `instead` or `body` whose operation was seen and
 * kept to the contract, a `document` that is not reported. An `also`, `unshaped` or `refusal` answer has a condition that a run need not meet.
 */
export const WIRE_EXCEPTIONS: readonly WireException[] = [
  {
    // Nothing in the contract says who may; the product asks for this scope.
    operations: devops(
      'GET /tenant-logs/{tenant}/apis/',
      'GET /tenant-logs/{tenant}/apis/{apiId}',
      'PUT /tenant-logs/{tenant}/apis/{apiId}',
      'GET /config/correlation/',
      'PUT /config/correlation/',
    ),
    differs: { document: 'scopes is given (apim:admin) although the contract has none' },
    reference: 'operations.md §7',
  },
  {
    operations: admin('POST /throttling/policies/import'),
    differs: { also: 201 },
    reference: 'admin.md §2',
  },
  {
    operations: admin('POST /monetization/publish-usage'),
    differs: { also: 409, of: 202 },
    reference: 'admin.md §11',
  },
  {
    operations: devportal('POST /applications/import'),
    differs: { instead: 201, of: 200 },
    reference: 'devportal.md §5',
  },
  {
    operations: publisher('POST /apis/{apiId}/monetize'),
    differs: { instead: 200, of: 201 },
    reference: 'publisher.md §24',
  },
  {
    operations: publisher('POST /apis/{apiId}/deploy-revision', 'POST /mcp-servers/{mcpServerId}/deploy-revision'),
    differs: { instead: 201, of: 200 },
    reference: 'publisher.md §24',
  },
  {
    operations: publisher(
      'POST /apis/{apiId}/documents/{documentId}/content',
      'POST /api-products/{apiProductId}/documents/{documentId}/content',
      'POST /mcp-servers/{mcpServerId}/documents/{documentId}/content',
    ),
    differs: { instead: 201, of: 200 },
    reference: 'publisher.md §24',
  },
  {
    operations: publisher(
      'PUT /apis/{apiId}/thumbnail',
      'PUT /api-products/{apiProductId}/thumbnail',
      'PUT /mcp-servers/{mcpServerId}/thumbnail',
    ),
    differs: { instead: 201, of: 200 },
    reference: 'publisher.md §24',
  },
  {
    operations: publisher(
      'POST /endpoint-certificates',
      'POST /apis/{apiId}/client-certificates',
      'POST /apis/{apiId}/client-certs/{keyType}',
    ),
    differs: { instead: 201, of: 200 },
    reference: 'publisher.md §24',
  },
  {
    // An object, where the contract has its text.
    operations: publisher('GET /apis/{apiId}/amznResourceNames'),
    differs: { body: '' },
    reference: 'publisher.md §19',
  },
  { operations: publisher('GET /external-stores'), differs: { body: '' }, reference: 'publisher.md §19' },
  { operations: publisher('GET /linter-custom-rules'), differs: { body: '' }, reference: 'publisher.md §19' },
  { operations: publisher('POST /operation-policies/import'), differs: { instead: 201, of: 200 }, reference: 'publisher.md §24' },
  {
    operations: [
      ...publisher(
        'GET /apis/{apiId}/thumbnail',
        'GET /api-products/{apiProductId}/thumbnail',
        'GET /mcp-servers/{mcpServerId}/thumbnail',
        'GET /api-products/{apiProductId}/is-outdated',
      ),
      ...devportal('GET /apis/{apiId}/thumbnail', 'GET /mcp-servers/{mcpServerId}/thumbnail'),
    ],
    differs: { also: 204 },
    reference: 'publisher.md §24, devportal.md §16',
  },
  {
    operations: publisher(
      ...['deploy', 'undeploy', 'restore'].flatMap((verb) =>
        ['/apis/{apiId}', '/api-products/{apiProductId}', '/mcp-servers/{mcpServerId}'].map((kind) => `POST ${kind}/${verb}-revision`),
      ),
    ),
    differs: { unshaped: 400 },
    reference: 'error-codes.md §6',
  },
  { operations: devportal('DELETE /applications/{applicationId}'), differs: { unshaped: 400 }, reference: 'devportal.md §5' },
  { operations: publisher('GET /settings'), differs: { body: '/gatewayFeatureCatalog' }, reference: 'publisher.md §22' },
  {
    // The document itself, where the contract has a text.
    operations: [
      ...publisher('GET /apis/{apiId}/swagger', 'PUT /apis/{apiId}/swagger', 'POST /apis/{apiId}/generate-mock-scripts'),
      ...devportal('GET /apis/{apiId}/swagger'),
    ],
    differs: { body: '' },
    reference: 'publisher.md §7.1, devportal.md §3',
  },
  {
    // The API's plans as a list, where the contract has one plan.
    operations: [...publisher('GET /apis/{apiId}/subscription-policies'), ...devportal('GET /apis/{apiId}/subscription-policies')],
    differs: { body: '' },
    reference: 'devportal.md §3',
  },
  {
    // The documents themselves, where the contract has texts.
    operations: admin('GET /tenant-config', 'GET /tenant-config-schema'),
    differs: { body: '' },
    reference: 'admin.md §10',
  },
  {
    operations: [
      ...admin('GET /workflows/{externalWorkflowRef}', 'POST /workflows/update-workflow-status'),
      ...publisher('GET /workflows/{externalWorkflowRef}', 'POST /workflows/update-workflow-status'),
    ],
    differs: { unshaped: 401 },
    reference: 'error-codes.md §6',
  },
  { operations: devportal('POST /applications/import'), differs: { instead: 201, of: 200 }, reference: 'devportal.md §16' },
  {
    operations: devportal('DELETE /applications/{applicationId}', 'DELETE /subscriptions/{subscriptionId}'),
    differs: { also: 201, of: 202 },
    reference: 'devportal.md §16',
  },
  // The entry point of a comment is in upper case.
  {
    operations: commenting('GET /apis/{apiId}/comments/{commentId}', 'POST /apis/{apiId}/comments'),
    differs: { body: '/entryPoint' },
    reference: 'publisher.md §17, devportal.md §4',
  },
  {
    operations: commenting('GET /apis/{apiId}/comments/{commentId}'),
    differs: { body: '/replies/list/*/entryPoint' },
    reference: 'publisher.md §17, devportal.md §4',
  },
  {
    operations: commenting('GET /apis/{apiId}/comments', 'GET /apis/{apiId}/comments/{commentId}/replies'),
    differs: { body: '/list/*/entryPoint' },
    reference: 'publisher.md §17, devportal.md §4',
  },
  {
    operations: commenting('GET /apis/{apiId}/comments'),
    differs: { body: '/list/*/replies/list/*/entryPoint' },
    reference: 'publisher.md §17, devportal.md §4',
  },
  {
    operations: commenting('PATCH /apis/{apiId}/comments/{commentId}'),
    differs: { also: 200 },
    reference: 'publisher.md §17, devportal.md §4',
  },
  {
    operations: commenting('DELETE /apis/{apiId}/comments/{commentId}'),
    differs: { unshaped: 403 },
    reference: 'publisher.md §17, devportal.md §4',
  },
  { operations: admin('GET /alert-types', 'GET /alert-subscriptions'), differs: { also: 204 }, reference: 'admin.md §16' },
  {
    operations: ['client-registration-v0.17 POST /register'],
    differs: { body: '/callBackURL' },
    reference: 'key-manager.md §3, contracts/NOTES.md trap 7',
  },
  {
    operations: ['client-registration-v0.17 POST /register'],
    differs: { body: '/isSaasApplication' },
    reference: 'key-manager.md §3',
  },
  // One error object for all APIs, of which these declare another; their operations with other refusals are not compared.
  ...['/description', '/moreInfo', '/error'].map((refusal) => ({
    operations: internal('POST /notify-gateway', 'POST /notify-api-deployment-status'),
    differs: { refusal },
    reference: 'error-codes.md §1',
  })),
  // The lists are themselves, not objects of lists.
  ...['/api', '/application', '/ip', '/user', '/custom', '/subscription'].map((body) => ({
    operations: internal('GET /block'),
    differs: { body },
    reference: 'operations.md §4',
  })),
  { operations: publisher('POST /apis/import'), differs: { body: '/compliance-check' }, reference: 'publisher.md §20.1' },
  {
    // A key manager that an administrator has not named yet.
    operations: admin('POST /key-managers/discover'),
    differs: { body: '/value/name' },
    reference: 'admin.md §4',
  },
];

/** The name of an exception on one operation, as records of a run carry it. */
export const exceptionName = (operation: string, differs: Difference): string => `${operation} ${JSON.stringify(differs)}`;
