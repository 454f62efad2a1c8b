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
import { endless, epochSeconds, lifetimesOf } from './lifetimes.js';
import { OAuthScopesService } from './oauth-scopes.service.js';
import { TokenMinter } from './token-minter.js';

/** The key manager's refusal of a request that came through a portal. */
export const ClientRefused = problem(400, 900967, 'Bad Request', 'Client credentials are invalid.');

export interface ApplicationToken {
  readonly accessToken: string;
  readonly scopes: readonly string[];
  /** Seconds. */
  readonly expiresIn: number;
}

const OPENID = 'openid';

/** Decides what is granted, for how long, and has the tokens made; ID tokens are the engine's. */
@Injectable()
export class TokenIssuer {
  constructor(
    private readonly engines: Engines,
    private readonly clients: OAuthClientsService,
    private readonly scopes: OAuthScopesService,
    private readonly owners: ClientOwners,
    private readonly revocations: Revocations,
    private readonly minter: TokenMinter,
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
    const { accessToken, expiresIn } = await this.minter.mint(client, {
      holder: 'APPLICATION',
      subject: client.clientId,
      scope,
      accessSeconds: validitySeconds === undefined ? lifetimesOf(client, this.config).application : endless(validitySeconds),
      refreshSeconds: undefined,
      mayRepeat: validitySeconds === undefined,
    });
    return { access_token: accessToken, scope, token_type: 'Bearer', expires_in: expiresIn };
  }

  /**
   * Tokens on behalf of a user: an access token, a refresh token where the client may use one, and an ID token when `openid` was asked for. With
   * `family`, which a refresh names, they die together with the tokens they came of.
   */
  async forUser(client: OAuthClient, account: Account, requested: readonly string[], family?: string): Promise<TokenAnswer> {
    const scopes = await this.scopes.granted(client, requested, account, true);
    await this.revocations.settle(client.clientId, account.id);
    const [scope, lives] = [scopes.join(' '), lifetimesOf(client, this.config)];
    const mayRefresh = client.grantTypes.includes('refresh_token') && this.config.grantType.refreshToken.enable;
    const { accessToken, refreshToken, expiresIn } = await this.minter.mint(client, {
      holder: 'APPLICATION_USER',
      subject: account.id,
      scope,
      accessSeconds: lives.user,
      refreshSeconds: mayRefresh ? lives.refresh : undefined,
      family,
      mayRepeat: family === undefined,
    });
    const engine = scopes.includes(OPENID) ? await this.engines.of(client.organization, epochSeconds() + lives.id) : undefined;
    return {
      access_token: accessToken,
      refresh_token: refreshToken,
      scope,
      id_token: engine && (await idToken(engine, client, account, accessToken, lives.id)),
      token_type: 'Bearer',
      expires_in: expiresIn,
    };
  }
}

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
