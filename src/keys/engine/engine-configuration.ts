import { randomUUID } from 'node:crypto';
import type { Adapter, AdapterFactory, Configuration, KoaContextWithOIDC } from 'oidc-provider';
import { CLAIM_NAMES_BY_SCOPE } from '../claims/user-claims.js';
import { SESSION_COOKIE, sessionSeconds } from '../sessions/login-session.js';
import type { SigningKey } from '../signing/signing-keys.js';
import type { TokenSubject } from '../subjects/token-subject.js';
import { NEVER_SECONDS } from '../tokens/lifetimes.js';
import { scopesIn } from '../tokens/scope-grants.js';
import { accessTokenClaims } from '../tokens/token-claims.js';
import { pairedJti } from '../tokens/token-family.js';
import { authorizationRequestOf } from './authorization-request.js';
import { responseTypesOf } from './response-types.js';
import type { ServedGrants } from './served-grants.js';

/** What the engine wants as the resource's name, the same for all tokens; the audience is what shows. */
export const RESOURCE = 'urn:gatehouse:apis';
/** Where the engine's own pages would be: the edge answers instead, and browsers never see it. */
const PROMPT_PATH = '/authenticationendpoint/prompt';

export interface EngineParts {
  readonly organization: string;
  readonly key: SigningKey;
  /** Sees to it that the key stays known until then (epoch seconds). */
  readonly cover: (until: number) => Promise<void>;
  readonly audiencesOf: (clientId: string) => Promise<readonly string[]>;
  readonly served: ServedGrants;
  readonly adapter: AdapterFactory;
  /** What the scopes show of a user; undefined for one who is gone. */
  readonly claimsOf: (userId: string, scopes: readonly string[]) => Promise<Readonly<Record<string, unknown>> | undefined>;
  readonly codeSeconds: number;
}

export const engineConfiguration = ({
  organization,
  key,
  cover,
  audiencesOf,
  served,
  adapter,
  claimsOf,
  codeSeconds,
}: EngineParts): Configuration => ({
  adapter: (kind: string): Adapter => adapter(kind),
  jwks: { keys: [{ ...key.privateKey.export({ format: 'jwk' }), kid: key.kid, alg: 'RS256', use: 'sig' }] },
  routes: { token: '/oauth2/token', jwks: '/oauth2/jwks', authorization: '/oauth2/authorize' },
  cookies: { names: { session: SESSION_COOKIE } },
  extraClientMetadata: { properties: ['callback_url', 'pkce_mandatory', 'access_token_seconds', 'id_token_seconds'] },
  scopes: Object.keys(CLAIM_NAMES_BY_SCOPE),
  claims: CLAIM_NAMES_BY_SCOPE,
  conformIdTokenClaims: false, // the product's ID tokens hold what the scopes show
  responseTypes: [...responseTypesOf(served)],
  clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
  clientBasedCORS: () => true,
  allowOmittingSingleRegisteredRedirectUri: false,
  findAccount: async (_, id) => ({
    accountId: id,
    claims: async (__, scope) => ({ ...(await claimsOf(id, scopesIn(scope))), sub: id }),
  }),
  pkce: { required: (_, client) => client['pkce_mandatory'] === true },
  expiresWithSession: async () => false, // the grant checks the session itself
  loadExistingGrant,
  interactions: {
    url: (ctx, interaction) => {
      const request = authorizationRequestOf(ctx.req);
      if (request) request.prompt = interaction.prompt.name;
      return PROMPT_PATH;
    },
  },
  renderError: (ctx, out) => {
    const request = authorizationRequestOf(ctx.req);
    if (request) request.refusal = { error: out.error, description: out.error_description };
    ctx.body = { ...out };
  },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: false }, // ours, see grants/
    userinfo: { enabled: false },
    rpInitiatedLogout: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => RESOURCE,
      useGrantedResource: () => true,
      getResourceServerInfo: (ctx, _, client) => ({
        audience: client.clientId,
        scope: scopeOf(ctx),
        accessTokenFormat: 'jwt',
        accessTokenTTL: Number(client['access_token_seconds']),
        jwt: { sign: { alg: 'RS256' } },
      }),
    },
  },
  ttl: {
    // The grants say it for each token; those the engine makes by itself live as long as their client's.
    AccessToken: (_, token) => token.resourceServer?.accessTokenTTL ?? NEVER_SECONDS,
    ClientCredentials: NEVER_SECONDS,
    IdToken: (_, __, client) => Number(client?.['id_token_seconds'] ?? NEVER_SECONDS),
    AuthorizationCode: codeSeconds,
    Interaction: 1, // kept nowhere
    Session: (_, session) => sessionSeconds(session),
  },
  formats: {
    customizers: {
      jwt: async (_, token, parts) => {
        const { payload } = parts;
        const entityId = String('accountId' in token && token.accountId ? token.accountId : token.clientId);
        const { subject = entityId, claims }: Pick<TokenSubject, 'subject' | 'claims'> = ('extra' in token && token.extra) || {};
        const [issuedAt, end] = [Number(payload['iat']), Number(payload['exp'])];
        await cover(end);
        parts.header = { ...key.thumbprint };
        parts.payload = accessTokenClaims({
          issuer: String(payload['iss']),
          organization,
          clientId: String(token.clientId),
          subject,
          entityId,
          claims,
          kind: token.kind === 'ClientCredentials' ? 'APPLICATION' : 'APPLICATION_USER',
          scope: String(payload['scope'] ?? ''),
          audiences: await audiencesOf(String(token.clientId)),
          jti: 'grantId' in token && token.grantId ? pairedJti(token.grantId) : randomUUID(),
          issuedAt,
          expiresAt: end - issuedAt >= NEVER_SECONDS ? undefined : end,
        });
      },
    },
  },
});

/** Whatever is asked for may be granted: who gets which scope is decided before the engine is asked. */
const scopeOf = (ctx: KoaContextWithOIDC): string =>
  authorizationRequestOf(ctx.req)?.agreed?.join(' ') ?? String(ctx.oidc.params?.['scope'] ?? '');

/** What the user agreed to, as a grant that lives as long as this request: agreements for good are in `oauth_consents`. */
async function loadExistingGrant(ctx: KoaContextWithOIDC) {
  const { client, account, provider } = ctx.oidc;
  const agreed = authorizationRequestOf(ctx.req)?.agreed;
  if (!agreed || !client || !account) return undefined;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: account.accountId });
  grant.jti = randomUUID(); // each code's tokens can be told from all others
  grant.addOIDCScope(['openid', ...agreed.filter((scope) => Object.hasOwn(CLAIM_NAMES_BY_SCOPE, scope))].join(' '));
  grant.addResourceScope(RESOURCE, agreed.join(' '));
  return grant;
}
