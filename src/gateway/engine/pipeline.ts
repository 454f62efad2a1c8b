import type { AuthType } from '../../domain/gateway-documents.js';
import { callLambda } from './backend/lambda.js';
import { cachedAnswers, forgottenAnswers } from './caching/cached-answers.js';
import type { ResponseCache } from './caching/response-cache.js';
import type { ApiKeys } from './credentials/api-keys.js';
import type { BackendJwts } from './credentials/backend-jwts.js';
import type { LoggedInUser } from './credentials/direct-caller.js';
import type { ForwardedCertificates } from './credentials/forwarded-certificates.js';
import type { KeyWishes } from './credentials/key-wishes.js';
import type { LoginQuestions } from './credentials/login-questions.js';
import { securityRules } from './credentials/security-rules.js';
import type { TokenQuestions } from './credentials/token-questions.js';
import type { Remembered, VerifiedTokens } from './credentials/tokens.js';
import type { Exchange } from './exchange.js';
import type { ClientAddress } from './front/client-address.js';
import { CERTIFICATE_HEADER } from './front/headers.js';
import { type Operation, schemesOf } from './link.js';
import { readRequestBody, takeInBody } from './mediation/request-body.js';
import { named } from './observability/step-names.js';
import { apiKeyAuthenticator } from './policies/api-key-authenticator.js';
import { apiKeyParameter } from './policies/api-key-parameter.js';
import { audience } from './policies/audience.js';
import { type Authenticator, authenticate } from './policies/authenticate.js';
import { authenticateMutually } from './policies/authenticate-mutually.js';
import { backendJwt } from './policies/backend-jwt.js';
import { basicAuthenticator } from './policies/basic-authenticator.js';
import { cors } from './policies/cors.js';
import { deny } from './policies/deny.js';
import { directAccess } from './policies/direct-access.js';
import { endpoint } from './policies/endpoint.js';
import { environmentType } from './policies/environment-type.js';
import { foreignAuthorization } from './policies/foreign-authorization.js';
import { internalKey } from './policies/internal-key.js';
import { jwtAuthenticator } from './policies/jwt-authenticator.js';
import { lateRules } from './policies/late-rules.js';
import { mock } from './policies/mock.js';
import { certificateCheck, withoutCertificates } from './policies/mutual-tls.js';
import { pathVariables } from './policies/path-variables.js';
import { scopes } from './policies/scopes.js';
import { type ScriptedMockDeps, scriptedMock } from './policies/scripted-mock.js';
import { status } from './policies/status.js';
import { subscription } from './policies/subscription.js';
import { type ThrottleDeps, throttle } from './policies/throttle.js';
import type { Refusal } from './refusal.js';
import type { Snapshot } from './snapshot.js';

/** One check: a refusal, or nothing to go on. A promise only where the answer is not in memory. */
export type Policy = (exchange: Exchange) => Refusal | undefined | Promise<Refusal | undefined>;

export interface PipelineDeps extends ScriptedMockDeps, ThrottleDeps {
  readonly snapshot: Snapshot;
  readonly tokens: VerifiedTokens;
  readonly apiKeys: ApiKeys;
  readonly questions: TokenQuestions;
  readonly logins: LoginQuestions;
  /** Users whose passwords were found right. */
  readonly users: Remembered<LoggedInUser>;
  readonly forwardedCertificates: ForwardedCertificates;
  readonly keyWishes: KeyWishes;
  /** How long a verdict is believed. */
  readonly verdictMs: number;
  readonly clientAddress: ClientAddress;
  readonly enableOutboundAuthHeader: boolean;
  /** Null: backends are not told who calls. */
  readonly backendJwts: BackendJwts | null;
  readonly responseCache: ResponseCache;
  readonly mediatedBodyBytesMax: number;
}

/** All of an operation that matters to who calls it. */
type Authenticated = Pick<Operation, 'api' | 'authType'>;

/** How callers may prove who they are, by security scheme, in the order in which they are asked (`reference/key-manager.md` §5). */
const AUTHENTICATORS: readonly (readonly [scheme: string, make: (operation: Authenticated, deps: PipelineDeps) => Authenticator])[] = [
  ['oauth2', jwtAuthenticator],
  ['basic_auth', basicAuthenticator],
  ['api_key', apiKeyAuthenticator],
];

/** Schemes whose credential comes in the authorization header. */
const IN_AUTHORIZATION: readonly string[] = ['oauth2', 'basic_auth'];

/** What the operations of one API have in common; made for each of them it would be most of what a gateway keeps in memory. */
export interface CommonSteps {
  readonly deny: Policy;
  readonly authenticate: Map<AuthType, Policy>;
}

