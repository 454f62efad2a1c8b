import { createHash, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { problem } from '../../domain/problem.js';
import { OauthConfig } from '../../platform/config/sections/oauth.config.js';
import { ClientOwners } from '../clients/client-owners.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import { OAuthClientsService } from '../clients/oauth-clients.service.js';
import type { TokenAnswer } from '../engine/grant.js';
import { KeyManagerUrls } from '../key-manager-urls.js';
import { Revocations } from '../revocations/revocations.service.js';
import { signJwt } from '../signing/jwt.js';
import { SigningKeys } from '../signing/signing-keys.js';
import type { TokenSubject } from '../subjects/token-subject.js';
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

/** What the login that the tokens come of says about them. */
export interface LoginFacts {
  /** Whether the grant may have a refresh token; true unless given. */
  readonly refresh?: boolean;
  /** The family that the tokens belong to, where they come of others or of a code; a new one unless given. */
  readonly family?: string;
  readonly nonce?: string | undefined;
  /** Epoch seconds of the login. */
  readonly authTime?: number | undefined;
  /** The client's name for the login session. */
  readonly sid?: string | undefined;
}

const OPENID = 'openid';
const HALF_BYTES = 16;

/** Decides what is granted, and for how long. */
@Injectable()
export class TokenIssuer {
  constructor(
    private readonly keys: SigningKeys,
    private readonly urls: KeyManagerUrls,
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
      id_token: scopes.includes(OPENID) ? await this.idToken(client, account, accessToken, lives.id, login) : undefined,
      token_type: 'Bearer',
      expires_in: expiresIn,
    };
  }

  /** OpenID Connect Core §2; it is bound to the access token by `at_hash`. */
  private async idToken(
    client: OAuthClient,
    { id, subject = id }: TokenSubject,
    accessToken: string,
    seconds: number,
    { nonce, authTime, sid }: LoginFacts,
  ): Promise<string> {
    const issuedAt = epochSeconds();
    const key = await this.keys.signerOf(client.organization, issuedAt + seconds);
    const claims = {
      ...{ iss: this.urls.issuer(client.organization), sub: subject, aud: client.clientId, azp: client.clientId },
      ...{ iat: issuedAt, exp: issuedAt + seconds, jti: randomUUID(), at_hash: halfHash(accessToken) },
      ...{ nonce, auth_time: authTime, sid },
    };
    return signJwt({ typ: 'JWT', kid: key.kid, ...key.thumbprint }, claims, key.privateKey);
  }
}

/** The left half of the SHA-256 hash, as RS256 asks for. */
const halfHash = (text: string): string => createHash('sha256').update(text).digest().subarray(0, HALF_BYTES).toString('base64url');
