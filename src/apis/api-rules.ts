import { type ApiOperation, type ApiProperty, type ApiType, VERSION_PARAMETER } from '../domain/api.js';
import { SUPER_TENANT } from '../domain/organization.js';
import { BadRequest, type Problem } from '../domain/problem.js';
import {
  InvalidGatewayType,
  InvalidHttpMethod,
  InvalidOperationType,
  InvalidProperties,
  MalformedContext,
  OperationWithoutTarget,
  OperationWithoutVerb,
  ReservedScope,
  UnsupportedTransport,
} from './apis.problems.js';

/** Characters. */
export const NAME_MAX = 60;

/** Trimmed, and inner runs of blanks made one. @throws BadRequest when nothing is left. */
export const nameOf = (name: string): string => {
  const tidy = name.trim().replace(/\s+/g, ' ');
  if (tidy === '') throw BadRequest('Validation Error').withFindings([{ code: '400_name', message: 'name: must not be blank' }]);
  return tidy;
};

const CONTEXT = /^[a-zA-Z0-9_${}/.;()-]+$/;
const TENANT_PREFIX = /^\/t\/([^/]+)(?=\/|$)/;

/**
 * The template of a context, without the tenant's prefix and with `{version}` added at the end unless it holds it already.
 * @throws MalformedContext (400) with the broken rule, or what takes its place.
 */
export const contextTemplateOf = (
  organization: string,
  context: string,
  malformed: (rule: string) => Problem = MalformedContext,
): string => {
  const absolute = context.startsWith('/') ? context : `/${context}`;
  const [prefix, tenant] = TENANT_PREFIX.exec(absolute) ?? [];
  // Below `/t/` every tenant has its own paths; nobody may take another's.
  if (prefix !== undefined && (organization === SUPER_TENANT || tenant !== organization)) {
    throw malformed(`The API context must not start with ${prefix}.`);
  }
  const own = absolute.slice(prefix?.length ?? 0);
  const broken = brokenRule(own);
  if (broken) throw malformed(broken);
  return own.includes(VERSION_PARAMETER) ? own : `${own}/${VERSION_PARAMETER}`;
};

const brokenRule = (context: string): string | undefined => {
  if (context === '' || context === '/') return 'The API context must not be empty.';
  if (!CONTEXT.test(context)) return 'The API context holds characters that are not allowed.';
  if (context.endsWith('/')) return 'The API context must not end with /.';
  if (context.includes('//')) return 'The API context must not hold an empty segment.';
  if (/\/\.{1,2}(\/|$)/.test(context)) return 'The API context must not hold a segment . or .. .';
  if (!isBalanced(context)) return 'The API context has unbalanced parentheses.';
  const parameters = context.match(/[{}]/g) ?? [];
  const versions = context.split('/').filter((segment) => segment === VERSION_PARAMETER).length;
  if (parameters.length !== versions * 2) return 'The API context may hold {version} only, and only as a whole segment.';
  return versions > 1 ? 'The API context may hold {version} once.' : undefined;
};

const isBalanced = (text: string): boolean => {
  let open = 0;
  for (const character of text) {
    if (character === '(') open += 1;
    if (character === ')') open -= 1;
    if (open < 0) return false;
  }
  return open === 0;
};

const TRANSPORTS: readonly string[] = ['http', 'https', 'ws', 'wss'];

/** @throws UnsupportedTransport (400). */
export const checkTransports = (transports: readonly string[]): void => {
  const unknown = transports.find((transport) => !TRANSPORTS.includes(transport.toLowerCase()));
  if (unknown !== undefined) throw UnsupportedTransport(unknown);
};

const HTTP_VERBS: readonly string[] = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'];
/** Verbs of the types that are not plain HTTP (`reference/publisher.md` §2). */
const OPERATION_TYPES: Partial<Record<ApiType, readonly string[]>> = {
  GRAPHQL: ['QUERY', 'MUTATION', 'SUBSCRIPTION'],
  WS: ['PUBLISH', 'SUBSCRIBE'],
  SSE: ['SUBSCRIBE'],
  WEBSUB: ['SUBSCRIBE'],
  WEBHOOK: ['SUBSCRIBE'],
  ASYNC: ['PUBLISH', 'SUBSCRIBE'],
};

/** @throws OperationWithoutTarget, OperationWithoutVerb, InvalidHttpMethod, InvalidOperationType (400). */
export const checkOperations = (
  type: ApiType,
  operations: readonly { readonly target?: string | null; readonly verb?: string | null }[],
): void => {
  for (const { target, verb } of operations) {
    if (!target?.trim()) throw OperationWithoutTarget();
    if (!verb?.trim()) throw OperationWithoutVerb(target);
    const types = OPERATION_TYPES[type];
    if (types && !types.includes(verb.toUpperCase())) throw InvalidOperationType(type, verb, target);
    if (!types && !HTTP_VERBS.includes(verb.toUpperCase())) throw InvalidHttpMethod(verb, target);
  }
};

/** The first of those that name the same target and verb. */
export const distinctOperations = <T extends Pick<ApiOperation, 'target' | 'verb'>>(operations: readonly T[]): readonly T[] => {
  const seen = new Map<string, T>();
  for (const operation of operations) {
    const key = `${operation.verb} ${operation.target}`;
    if (!seen.has(key)) seen.set(key, operation);
  }
  return [...seen.values()];
};

const RESERVED_PROPERTIES: ReadonlySet<string> = new Set(
  'doc tags name provider context version lcstate description status content type label api-category enablestore'.split(' '),
);
const PROPERTY_NAME_MAX = 80;
const PROPERTY_VALUE_MAX = 900;

/** Whether a custom property may be kept; what it should hold is checked here, because maps come unvalidated. */
export const isPropertyAllowed = (property: {
  readonly name?: unknown;
  readonly value?: unknown;
  readonly display?: unknown;
}): property is ApiProperty => {
  const { name, value, display } = property;
  if (typeof name !== 'string' || typeof value !== 'string' || typeof display !== 'boolean') return false;
  if (name === '' || /\s/.test(name) || name.length > PROPERTY_NAME_MAX || value.length > PROPERTY_VALUE_MAX) return false;
  return !RESERVED_PROPERTIES.has(name.toLowerCase());
};

export const refusedProperties = (api: { readonly name: string; readonly version: string }): Problem =>
  InvalidProperties(api.name, api.version);

const RESERVED_SCOPES = /^(apim|apim_analytics|service_catalog):/;

/** @throws ReservedScope (400). */
export const checkScopeNames = (names: readonly string[]): void => {
  if (names.some((name) => RESERVED_SCOPES.test(name))) throw ReservedScope();
};

const APK = 'wso2/apk';
const GATEWAY_TYPES: readonly string[] = ['wso2/synapse', APK, 'AWS', 'Azure', 'Kong', 'Envoy', 'solace', 'APIPlatform'];
const APK_TYPES: readonly ApiType[] = ['HTTP', 'GRAPHQL'];

/** @throws InvalidGatewayType (400). */
export const checkGatewayType = (gatewayType: string, type: ApiType): void => {
  if (!GATEWAY_TYPES.includes(gatewayType)) throw InvalidGatewayType(`${gatewayType} is not known.`);
  if (gatewayType === APK && !APK_TYPES.includes(type)) throw InvalidGatewayType(`${gatewayType} does not serve APIs of type ${type}.`);
};
