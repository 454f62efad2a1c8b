import type { ApplicationDocument } from '../../../../domain/gateway-documents.js';
import type { Exchange } from '../../exchange.js';
import type { ClientAddress } from '../../front/client-address.js';
import { bearerToken } from '../../policies/jwt-authenticator.js';

/** What the gateway knows of a caller besides the request. */
export interface Surroundings {
  readonly clientAddress: ClientAddress;
  readonly application: (uuid: string) => ApplicationDocument | undefined;
}

export interface WantedInput {
  readonly sendsToken: boolean;
  /** Names of properties that go along. */
  readonly properties: readonly string[];
}

/** The document that a policy server is asked about (`reference/mediation.md` §8). What is not known is left out. */
export const opaInput = (exchange: Exchange, { sendsToken, properties }: WantedInput, surroundings: Surroundings): object => {
  const { request, method, operation, api, token, outbound } = exchange;
  const applicationId = exchange.grant?.applicationId ?? null;
  const application = applicationId === null ? undefined : surroundings.application(applicationId);
  const accessToken = sendsToken && token !== null ? bearerToken(token.presented) : null;
  return {
    ...further(exchange, properties),
    requestOrigin: surroundings.clientAddress(exchange),
    method: method ?? request.method,
    path: request.url,
    transportHeaders: headersOf(outbound),
    electedResource: operation?.target,
    apiContext: {
      apiName: api?.document.name,
      apiVersion: api?.document.version,
      subscriberOrganization: application?.organization,
      isAuthenticated: !exchange.isAnonymous,
      issuer: token?.keyManager.document.issuer,
      apiPublisher: api?.document.provider,
      keyType: exchange.keyType,
      subscriber: application?.owner,
      consumerKey: token?.consumerKey,
      applicationUUID: application?.uuid,
      applicationName: application?.name,
      username: token?.subject ?? exchange.apiKey?.facts.owner,
      ...(accessToken !== null && { accessToken }),
    },
  };
};

/** By name as it was sent; a repeated one has its values behind each other. */
const headersOf = (headers: readonly string[]): Readonly<Record<string, string>> => {
  const named = new Map<string, readonly [name: string, value: string]>();
  for (let i = 0; i < headers.length; i += 2) {
    const [name = '', value = ''] = [headers[i], headers[i + 1]];
    const [first, values] = named.get(name.toLowerCase()) ?? [name, undefined];
    named.set(name.toLowerCase(), [first, values === undefined ? value : `${values}, ${value}`]);
  }
  return Object.fromEntries(named.values());
};

/** The properties of a message that the gateway knows without a policy that sets them (`reference/mediation.md` §6.3). */
const PROPERTIES: ReadonlyMap<string, (exchange: Exchange) => unknown> = new Map<string, (exchange: Exchange) => unknown>([
  ['REST_METHOD', ({ request }) => request.method],
  ['REST_API_CONTEXT', ({ api }) => api?.document.context],
  ['REST_FULL_REQUEST_PATH', ({ request }) => request.url],
  ['REST_SUB_REQUEST_PATH', ({ rest }) => rest],
  ['SYNAPSE_REST_API_VERSION', ({ api }) => api?.document.version],
  ['API_ELECTED_RESOURCE', ({ operation }) => operation?.target],
  ['API_UUID', ({ api }) => api?.document.apiId],
  ['AM_KEY_TYPE', ({ keyType }) => keyType],
  ['TRANSPORT_IN_NAME', ({ secure }) => (secure ? 'https' : 'http')],
]);

const further = (exchange: Exchange, names: readonly string[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(names.map((name) => [name, PROPERTIES.get(name)?.(exchange)]));
