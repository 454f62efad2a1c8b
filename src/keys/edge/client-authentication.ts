import type { IncomingMessage } from 'node:http';
import { formDecoded } from '../clients/client-secret.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import type { OAuthClientsService } from '../clients/oauth-clients.service.js';
import { type OAuthParameters, single } from './oauth-body.js';

/** What a request says about who it is; the secret is missing where none was sent. */
export interface Credentials {
  readonly name: string;
  readonly secret: string | undefined;
}

const BASIC = /^Basic +([A-Za-z0-9+/_-]+={0,2}) *$/i;

/** The Basic header, else the body: where both are sent the header wins. */
export const credentialsOf = (request: IncomingMessage, parameters: OAuthParameters): Credentials | undefined => {
  const [, basic] = BASIC.exec(request.headers.authorization ?? '') ?? [];
  if (basic !== undefined) {
    const text = Buffer.from(basic, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    return colon > 0 && !text.includes('\0') ? { name: text.slice(0, colon), secret: text.slice(colon + 1) } : undefined;
  }
  const [name, secret] = [single(parameters, 'client_id'), single(parameters, 'client_secret')];
  return name ? { name, secret } : undefined;
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
