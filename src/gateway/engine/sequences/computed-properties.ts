import type { Exchange } from '../exchange.js';
import { headerOf } from '../front/headers.js';
import type { Value } from './message.js';
import type { MessagePayload } from './payload.js';
import { requestTarget } from './request-target.js';
import type { SequenceDeps } from './sequence-deps.js';
import { payloadElement } from './xml-text.js';

type Read = (exchange: Exchange, deps: SequenceDeps) => Value | null;

const named = (exchange: Exchange, separator: string): string | null =>
  exchange.api === null ? null : `${exchange.api.document.name}${separator}${exchange.api.document.version}`;
const ofApi =
  (read: (document: NonNullable<Exchange['api']>['document']) => string): Read =>
  ({ api }) =>
    api === null ? null : read(api.document);
const userOf = ({ token, apiKey }: Exchange): string | null => token?.subject ?? apiKey?.facts.owner ?? null;
const method: Read = ({ request }) => request.method ?? '';
const resource: Read = ({ operation }) => operation?.target ?? null;
const synapseVersion: Read = ofApi(({ version }) => version);

/** The port that the request came in by, or the other one as it was configured. */
const portOf = ({ secure, request }: Exchange, isSecure: boolean, configured: number | null): number | null =>
  (secure === isSecure ? request.socket.localPort : configured) || null;

const issuerOf = (token: Exchange['token']): URL | null => URL.parse(token?.keyManager.document.issuer ?? '');

const portIn = (url: URL | null): number | null => (url === null ? null : Number(url.port) || (url.protocol === 'https:' ? 443 : 80));

/** Properties of the default scope that the gateway knows without anybody setting them (`reference/mediation.md` §6.3). */
export const COMPUTED: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['REST_METHOD', method],
  ['REST_API_CONTEXT', ofApi(({ context }) => context)],
  ['REST_FULL_REQUEST_PATH', requestTarget],
  ['SYNAPSE_REST_API', ofApi(({ provider, name, version }) => `${provider}--${name}:v${version}`)],
  ['SYNAPSE_REST_API_VERSION', synapseVersion],
  ['API_ELECTED_RESOURCE', resource],
  ['AM_KEY_TYPE', ({ keyType }) => keyType],
  ['API_UUID', ofApi(({ apiId }) => apiId)],
  ['api.ut.api', ofApi(({ name }) => name)],
  ['api.ut.api_version', (exchange) => named(exchange, ':v')],
  ['api.ut.version', synapseVersion],
  ['api.ut.context', ofApi(({ context }) => context)],
  ['api.ut.resource', resource],
  ['api.ut.HTTP_METHOD', method],
  ['api.ut.hostName', ({ host }) => host],
  ['api.ut.apiPublisher', ofApi(({ provider }) => provider)],
  ['api.ut.api_type', ofApi(({ type }) => type)],
  ['api.ut.status', ofApi(({ status }) => status)],
  ['api.ut.consumerKey', ({ token }) => token?.consumerKey ?? null],
  ['api.ut.userId', userOf],
  ['api.ut.userName', userOf],
  ['api.ut.application.id', ({ grant }) => grant?.applicationId ?? null],
  ['api.ut.application.name', ({ grant }, deps) => (grant?.applicationId && deps.applicationName(grant.applicationId)) || null],
  ['issuer', ({ token }) => token?.keyManager.document.issuer ?? null],
  ['api.ut.requestTime', ({ now }) => now],
  [
    'api.ut.backendRequestTime',
    ({ backendStartedAt, startedAt, now }) => (backendStartedAt === 0 ? null : Math.round(now + backendStartedAt - startedAt)),
  ],
  ['api.analytics.user.agent', ({ request }) => request.headers['user-agent'] ?? null],
  ['api.analytics.user.ip', ({ request }) => request.socket.remoteAddress ?? null],
  ['ENDPOINT_PREFIX', ({ endpoint }) => (endpoint === null ? null : endpoint.origin + endpoint.basePath)],
  ['ENDPOINT_ADDRESS', ({ endpoint }) => (endpoint === null ? null : endpoint.origin + endpoint.basePath)],
  ['TRANSPORT_IN_NAME', ({ secure }) => (secure ? 'https' : 'http')],
  ['SYSTEM_TIME', () => Date.now()],
  ['http.nio.port', (exchange, { ports }) => portOf(exchange, false, ports.http)],
  ['https.nio.port', (exchange, { ports }) => portOf(exchange, true, ports.https)],
  ['keyManager.hostname', ({ token }) => issuerOf(token)?.hostname ?? null],
  ['keyManager.port', ({ token }) => portIn(issuerOf(token))],
  ['REQUEST_TIMEOUT', ({ timeoutMs }) => timeoutMs],
  // The operation that every message of a gateway of the product is.
  ['OperationName', () => 'mediate'],
]);

/** `FAULT`: whether the message is a SOAP fault. */
export const holdsFault = (payload: MessagePayload): boolean =>
  payload.form === 'xml' && payloadElement(payload.envelope())?.localName === 'Fault';

/** `MESSAGE_FORMAT`: what kind of message the headers announce. */
export const messageFormat = (headers: readonly string[], { request }: Exchange): string => {
  const type = headerOf(headers, 'content-type') ?? '';
  if (type.startsWith('application/soap+xml')) return 'soap12';
  if (type.startsWith('text/xml')) return 'soap11';
  return request.method === 'GET' ? 'get' : 'pox';
};
