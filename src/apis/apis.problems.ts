import { NotFound, problem } from '../domain/problem.js';

export const ApiNotFound = NotFound('API');
export const ProductNotFound = NotFound('API Product');
export const ApiExists = problem(409, 900300, 'The API already exists.', 'The API already exists');
export const ApiNameExists = problem(409, 900250, 'The API name already exists.', "An API with name '%s' already exists");
export const ApiContextExists = problem(409, 900251, 'The API context already exists.', "An API with context '%s' already exists");
/** The code's own message speaks of something else; a version may not take the context of another API. */
export const ContextOfOtherApi = problem(400, 900977, 'Block Condition Error', 'API Context does not exist');
export const MalformedContext = problem(400, 900253, 'The API context is malformed.', '%s');
export const NameTooLong = problem(
  400,
  900704,
  'Character length exceeds the allowable limit',
  'One of the provided input character length exceeds the allowable limit.',
);
export const ImportedNameTooLong = problem(400, 903249, 'Character length exceeds the allowable limit', '%s');
export const InvalidTier = problem(400, 900305, 'The tier name is invalid.', 'The tier name is invalid');
export const InvalidApiThrottlingPolicy = problem(400, 900960, 'Throttle Policy Error', 'Throttle Limit type is not supported');
export const InvalidRoles = problem(400, 900610, 'Invalid user roles found', 'Invalid user roles found');
export const InvalidProperties = problem(400, 900346, 'Invalid additional properties', 'Invalid additional properties for API: %s:%s');
export const InvalidCategory = problem(400, 900345, 'The API category is invalid.', ' The API category is invalid for API: %s');
export const AsyncNotCreatable = problem(
  400,
  900915,
  'API Creation is supported only for WebSocket, WebSub and SSE APIs',
  'API Creation is supported only for WebSocket, WebSub and SSE APIs',
);
export const InvalidGatewayType = problem(400, 902007, 'Invalid Gateway Type', 'Invalid Gateway Type. %s');
export const UnsupportedTransport = problem(400, 903205, 'Unsupported transport', "Unsupported transport '%s' provided for the API");
export const OperationWithoutTarget = problem(
  400,
  902032,
  'Resource URI template value not defined',
  'Resource URI template value (target) not defined',
);
export const OperationWithoutVerb = problem(
  400,
  902031,
  'Operation type/http method is not specified for the operation/resource',
  'Operation type/http method is not specified for the operation/resource: %s',
);
export const InvalidHttpMethod = problem(
  400,
  903201,
  'Invalid HTTP method provided for API resource',
  "The HTTP method '%s' provided for resource '%s' is invalid",
);
export const InvalidOperationType = problem(
  400,
  903202,
  'Invalid operation type provided for API operation',
  "The '%s' API operation type '%s' provided for operation '%s' is invalid",
);
export const NoOperations = problem(404, 900763, 'No resources found', 'API must have at least one resource defined');
export const ReservedScope = problem(400, 901004, 'Invalid Scope name', 'Invalid Scope name');
export const ScopeOfOtherApi = problem(
  400,
  900988,
  'Scope already assigned locally by another API',
  'Scope already assigned locally by another API',
);
export const ScopeNotFound = problem(404, 900981, 'Shared Scope not found', 'Requested Shared Scope ID  %s could not be found');
export const ScopeRoleUnknown = problem(404, 903250, 'Role does not exist', 'Role %s does not exist');
export const KeyManagersNoList = problem(
  400,
  903203,
  'KeyManagers value needs to be an array',
  'Value of the KeyManagers config should be an array',
);
export const KeyManagerUnknown = problem(400, 901403, 'Key Manager not Registered', 'Key Manager not Registered');
export const NoKeyManager = problem(404, 901411, 'Key Manager not Found', 'Key Manager not found');
export const InvalidEndpointUrl = problem(400, 900346, 'Endpoint URL(s) is(are) not valid', 'Endpoint URL(s) is(are) not valid');
export const EndpointUrlMissing = problem(
  400,
  903210,
  'Endpoint url not provided',
  'Url is not provided for the endpoint type %s in the endpoint config',
);
export const InvalidEndpointConfig = problem(
  400,
  902012,
  'Endpoint config value(s) is(are) not valid',
  'Endpoint config value(s) is(are) not valid',
);
export const InvalidEndpointSecurity = problem(
  400,
  903213,
  'Invalid endpoint security configuration',
  'Invalid values provided for %s endpoint security configuration',
);
export const EndpointSecurityTypeMissing = problem(
  400,
  903214,
  'Endpoint security type not defined',
  'Endpoint security type not defined for the %s endpoint',
);
export const EndpointCredentialMissing = problem(
  400,
  902000,
  'Invalid Endpoint Security credentials',
  'Invalid Endpoint Security credentials. %s',
);
export const ProviderUnknown = problem(400, 900700, 'Parameter value missing', 'Some of the mandatory parameter values were missing');
export const EditOutOfScope = problem(403, 900910, 'Invalid Scope', ' You are not authorized to access the resource.');
export const InvalidAdditionalProperties = problem(400, 400, 'Bad Request', 'Error while parsing additionalProperties: %s');
