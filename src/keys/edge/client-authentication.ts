import type { IncomingMessage } from 'node:http';
import { formDecoded } from '../clients/client-secret.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import type { OAuthClientsService } from '../clients/oauth-clients.service.js';
import { InvalidRequest } from '../oauth-error.js';
import { type OAuthParameters, single } from './oauth-body.js';

/** What a request says about who it is; the secret is missing where none was sent. */
export interface Credentials {
  readonly name: string;
  readonly secret: string | undefined;
}

const TwoWays = () => InvalidRequest('Send the credentials of the client in the Authorization header or in the body, not in both.');

const BASIC = /^Basic(?: +(.*))?$/i;
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2} *$/;

/**
 * What the request proves itself with, in the Basic header or in the body, in one of the two only (RFC 6749 §2.3): beside the header the body may name
 * the client once more, and nothing else. @throws OAuthError for both, and for a parameter given twice
 */
export const credentialsOf = (request: IncomingMessage, parameters: OAuthParameters): Credentials | undefined => {
  const [name, secret] = [single(parameters, 'client_id'), single(parameters, 'client_secret')];
  // Signed assertions are another way to prove it, which is not served: a client that brings one is not let in as if it had not.
  if (parameters['client_assertion'] !== undefined || parameters['client_assertion_type'] !== undefined) return undefined;
  const [header, encoded = ''] = BASIC.exec(request.headers.authorization ?? '') ?? [];
  if (header === undefined) return name ? { name, secret } : undefined;
  if (secret) throw TwoWays();
  const basic = decoded(encoded);
  if (basic && name && name !== basic.name && name !== formDecoded(basic.name)) throw TwoWays();
  return basic;
};

const decoded = (encoded: string): Credentials | undefined => {
  if (!BASE64.test(encoded)) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon > 0 && !text.includes('\0') ? { name: text.slice(0, colon), secret: text.slice(colon + 1) } : undefined;
};

/** The client a request names, whether or not its secret is right. RFC 6749 form-encodes the id in the header. */
export const clientNamed = async (clients: OAuthClientsService, name: string): Promise<OAuthClient | undefined> =>
  (await clients.byClientId(name)) ?? (name === formDecoded(name) ? undefined : clients.byClientId(formDecoded(name)));

/** The client, when its credentials are right: a public one may leave the secret out, but a wrong one is wrong. */
export const authenticatedClient = async (
  clients: OAuthClientsService,
  credentials: Credentials | undefined,
): Promise<OAuthClient | undefined> => {
  const client = credentials && (await clientNamed(clients, credentials.name));
  if (!client) return undefined;
  if (!credentials.secret) return client.bypassClientCredentials ? client : undefined;
  return (await clients.secretMatches(client.clientId, credentials.secret)) ? client : undefined;
};
