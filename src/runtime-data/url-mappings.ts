import type { ApiOperation } from '../domain/api.js';
import type { OperationDocument } from '../domain/gateway-documents.js';

/** A resource of an API, as both APIs for gateways show it. */
export interface URLMappingBody {
  readonly authScheme: string;
  readonly throttlingPolicy: string;
  readonly httpMethod: string;
  readonly urlPattern: string;
  readonly scopes: readonly string[];
}

/** A gateway's operation calls its method what a publisher's calls its verb. */
export const toURLMapping = (operation: OperationDocument | ApiOperation): URLMappingBody => ({
  authScheme: operation.authType,
  throttlingPolicy: operation.throttlingPolicy,
  httpMethod: 'method' in operation ? operation.method : operation.verb,
  urlPattern: operation.target,
  scopes: operation.scopes,
});
