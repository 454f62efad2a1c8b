import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { problem } from '../../domain/problem.js';
import type { Account } from '../../platform/auth/accounts.js';
import { OauthConfig } from '../../platform/config/sections/oauth.config.js';
import { ClientOwners } from '../clients/client-owners.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import { OAuthClientsService } from '../clients/oauth-clients.service.js';
import { type Engine, Engines } from '../engine/engines.js';
import type { TokenAnswer } from '../engine/grant.js';
import { Revocations } from '../revocations/revocations.service.js';
import { signJwt } from '../signing/jwt.js';
import { endless, epochSeconds, lifetimesOf, NEVER_SECONDS } from './lifetimes.js';
import { OAuthScopesService } from './oauth-scopes.service.js';
import { refreshTokenClaims } from './token-claims.js';

/** The key manager's refusal of a request that came through a portal. */
export const ClientRefused = problem(400, 900967, 'Bad Request', 'Client credentials are invalid.');

export interface ApplicationToken {
  readonly accessToken: string;
  readonly scopes: readonly string[];
  /** Seconds. */
  readonly expiresIn: number;
}

const OPENID = 'openid';
/** What the engine wants as the resource's name; the audience is what shows. */
const RESOURCE = 'urn:gatehouse:apis';

/** Mints tokens: what may be granted is decided here, the engine signs. */
@Injectable()
export class TokenIssuer {
  constructor(
    private readonly engines: Engines,
    private readonly clients: OAuthClientsService,
    private readonly scopes: OAuthScopesService,
    private readonly owners: ClientOwners,
    private readonly revocations: Revocations,
    private readonly config: OauthConfig,
  ) {}

  /**
   * An application's own token, as the developer portal asks for one. `validitySeconds` overrides the client's setting; a negative one never ends.
   * @throws ClientRefused
   */
  async clientCredentials(
    organization: string,
    clientId: string,
    clientSecret: string,
    scopes: readonly string[],
    validitySeconds?: number,
  ): Promise<ApplicationToken> {
    const client = await this.clients.find(organization, clientId);
    if (!client || !(await this.clients.secretMatches(clientId, clientSecret))) throw ClientRefused();
    const answer = await this.forApplication(client, scopes, validitySeconds);
    return { accessToken: answer.access_token, scopes: answer.scope.split(' '), expiresIn: answer.expires_in };
  }

  /** A token of the application itself: its owner's roles decide on scopes, and there is neither refresh nor ID token. */
  async forApplication(client: OAuthClient, requested: readonly string[], validitySeconds?: number): Promise<TokenAnswer> {
    const owner = await this.owners.accountOf(client);
    const scope = (await this.scopes.granted(client, requested, owner, false)).join(' ');
    await this.revocations.settle(client.clientId, client.clientId);
    const engine = await this.engines.of(client.organization);
    const seconds = validitySeconds === undefined ? lifetimesOf(client, this.config).application : endless(validitySeconds);
    const token = new engine.provider.ClientCredentials({ ...(await common(engine, client)), scope, expiresIn: seconds });
    return { access_token: await token.save(), scope, token_type: 'Bearer', expires_in: seconds };
  }

  /** Tokens on behalf of a user: an access token, a refresh token where the client may use one, and an ID token when `openid` was asked for. */
  async forUser(client: OAuthClient, account: Account, requested: readonly string[], grant: string): Promise<TokenAnswer> {
    const scopes = await this.scopes.granted(client, requested, account, true);
    await this.revocations.settle(client.clientId, account.id);
    const [scope, lives, engine, refreshJti] = [
      scopes.join(' '),
      lifetimesOf(client, this.config),
      await this.engines.of(client.organization),
      randomUUID(),
    ];
    const shared = await common(engine, client);
    const token = new engine.provider.AccessToken({
      ...shared,
      accountId: account.id,
      grantId: refreshJti,
      gty: grant,
      scope,
      expiresIn: lives.user,
    });
    const accessToken = await token.save();
    const mayRefresh = client.grantTypes.includes('refresh_token') && this.config.grantType.refreshToken.enable;
    return {
      access_token: accessToken,
      refresh_token: mayRefresh ? refreshToken(engine, client, account, scope, refreshJti, lives.refresh) : undefined,
      scope,
      id_token: scopes.includes(OPENID) ? await idToken(engine, client, account, accessToken, lives.id) : undefined,
      token_type: 'Bearer',
      expires_in: lives.user,
    };
  }
}

/** The client as the engine knows it, and the one resource all tokens are for: JWTs for the client itself. */
const common = async ({ provider }: Engine, { clientId }: OAuthClient) => {
  const client = await provider.Client.find(clientId);
  if (!client) throw new Error('the client vanished while its token was made');
  const resourceServer = new provider.ResourceServer(RESOURCE, {
    audience: clientId,
    scope: '',
    accessTokenFormat: 'jwt',
    jwt: { sign: { alg: 'RS256' } },
  });
  return { client, resourceServer };
};

const refreshToken = (engine: Engine, client: OAuthClient, account: Account, scope: string, jti: string, seconds: number): string => {
  const issuedAt = epochSeconds();
  const claims = refreshTokenClaims({
    issuer: engine.provider.issuer,
    clientId: client.clientId,
    subject: account.id,
    scope,
    jti,
    issuedAt,
    expiresAt: seconds >= NEVER_SECONDS ? undefined : issuedAt + seconds,
  });
  return signJwt({ typ: 'rt+jwt', kid: engine.key.kid, ...engine.key.thumbprint }, claims, engine.key.privateKey);
};

const idToken = async (
  { provider }: Engine,
  { clientId }: OAuthClient,
  account: Account,
  accessToken: string,
  seconds: number,
): Promise<string> => {
  const client = await provider.Client.find(clientId);
  if (!client) throw new Error('the client vanished while its token was made');
  const token = new provider.IdToken({ sub: account.id }, { client });
  for (const [claim, value] of Object.entries({ sub: account.id, azp: clientId, at_hash: accessToken, jti: randomUUID() }))
    token.set(claim, value);
  return token.issue({ use: 'idtoken', expiresAt: epochSeconds() + seconds });
};
