import type { ClientRequest, ConnectedClient, ConnectorProperties } from '../connector.js';

/** A JSON object of the other side; every member is looked at before it is used. */
export type Metadata = Readonly<Record<string, unknown>>;

/** Settings of a client that applications may set beside those of the form (RFC 7591 §2, OpenID Connect Registration §2). */
const PASSED_ON = [
  'client_uri',
  'logo_uri',
  'tos_uri',
  'policy_uri',
  'contacts',
  'jwks_uri',
  'software_id',
  'software_version',
  'subject_type',
  'sector_identifier_uri',
  'id_token_signed_response_alg',
  'userinfo_signed_response_alg',
  'request_object_signing_alg',
  'default_max_age',
  'require_auth_time',
  'initiate_login_uri',
  'post_logout_redirect_uris',
] as const;

/** As much as an index holds. */
const CLIENT_ID_LENGTH_MAX = 2_048;

/** What is never shown with a client: it opens the client, or has a place of its own. */
const WITHHELD = ['client_secret', 'registration_access_token', 'registration_client_uri'];

/** What of a client's metadata an update must not repeat (RFC 7592 §2.2). */
const NOT_UPDATED = ['registration_access_token', 'registration_client_uri', 'client_secret_expires_at', 'client_id_issued_at'];

/** The registration request of a client. */
export const toMetadata = ({ name, grantTypes, callbackUrls, scopes, properties }: ClientRequest): Metadata => ({
  ...passedOn(properties),
  client_name: name,
  grant_types: grantTypes,
  redirect_uris: callbackUrls,
  response_types: responseTypes(grantTypes, properties),
  token_endpoint_auth_method: text(properties['token_endpoint_auth_method']) || 'client_secret_basic',
  application_type: text(properties['application_type']) || 'web',
  ...(scopes.length > 0 && { scope: scopes.join(' ') }),
});

/** The same for a client that is there: portals send its response types back as they were, and those that no grant is left for would keep the grant. */
export const toChangedMetadata = (request: ClientRequest): Metadata => {
  const { grantTypes, properties } = request;
  const response_types = texts(properties['response_types']).filter((type) =>
    type.split(' ').every((part) => grantTypes.includes(part === 'code' ? 'authorization_code' : 'implicit')),
  );
  return toMetadata({ ...request, properties: { ...properties, response_types } });
};

/** An update: what the other side holds, with the changes in it. */
export const updateOf = (current: Metadata, changes: Metadata): Metadata =>
  Object.fromEntries(
    Object.entries({ ...current, ...changes }).filter(
      ([name, value]) => !NOT_UPDATED.includes(name) && value !== null && value !== undefined,
    ),
  );

/** Undefined when the answer names no client, or none that can be kept. */
export const toClient = (metadata: Metadata): ConnectedClient | undefined => {
  const clientId = text(metadata['client_id']);
  if (clientId === '' || clientId.length > CLIENT_ID_LENGTH_MAX) return undefined;
  return {
    clientId,
    clientSecret: text(metadata['client_secret']) || undefined,
    grantTypes: texts(metadata['grant_types']),
    callbackUrls: texts(metadata['redirect_uris']),
    properties: Object.fromEntries(Object.entries(metadata).filter(([name]) => !WITHHELD.includes(name))),
  };
};

const passedOn = (properties: ConnectorProperties): Metadata =>
  Object.fromEntries(PASSED_ON.flatMap((name) => (isBlank(properties[name]) ? [] : [[name, properties[name]]])));

const isBlank = (value: unknown): boolean => value === undefined || value === null || value === '' || value === 'N/A';

/** Grants that come from the authorization endpoint need what it may answer. */
const responseTypes = (grantTypes: readonly string[], { response_types: wanted }: ConnectorProperties): readonly string[] => {
  const chosen = texts(wanted).filter((type) => type !== '');
  if (chosen.length > 0) return chosen;
  return [...(grantTypes.includes('authorization_code') ? ['code'] : []), ...(grantTypes.includes('implicit') ? ['id_token token'] : [])];
};

export const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A list, or words with spaces between them. */
export const texts = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return value.split(' ').filter((word) => word !== '');
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
};
