import type { Adapter, AdapterPayload, ClientMetadata } from 'oidc-provider';
import type { OAuthClient } from '../clients/oauth-client.js';
import type { OAuthClientsService } from '../clients/oauth-clients.service.js';
import type { EngineRecord, EngineRecords } from './engine-records.js';
import { responseTypesOf } from './response-types.js';
import type { ServedGrants } from './served-grants.js';

/** The secret that the engine wants in a client's metadata; it compares through {@link OAuthClientsService.secretMatches} instead. */
const PLACEHOLDER_SECRET = 'kept elsewhere';
/** The engine wants a redirect URI in the metadata of a client that redirects; what is allowed is the callback rule's to say. */
const PLACEHOLDER_CALLBACK = 'https://callback.invalid';

/** Lives of the tokens that the engine makes by itself, in seconds. */
export interface EngineLifetimes {
  readonly user: number;
  readonly id: number;
}

/** Grants that begin at the authorization endpoint; of the others, which are ours alone, the engine knows nothing. */
const ENGINE_GRANTS = new Set(['authorization_code', 'implicit']);

/** A client as the engine sees it: its grants as far as they are the engine's and served, and an authentication method that takes its secret from header and body alike. */
export const toClientMetadata = (client: OAuthClient, served: ServedGrants, lifetimes: EngineLifetimes): ClientMetadata => {
  const grants = client.grantTypes.filter((grant) => ENGINE_GRANTS.has(grant) && served.has(grant));
  const responseTypes = responseTypesOf(grants);
  return {
    client_id: client.clientId,
    grant_types: grants,
    callback_url: client.callbackUrl,
    pkce_mandatory: client.pkceMandatory,
    access_token_seconds: lifetimes.user,
    id_token_seconds: lifetimes.id,
    redirect_uris: responseTypes.length > 0 ? [PLACEHOLDER_CALLBACK] : [],
    response_types: [...responseTypes],
    ...(client.bypassClientCredentials
      ? { token_endpoint_auth_method: 'none' }
      : { client_secret: PLACEHOLDER_SECRET, token_endpoint_auth_method: 'client_secret_basic' }),
  };
};

/** What is kept between requests. Tokens are JWTs and kept nowhere. */
const KEPT = new Set(['Session', 'Grant', 'AuthorizationCode', 'DeviceCode']);
/** What the engine wants to remember of a user who has to log in or agree first is in our sign-ins. */
const FORGOTTEN = new Set(['Interaction']);

/** Gives one tenant's engine our clients, and a place for its records. */
export const engineStore =
  (organization: string, client: (id: string) => Promise<ClientMetadata | undefined>, records: EngineRecords) =>
  (kind: string): Adapter => {
    const ours = (record: EngineRecord | undefined) => (record?.organization === organization ? toPayload(record) : undefined);
    return {
      find: async (id) => (kind === 'Client' ? client(id) : KEPT.has(kind) ? ours(await records.find(kind, id)) : undefined),
      findByUserCode: async (code) => ours(await records.findByUserCode(organization, kind, code)),
      findByUid: async (uid) => ours(await records.findByUid(organization, kind, uid)),
      upsert: async (id, { jti: _, ...payload }, lifeSeconds) => {
        if (FORGOTTEN.has(kind)) return;
        if (!KEPT.has(kind) || lifeSeconds === undefined) throw new Error(`the engine keeps no ${kind}`);
        await records.put({ kind, id, organization, payload, lifeSeconds });
      },
      consume: async (id) => {
        await records.consume(organization, kind, id);
      },
      destroy: async (id) => {
        await records.remove(organization, kind, id);
      },
      revokeByGrantId: (grantId) => records.removeByGrant(organization, kind, grantId),
    };
  };

const toPayload = ({ id, payload, consumedAt }: EngineRecord): AdapterPayload => ({
  ...payload,
  jti: id,
  ...(consumedAt === undefined ? {} : { consumed: consumedAt }),
});
