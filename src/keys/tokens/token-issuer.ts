import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { OauthConfig } from '../../platform/config/sections/oauth.config.js';
import { ClientOwners } from '../clients/client-owners.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import { RESOURCE } from '../engine/engine-configuration.js';
import { type Engine, Engines } from '../engine/engines.js';
import type { TokenAnswer } from '../engine/grant.js';
import { Revocations } from '../revocations/revocations.service.js';
import { signJwt } from '../signing/jwt.js';
import type { TokenSubject } from '../subjects/token-subject.js';
import { endless, epochSeconds, lifetimesOf, NEVER_SECONDS } from './lifetimes.js';
import { OAuthScopesService } from './oauth-scopes.service.js';
import { refreshTokenClaims } from './token-claims.js';

/** What the login that the tokens come of says about them. */
export interface LoginFacts {
  /** Whether the grant may have a refresh token; true unless given. */
  readonly refresh?: boolean;
  /** The id of the refresh token; a random one where nothing determines it. */
  readonly refreshJti?: string;
  readonly nonce?: string | undefined;
  /** Epoch seconds of the login. */
  readonly authTime?: number | undefined;
  /** The client's name for the login session. */
  readonly sid?: string | undefined;
}

const OPENID = 'openid';

/** Mints tokens: what may be granted is decided here, the engine signs. */
@Injectable()
export class TokenIssuer {
  constructor(
    private readonly engines: Engines,
    private readonly scopes: OAuthScopesService,
    private readonly owners: ClientOwners,
    private readonly revocations: Revocations,
    private readonly config: OauthConfig,
  ) {}

  /**
   * A token of the application itself: its owner's roles decide on scopes, and there is neither refresh nor ID token. `validitySeconds` overrides the client's
   * setting; a negative one never ends.
   */
  async forApplication(client: OAuthClient, requested: readonly string[], validitySeconds?: number): Promise<TokenAnswer> {
    const owner = await this.owners.accountOf(client);
    const scope = (await this.scopes.granted(client, requested, owner, false)).join(' ');
    await this.revocations.settle(client.clientId, client.clientId);
    const engine = await this.engines.of(client.organization);
    const seconds = validitySeconds === undefined ? lifetimesOf(client, this.config).application : endless(validitySeconds);
    const token = new engine.provider.ClientCredentials({ ...(await common(engine, client)), scope, expiresIn: seconds });
    return { access_token: await token.save(), scope, token_type: 'Bearer', expires_in: seconds };
  }

  /**
   * Tokens on behalf of a user: an access token, a refresh token where client and grant may have one, and an ID token when `openid` was asked for.
   */
  async forUser(
    client: OAuthClient,
    account: TokenSubject,
    requested: readonly string[],
    grant: string,
    login: LoginFacts = {},
  ): Promise<TokenAnswer> {
    const scopes = await this.scopes.granted(client, requested, account, true);
    await this.revocations.settle(client.clientId, account.id);
    const [scope, lives, engine, refreshJti] = [
      scopes.join(' '),
      lifetimesOf(client, this.config),
      await this.engines.of(client.organization),
      login.refreshJti ?? randomUUID(),
    ];
    const shared = await common(engine, client);
    const token = new engine.provider.AccessToken({
      ...shared,
      accountId: account.id,
      grantId: refreshJti,
      gty: grant,
      scope,
      expiresIn: lives.user,
      extra: { subject: account.subject, claims: account.claims },
    });
    const accessToken = await token.save();
    const mayRefresh = login.refresh !== false && client.grantTypes.includes('refresh_token') && this.config.grantType.refreshToken.enable;
    return {
      access_token: accessToken,
      refresh_token: mayRefresh ? refreshToken(engine, client, account, scope, refreshJti, lives.refresh) : undefined,
      scope,
      id_token: scopes.includes(OPENID) ? await idToken(engine, client, account, accessToken, lives.id, login) : undefined,
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

const refreshToken = (engine: Engine, client: OAuthClient, account: TokenSubject, scope: string, jti: string, seconds: number): string => {
  const issuedAt = epochSeconds();
  const claims = refreshTokenClaims({
    issuer: engine.provider.issuer,
    clientId: client.clientId,
    subject: account.subject ?? account.id,
    entityId: account.id,
    scope,
    jti,
    issuedAt,
    expiresAt: seconds >= NEVER_SECONDS ? undefined : issuedAt + seconds,
  });
  return signJwt({ typ: 'rt+jwt', kid: engine.key.kid, x5t: engine.key.x5t }, claims, engine.key.privateKey);
};

const idToken = async (
  { provider }: Engine,
  { clientId }: OAuthClient,
  { id, subject = id }: TokenSubject,
  accessToken: string,
  seconds: number,
  { nonce, authTime, sid }: LoginFacts,
): Promise<string> => {
  const client = await provider.Client.find(clientId);
  if (!client) throw new Error('the client vanished while its token was made');
  const token = new provider.IdToken({ sub: subject }, { client });
  const claims = { sub: subject, azp: clientId, at_hash: accessToken, jti: randomUUID(), nonce, auth_time: authTime, sid };
  for (const [claim, value] of Object.entries(claims)) if (value !== undefined) token.set(claim, value);
  return token.issue({ use: 'idtoken', expiresAt: epochSeconds() + seconds });
};
