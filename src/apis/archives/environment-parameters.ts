import { isObject, type JsonObject, objectAt, textAt } from '../definitions/json-document.js';
import { UnreadableParams } from './api-archives.problems.js';

/** Where an archive asks to be deployed. */
export interface DeploymentTarget {
  readonly environment: string;
  /** The environment's first host unless given. */
  readonly vhost?: string;
  readonly displayOnDevportal: boolean;
}

/**
 * The settings for one environment in the parameters that the CLI puts beside an archive: it leaves those of the chosen environment, bare or as the
 * only one of the list. @throws UnreadableParams (900908) when there are several to choose from.
 */
export const environmentConfig = (params: JsonObject): JsonObject => {
  const { environments, configs } = params;
  if (isObject(configs)) return configs;
  if (!Array.isArray(environments)) return params;
  const [only] = environments;
  if (environments.length !== 1 || !isObject(only)) throw UnreadableParams('The parameters must be those of one environment.');
  return objectAt(only, 'configs');
};

/** The API object with what the parameters say about its endpoints, their security and its subscription policies. */
export const withParameters = (api: JsonObject, params: JsonObject): JsonObject => {
  const endpointConfig = endpointConfigOf(isObject(api['endpointConfig']) ? api['endpointConfig'] : undefined, params);
  const { policies } = params;
  return { ...api, ...(endpointConfig && { endpointConfig }), ...(Array.isArray(policies) && { policies }) };
};

const endpointConfigOf = (current: JsonObject | undefined, params: JsonObject): JsonObject | undefined => {
  const addressed = addressesOf(params);
  const { security } = params;
  if (addressed === undefined && !isObject(security)) return undefined;
  const base = addressed === undefined ? { ...current } : { ...addressed };
  const before = objectAt(current ?? {}, 'endpoint_security');
  const after = isObject(security) ? { ...before, ...securityOf(security) } : before;
  return Object.keys(after).length > 0 ? { ...base, endpoint_security: after } : base;
};

/** `endpointType` of the parameters by the `endpoint_type` of the API object. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['rest', 'http'],
  ['http', 'http'],
  ['soap', 'address'],
]);

const addressesOf = (params: JsonObject): JsonObject | undefined => {
  const type = (textAt(params, 'endpointType') ?? 'rest').toLowerCase();
  if (type === 'dynamic') {
    const nowhere = { url: 'default' };
    return { endpoint_type: 'default', production_endpoints: nowhere, sandbox_endpoints: nowhere, failOver: false };
  }
  if (type === 'aws') return lambdaOf(objectAt(params, 'awsLambdaEndpoints'));
  const endpointType = TYPES.get(type);
  if (endpointType === undefined) throw UnreadableParams(`The endpoint type ${type} is not known.`);
  const routing = textAt(params, 'endpointRoutingPolicy');
  if (routing === 'load_balanced') return loadBalanced(objectAt(params, 'loadBalanceEndpoints'), endpointType);
  if (routing === 'failover') return failover(objectAt(params, 'failoverEndpoints'), endpointType);
  const { endpoints } = params;
  if (!isObject(endpoints)) return undefined;
  const { production, sandbox } = endpoints;
  return {
    endpoint_type: endpointType,
    ...(isObject(production) && { production_endpoints: production }),
    ...(isObject(sandbox) && { sandbox_endpoints: sandbox }),
  };
};

const ROUND_ROBIN = 'org.apache.synapse.endpoints.algorithms.RoundRobin';

const loadBalanced = ({ production, sandbox, ...settings }: JsonObject, endpointType: string): JsonObject => ({
  algoClassName: ROUND_ROBIN,
  algoCombo: ROUND_ROBIN,
  failOver: false,
  ...settings,
  endpoint_type: 'load_balance',
  ...(Array.isArray(production) && { production_endpoints: membersOf(production, endpointType) }),
  ...(Array.isArray(sandbox) && { sandbox_endpoints: membersOf(sandbox, endpointType) }),
});

const failover = (endpoints: JsonObject, endpointType: string): JsonObject => {
  const { production, sandbox, productionFailovers, sandboxFailovers } = endpoints;
  return {
    endpoint_type: 'failover',
    failOver: true,
    ...(isObject(production) && { production_endpoints: production }),
    ...(isObject(sandbox) && { sandbox_endpoints: sandbox }),
    ...(Array.isArray(productionFailovers) && { production_failovers: membersOf(['', ...productionFailovers], endpointType).slice(1) }),
    ...(Array.isArray(sandboxFailovers) && { sandbox_failovers: membersOf(['', ...sandboxFailovers], endpointType).slice(1) }),
  };
};

/** All but the first say what they are. */
const membersOf = (members: readonly unknown[], endpointType: string): readonly unknown[] =>
  members.map((member, at) =>
    at > 0 && isObject(member) ? { endpoint_type: endpointType, template_not_supported: false, ...member } : member,
  );

const lambdaOf = ({ accessMethod, ...settings }: JsonObject): JsonObject => ({
  endpoint_type: 'awslambda',
  access_method: accessMethod ?? 'role-supplied',
  ...settings,
});

/** Types that are written in capitals in the API object. */
const CAPITALS: readonly string[] = ['basic', 'digest', 'oauth', 'none'];

const securityOf = (security: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(security).map(([kind, entry]) => [kind, isObject(entry) ? securedBy(entry) : entry]));

const securedBy = (entry: JsonObject): JsonObject => {
  const type = textAt(entry, 'type');
  const grantType = textAt(entry, 'grantType');
  return {
    ...entry,
    ...(type !== undefined && { type: CAPITALS.includes(type.toLowerCase()) ? type.toUpperCase() : type }),
    ...(grantType !== undefined && { grantType: grantType.toUpperCase().replaceAll('-', '_') }),
  };
};

/** Entries of `deployment_environments.yaml`, or of `deploymentEnvironments` in the parameters. Undefined unless it is a list of them. */
export const targetsOf = (entries: unknown): readonly DeploymentTarget[] | undefined => {
  if (!Array.isArray(entries)) return undefined;
  const targets = entries.map((entry: unknown) => (isObject(entry) ? targetOf(entry) : undefined));
  return targets.every((target) => target !== undefined) ? targets : undefined;
};

const targetOf = (entry: JsonObject): DeploymentTarget | undefined => {
  const environment = textAt(entry, 'deploymentEnvironment');
  const vhost = textAt(entry, 'deploymentVhost');
  // The product writes the flag as a text in places.
  const displayed = entry['displayOnDevportal'];
  if (environment === undefined) return undefined;
  return { environment, ...(vhost !== undefined && { vhost }), displayOnDevportal: displayed !== false && displayed !== 'false' };
};
