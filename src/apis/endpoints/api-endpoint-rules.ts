import type { ApiDetails, ApiType, EndpointConfig } from '../../domain/api.js';
import { EndpointUrlMissing } from '../apis.problems.js';
import { isObject, type JsonObject, objectAt } from '../definitions/json-document.js';
import { ENDPOINT_KINDS, type EndpointKind, endpointKeys, entriesOf } from '../endpoint-address.js';
import { checkEndpointConfig, endpointTypeOf, WITHOUT_ADDRESS } from '../endpoint-config.js';
import { type ApiEndpoint, DEPLOYMENT_STAGES, type DeploymentStage } from './api-endpoint.entity.js';
import { ApiEndpointUrlInvalid, EndpointConfigMissing, InvalidApiEndpoint } from './api-endpoints.problems.js';

const NAME_MAX = 255;

/** The endpoints of `endpointConfig` as members of the collection; they cannot be changed there. */
const DEFAULTS = {
  production: { id: 'default_production_endpoint', name: 'Default Production Endpoint', deploymentStage: 'PRODUCTION' },
  sandbox: { id: 'default_sandbox_endpoint', name: 'Default Sandbox Endpoint', deploymentStage: 'SANDBOX' },
} as const;

export const isDefaultEndpoint = (id: string): boolean => ENDPOINT_KINDS.some((kind) => DEFAULTS[kind].id === id);

/** The endpoints that an `endpointConfig` has, production first. */
export const defaultEndpoints = (config: EndpointConfig | null): readonly ApiEndpoint[] =>
  config === null
    ? []
    : ENDPOINT_KINDS.filter((kind) => hasEndpoint(config, kind)).map((kind) => ({
        ...DEFAULTS[kind],
        config: partOf(config, kind),
        apiDefinition: null,
      }));

const hasEndpoint = (config: EndpointConfig, kind: EndpointKind): boolean =>
  entriesOf(config[`${kind}_endpoints`]).some((entry) => isObject(entry) && Object.keys(entry).length > 0);

/** The configuration without what belongs to the other kind. */
const partOf = (config: EndpointConfig, kind: EndpointKind): EndpointConfig => {
  const others = ENDPOINT_KINDS.filter((other) => other !== kind).flatMap(endpointKeys);
  const part: JsonObject = Object.fromEntries(Object.entries(config).filter(([key]) => !others.includes(key)));
  if (isObject(part['endpoint_security'])) {
    const security = objectAt(part, 'endpoint_security')[kind];
    part['endpoint_security'] = security === undefined ? {} : { [kind]: security };
  }
  return part;
};

/** What a request decides of an endpoint, as it came. */
export interface SentEndpoint {
  readonly name?: unknown;
  readonly deploymentStage?: unknown;
  readonly endpointConfig?: unknown;
  readonly apiDefinition?: unknown;
}

/**
 * The endpoint that is asked for, its secrets not yet encrypted.
 * @throws InvalidApiEndpoint (902056), EndpointConfigMissing (902044), ApiEndpointUrlInvalid (902049), the problems of {@link checkEndpointConfig}.
 */
export const endpointOf = (sent: SentEndpoint, apiType: ApiType): Omit<ApiEndpoint, 'id'> => {
  const name = typeof sent.name === 'string' ? sent.name.trim() : '';
  const deploymentStage = DEPLOYMENT_STAGES.find((stage) => stage === sent.deploymentStage);
  if (name === '' || name.length > NAME_MAX || deploymentStage === undefined) throw InvalidApiEndpoint();
  const { endpointConfig: config, apiDefinition } = sent;
  if (!isObject(config) || Object.keys(config).length === 0) throw EndpointConfigMissing();
  const type = endpointTypeOf(config);
  if (!WITHOUT_ADDRESS.includes(type) && !hasEndpoint(config, kindOf(deploymentStage))) throw EndpointUrlMissing(type);
  checkEndpointConfig(config, apiType, ApiEndpointUrlInvalid);
  return { name, deploymentStage, config, apiDefinition: typeof apiDefinition === 'string' ? apiDefinition : null };
};

const kindOf = (stage: DeploymentStage): EndpointKind => (stage === 'PRODUCTION' ? 'production' : 'sandbox');

type Primaries = Pick<ApiDetails, 'primaryProductionEndpointId' | 'primarySandboxEndpointId'>;

/** The primary endpoints of an AI API; other kinds have none, whatever was sent (`reference/publisher.md` §3.3). */
export const primariesOf = (details: Primaries & Pick<ApiDetails, 'subtypeConfiguration'>): Primaries =>
  details.subtypeConfiguration?.['subtype'] === 'AIAPI'
    ? {
        primaryProductionEndpointId: details.primaryProductionEndpointId || null,
        primarySandboxEndpointId: details.primarySandboxEndpointId || null,
      }
    : { primaryProductionEndpointId: null, primarySandboxEndpointId: null };