/** The checks of one operation, in order (`reference/gateway.md` §2). */
export const pipelineOf = (operation: Operation, deps: PipelineDeps): readonly Policy[] => {
  const { api } = operation;
  const schemes = schemesOf(api.document);
  api.common ??= { deny: named('deny', deny(api, deps.snapshot, deps.clientAddress)), authenticate: new Map() };
  return [
    named('cors', cors(operation, deps.snapshot)),
    ...(api.document.status === 'BLOCKED' ? [named('status', status)] : []),
    ...(schemes.some((scheme) => IN_AUTHORIZATION.includes(scheme)) ? [] : [named('foreign-authorization', foreignAuthorization(api))]),
    ...foreignCertificates(schemes, deps.forwardedCertificates),
    ...access(operation, schemes, api.common, deps),
    api.common.deny,
    named('throttle', throttle(operation, deps)),
    ...(deps.backendJwts === null ? [] : [named('backend-jwt', backendJwt(operation, deps.backendJwts))]),
    named('api-key-parameter', apiKeyParameter),
    ...optional(pathVariables(operation)),
    ...(operation.checks?.path ? [named('path-validation', operation.checks.path)] : []),
    ...(operation.mediation === null ? [] : [...operation.mediation.request, named('custom-rules', lateRules(deps))]),
    ...(operation.checks ? [named('validation', operation.checks.request)] : []),
    ...caching(operation, deps),
    ...environmentOf(operation),
    ...(operation.translation?.request ?? []),
    ...(operation.lambda === undefined
      ? []
      : [takeInBody(deps.mediatedBodyBytesMax), named('function', callLambda(operation.target, operation.lambda))]),
    ...(api.document.isMock ? mocked(operation, deps) : [named('endpoint', endpoint(operation, deps.mediatedBodyBytesMax))]),
  ];
};

/** A header of the usual name goes nowhere anyway. */
const foreignCertificates = (schemes: readonly string[], forwarded: ForwardedCertificates): readonly Policy[] =>
  securityRules(schemes).takesCertificates || forwarded.header === CERTIFICATE_HEADER
    ? []
    : [named('foreign-certificates', withoutCertificates(forwarded))];

/** Who calls, and whether they may. */
const access = (operation: Operation, schemes: readonly string[], common: CommonSteps, deps: PipelineDeps): readonly Policy[] => {
  const { api, authType } = operation;
  const rules = securityRules(schemes);
  const isOpen = authType === 'None' && api.document.status !== 'CREATED';
  const authentication = common.authenticate.get(authType) ?? named('authenticate', authenticationOf(operation, isOpen, schemes, deps));
  common.authenticate.set(authType, authentication);
  if (rules.takesCertificates || schemes.includes('basic_auth'))
    return [authentication, named('access', directAccess(operation, deps, isOpen, rules))];
  return [
    authentication,
    named('subscription', subscription(operation, deps.grants, deps.clientAddress)),
    ...(isOpen || operation.scopes.length === 0 ? [] : [named('scopes', scopes(operation))]),
    ...(isOpen || api.audiences === null ? [] : [named('audience', audience(api.audiences))]),
  ];
};

/** The same for all operations of the API with this type of authentication. */
const authenticationOf = ({ api, authType }: Authenticated, isOpen: boolean, schemes: readonly string[], deps: PipelineDeps): Policy => {
  const rules = securityRules(schemes);
  const authenticators = authenticatorsOf({ api, authType }, schemes, deps);
  const testKeys = internalKey(api, deps.snapshot, deps.grants);
  return rules.takesCertificates
    ? authenticateMutually(api, isOpen, certificateCheck({ api }, deps.forwardedCertificates), authenticators, testKeys, rules)
    : authenticate(api, isOpen, authenticators, testKeys);
};

const authenticatorsOf = (operation: Authenticated, schemes: readonly string[], deps: PipelineDeps): readonly Authenticator[] => {
  // Of two that share a header one puts back what is left of it.
  const sharesHeader = schemes.includes('basic_auth');
  return AUTHENTICATORS.filter(([scheme]) => schemes.includes(scheme)).map(([scheme, make]) => {
    const made = make(operation, deps);
    return sharesHeader && scheme === 'oauth2' ? { identify: made.identify, strip: () => undefined } : made;
  });
};

const environmentOf = ({ api }: Operation): readonly Policy[] => {
  const { environmentType: type } = api.document;
  return type === undefined ? [] : [named('environment', environmentType(type))];
};

/** The scripts of a blocked API are not looked at. */
const mocked = ({ api, mock: document }: Operation, deps: PipelineDeps): readonly Policy[] =>
  document?.script === undefined || api.document.status === 'BLOCKED'
    ? [named('mock', mock(document))]
    : [readRequestBody('whole', deps.mediatedBodyBytesMax), named('mock', scriptedMock(document.script, deps))];

const optional = (policy: Policy | undefined): readonly Policy[] => (policy === undefined ? [] : [policy]);

/** Keeps the answers of a resource that can be read, and lets go of them when it is written to. */
const caching = (
  { api, method, target, verbs }: Operation,
  { responseCache: cache, forwardedCertificates }: PipelineDeps,
): readonly Policy[] => {
  const { cacheSeconds, isMock } = api.document;
  if (cacheSeconds === undefined || isMock) return [];
  const answers = cache.answers(api, target);
  if (method === 'GET' || method === 'HEAD') return [named('cache', cachedAnswers(answers, cacheSeconds, forwardedCertificates.header))];
  return verbs.includes('GET') && method !== 'OPTIONS' ? [named('cache', forgottenAnswers(answers))] : [];
};
