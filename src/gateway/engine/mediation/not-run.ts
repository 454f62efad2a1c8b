/** Why the gateway does not run a shipped policy. */
const AI = 'it is for AI APIs, which this gateway does not serve';
const WEB_SOCKET = 'it is for WebSocket APIs, which this gateway does not serve';
const OTHER_GATEWAY = 'it is for gateways of another kind';

const reasons = (reason: string, policies: readonly string[]): readonly (readonly [string, string])[] =>
  policies.map((policy) => [policy, reason]);

/** The shipped policies that the gateway does not run, by name and version; an API that has one attached is not served (`reference/mediation.md` §8). */
export const NOT_RUN: ReadonlyMap<string, string> = new Map([
  ...reasons(AI, [
    'AWSBedrockGuardrail v1.1',
    'AzureContentSafetyContentModeration v1.0',
    'ContentBasedModelRouter v1.0',
    'ContentLengthGuardrail v1.0',
    'IntelligentModelRouting v1.0',
    'JSONSchemaGuardrail v1.0',
    'modelFailover v1',
    'modelRoundRobin v1',
    'modelWeightedRoundRobin v1',
    'PIIMaskingRegex v1.0',
    'PromptDecorator v1.0',
    'PromptTemplate v1.0',
    'RegexGuardrail v1.0',
    'SemanticCache v1.0',
    'SemanticPromptGuardrail v1.0',
    'SemanticRouting v1.0',
    'SemanticToolFiltering v1.0',
    'SentenceCountGuardrail v1.0',
    'URLGuardrail v1.0',
    'WordCountGuardrail v1.1',
  ]),
  ...reasons(WEB_SOCKET, ['setToHeaderWS v1']),
  ...reasons(OTHER_GATEWAY, [
    'apkAddHeader v1',
    'apkCallInterceptorService v1',
    'apkLuaInterceptorService v1',
    'apkMirrorRequest v1',
    'apkRedirectRequest v1',
    'apkRemoveHeader v1',
    'apkWASMInterceptorService v1',
    'awsOAuth2 v1',
    'azureOAuth2 v1',
    'azureRateLimit v1',
    'azureSetHeader v1',
    'backEndJWT v1',
  ]),
]);
