import type { EndpointConfig } from '../../domain/api.js';
import { orNone } from '../apis.mapper.js';
import type { ApiEndpoint } from './api-endpoint.entity.js';
import type { APIEndpointDto } from './api-endpoints.dto.js';

/** Endpoints of the contract; `shown` decides how much is seen of their secrets. */
export const toApiEndpointDto =
  (shown: (config: EndpointConfig) => EndpointConfig) =>
  ({ id, name, deploymentStage, config, apiDefinition }: ApiEndpoint): APIEndpointDto => ({
    id,
    name,
    deploymentStage,
    endpointConfig: shown(config),
    apiDefinition: orNone(apiDefinition),
  });
