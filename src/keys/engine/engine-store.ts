import type { Adapter, AdapterPayload, ClientMetadata } from 'oidc-provider';
import type { OAuthClient } from '../clients/oauth-client.js';
import type { OAuthClientsService } from '../clients/oauth-clients.service.js';
import type { ServedGrants } from './served-grants.js';

/** The secret that the engine wants in a client's metadata; it compares through {@link OAuthClientsService.secretMatches} instead. */
const PLACEHOLDER_SECRET = 'kept elsewhere';

/** A client as the engine sees it: the grants that are served, and an authentication method that takes its secret from header and body alike. */
export const toClientMetadata = (client: OAuthClient, served: ServedGrants, withSecret: boolean): ClientMetadata => ({
  client_id: client.clientId,
  grant_types: client.grantTypes.filter((grant) => served.has(grant)),
  callback_url: client.callbackUrl,
  redirect_uris: [],
  response_types: [],
  ...(withSecret
    ? { client_secret: PLACEHOLDER_SECRET, token_endpoint_auth_method: 'client_secret_basic' }
    : { token_endpoint_auth_method: 'none' }),
});

const nothingStored = (kind: string) => async (): Promise<never> => {
  throw new Error(`the engine keeps no ${kind}`);
};

/** Gives the engine our clients. Tokens are JWTs and kept nowhere, so it stores nothing of its own. */
export const engineStore =
  (clients: OAuthClientsService, served: ServedGrants) =>
  (kind: string): Adapter => ({
    find: async (id): Promise<AdapterPayload | undefined> => {
      if (kind !== 'Client') return undefined;
      const client = await clients.byClientId(id);
      return client && toClientMetadata(client, served, !client.bypassClientCredentials);
    },
    findByUserCode: async () => undefined,
    findByUid: async () => undefined,
    upsert: nothingStored(kind),
    consume: nothingStored(kind),
    destroy: nothingStored(kind),
    revokeByGrantId: nothingStored(kind),
  });
