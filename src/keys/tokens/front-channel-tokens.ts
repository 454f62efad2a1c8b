import { Injectable } from '@nestjs/common';
import { ApimOauthConfig } from '../../platform/config/sections/oauth.config.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import { parseJwt, signJwt } from '../signing/jwt.js';
import { SigningKeys } from '../signing/signing-keys.js';
import { accessTokenHash } from './id-tokens.js';
import { OpaqueTokens } from './opaque-tokens.js';
import { type StoredToken, StoredTokens } from './stored-tokens.js';
import { isOpaqueFor } from './token-minter.js';

type Claims = Readonly<Record<string, unknown>>;

/** Access tokens in the answers of the authorization endpoint: the engine makes signed ones, whatever the client's kind of token is. */
@Injectable()
export class FrontChannelTokens {
  constructor(
    private readonly opaque: OpaqueTokens,
    private readonly stored: StoredTokens,
    private readonly keys: SigningKeys,
    private readonly config: ApimOauthConfig,
  ) {}

  /** The address that the engine sends the browser to, with an opaque token for the signed one where the client's tokens are opaque. */
  async ofKindOf(client: OAuthClient, location: string): Promise<string> {
    const url = new URL(location);
    const answer = new URLSearchParams(url.hash.slice(1));
    const token = parseJwt(answer.get('access_token') ?? '');
    if (!token || !isOpaqueFor(client, this.config)) return location;
    const { text } = this.opaque.create();
    await this.stored.save([{ ...factsOf(client, token.claims), text }]);
    answer.set('access_token', text);
    const idToken = parseJwt(answer.get('id_token') ?? '');
    if (idToken) answer.set('id_token', await this.signed(client, { ...idToken.claims, at_hash: accessTokenHash(text) }));
    url.hash = answer.toString();
    return url.href;
  }

  private async signed({ organization }: OAuthClient, claims: Claims): Promise<string> {
    const key = await this.keys.signerOf(organization, Number(claims['exp']));
    return signJwt({ typ: 'JWT', kid: key.kid, ...key.thumbprint }, claims, key.privateKey);
  }
}

/** What the claims, which the engine has just written for us, say of the token. */
const factsOf = ({ organization, clientId, audiences = [] }: OAuthClient, claims: Claims): StoredToken => ({
  organization,
  clientId,
  kind: 'access',
  holder: 'APPLICATION_USER',
  subject: String(claims['sub']),
  entityId: String(claims['entity_id']),
  scope: String(claims['scope']),
  audiences,
  jti: String(claims['jti']),
  issuedAt: Number(claims['iat']),
  expiresAt: claims['exp'] === undefined ? undefined : Number(claims['exp']),
  seed: null,
});
