import { Injectable } from '@nestjs/common';
import { OauthConfig } from '../../platform/config/sections/oauth.config.js';
import { ClientOwners } from '../clients/client-owners.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import type { TokenAnswer } from '../engine/grant.js';
import { Revocations } from '../revocations/revocations.service.js';
import type { TokenSubject } from '../subjects/token-subject.js';
import { TokenSubjects } from '../subjects/token-subjects.service.js';
import { IdTokens, type SignInFacts } from './id-tokens.js';
import { endless, epochSeconds, lifetimesOf } from './lifetimes.js';
import { OAuthScopesService } from './oauth-scopes.service.js';
import { TokenMinter } from './token-minter.js';

/** What the login that the tokens come of says about them. */
export interface LoginFacts extends SignInFacts {
  /** Whether the grant may have a refresh token; true unless given. */
  readonly refresh?: boolean;
  /** The family that the tokens belong to, where they come of others or of a code; a new one unless given. */
  readonly family?: string;
}

const OPENID = 'openid';

/** Decides what is granted, and for how long. */
@Injectable()
export class TokenIssuer {
  constructor(
    private readonly scopes: OAuthScopesService,
    private readonly owners: ClientOwners,
    private readonly subjects: TokenSubjects,
    private readonly revocations: Revocations,
    private readonly minter: TokenMinter,
    private readonly idTokens: IdTokens,
    private readonly config: OauthConfig,
  ) {}

  /**
   * A token of the application itself: its owner's roles decide on scopes, and there is neither refresh nor ID token. `validitySeconds` overrides the
   * client's setting; a negative one never ends.
   */
  async forApplication(client: OAuthClient, requested: readonly string[], validitySeconds?: number): Promise<TokenAnswer> {
    const owner = requested.length === 0 ? undefined : await this.owners.accountOf(client);
    const scope = (await this.scopes.granted(client, requested, owner, false)).join(' ');
    await this.revocations.settle(client.clientId, client.clientId);
    const { accessToken, expiresIn } = await this.minter.mint(client, {
      holder: 'APPLICATION',
      subject: client.clientId,
      entityId: client.clientId,
      scope,
      accessSeconds: validitySeconds === undefined ? lifetimesOf(client, this.config).application : endless(validitySeconds),
      refreshSeconds: undefined,
      mayRepeat: validitySeconds === undefined,
    });
    return { access_token: accessToken, scope, token_type: 'Bearer', expires_in: expiresIn };
  }

  /** Tokens on behalf of a user: an access token, a refresh token where client and grant may have one, and an ID token when `openid` was asked for. */
  async forUser(client: OAuthClient, account: TokenSubject, requested: readonly string[], login: LoginFacts = {}): Promise<TokenAnswer> {
    const scopes = await this.scopes.granted(client, requested, account, true);
    await this.revocations.settle(client.clientId, account.id);
    const [scope, lives] = [scopes.join(' '), lifetimesOf(client, this.config)];
    const mayRefresh = login.refresh !== false && client.grantTypes.includes('refresh_token') && this.config.grantType.refreshToken.enable;
    await this.subjects.neededUntil(account, epochSeconds() + Math.max(lives.user, mayRefresh ? lives.refresh : 0));
    const { accessToken, refreshToken, expiresIn } = await this.minter.mint(client, {
      holder: 'APPLICATION_USER',
      subject: account.subject ?? account.id,
      entityId: account.id,
      claims: account.claims,
      scope,
      accessSeconds: lives.user,
      refreshSeconds: mayRefresh ? lives.refresh : undefined,
      family: login.family,
      mayRepeat: login.family === undefined,
    });
    return {
      access_token: accessToken,
      refresh_token: refreshToken,
      scope,
      id_token: scopes.includes(OPENID)
        ? await this.idTokens.issue(client, account, { ...login, scopes, accessToken, lifeSeconds: lives.id })
        : undefined,
      token_type: 'Bearer',
      expires_in: expiresIn,
    };
  }
}
