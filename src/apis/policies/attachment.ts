import { RE2JS } from 're2js';
import type { AttachedPolicy } from '../../domain/api.js';
import type { ListedPolicy } from './operation-policy.entity.js';
import { AttributesMissing, InvalidParameter, PolicyNotAllowed } from './policies.problems.js';
import { isSecret, type PolicyAttribute, type PolicyFlow, type PolicySpecification } from './policy-specification.js';

/** What a policy is attached to. */
export interface AttachmentTarget {
  readonly flow: PolicyFlow;
  /** As the API object says it: `wso2/synapse`, `AWS`, … */
  readonly gatewayType: string;
  /** Null for what applies to APIs of every type. */
  readonly apiType: string | null;
}

/** Encrypts a secret for storing. */
export type Seal = (plain: string) => string;

/** The names specifications have for the gateway of an API (`reference/gateway.md` §17.3). */
const GATEWAY_NAMES: Readonly<Record<string, readonly string[]>> = {
  'wso2/synapse': ['synapse'],
  'wso2/apk': ['apk', 'choreoconnect'],
};

/** @throws PolicyNotAllowed (902008) unless the policy runs in the flow, on the gateway and for the type of API. Subtypes are not looked at. */
export const checkTarget = (
  { name, applicableFlows, supportedGateways, supportedApiTypes }: PolicySpecification,
  { flow, gatewayType, apiType }: AttachmentTarget,
): void => {
  const gateways = GATEWAY_NAMES[gatewayType] ?? [gatewayType.toLowerCase()];
  const runsOnGateway = supportedGateways.some((gateway) => gateways.includes(gateway.toLowerCase()));
  const types = supportedApiTypes.map((type) => (typeof type === 'string' ? type : type.apiType));
  if (!applicableFlows.includes(flow) || !runsOnGateway || (apiType !== null && !types.includes(apiType))) throw PolicyNotAllowed(name);
};

/**
 * A policy as it is kept with what it is attached to: its parameters checked, its secrets encrypted. A secret that was sent empty is the one that `stored`,
 * the same attachment before the change, holds.
 * @throws AttributesMissing (902009), InvalidParameter (903212).
 */
export const attachmentOf = (
  {
    id,
    apiId,
    clonedFrom,
    name,
    version,
    specification,
  }: Pick<ListedPolicy, 'id' | 'apiId' | 'clonedFrom' | 'name' | 'version' | 'specification'>,
  sent: Readonly<Record<string, unknown>>,
  stored: AttachedPolicy | undefined,
  seal: Seal,
): AttachedPolicy => {
  const { policyAttributes } = specification;
  const secrets = policyAttributes.filter(isSecret).map((attribute) => attribute.name);
  const values = new Map(Object.entries(sent));
  const sealed = new Map(Object.entries(stored?.parameters ?? {}).filter(([key, value]) => stored?.secrets?.includes(key) && value !== ''));
  const kept = new Set(secrets.filter((secret) => values.has(secret) && isEmpty(values.get(secret)) && sealed.has(secret)));
  const required = policyAttributes.filter((attribute) => attribute.required && !kept.has(attribute.name));
  const missing = required.filter((attribute) => isEmpty(values.get(attribute.name))).map((attribute) => attribute.name);
  if (missing.length > 0) throw AttributesMissing(missing.join(', '), name);
  for (const attribute of required) checkValue(attribute, values.get(attribute.name));
  for (const secret of secrets) {
    const value = values.get(secret);
    if (kept.has(secret)) values.set(secret, sealed.get(secret));
    else if (values.has(secret)) values.set(secret, isEmpty(value) ? '' : seal(textOf(value)));
  }
  return {
    policyName: name,
    policyVersion: version,
    policyType: apiId !== null && clonedFrom === null ? 'api' : 'common',
    policyId: id,
    parameters: Object.fromEntries(values),
    ...(secrets.length > 0 && { secrets }),
  };
};

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '';

/** As the expression and the gateway see it: lists and objects are their JSON text. */
const textOf = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

const checkValue = ({ name, validationRegex }: PolicyAttribute, value: unknown): void => {
  if (validationRegex && !patternOf(validationRegex).matches(textOf(value))) throw InvalidParameter(name);
};

const PATTERNS_MAX = 500;
const patterns = new Map<string, RE2JS>();

/** Compiled once: an API of many operations attaches the same policy to each. Runs in linear time whatever the expression. */
const patternOf = (regex: string): RE2JS => {
  const known = patterns.get(regex);
  if (known) return known;
  if (patterns.size >= PATTERNS_MAX) patterns.clear();
  const pattern = RE2JS.compile(regex, RE2JS.CASE_INSENSITIVE);
  patterns.set(regex, pattern);
  return pattern;
};
