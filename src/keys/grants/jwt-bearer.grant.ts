import { Injectable } from '@nestjs/common';
import { OauthConfig } from '../../platform/config/sections/oauth.config.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import type { Grant, GrantParameters, TokenAnswer } from '../engine/grant.js';
import { JWT_BEARER } from '../engine/served-grants.js';
import { InvalidGrant, MissingParameters } from '../oauth-error.js';
import { RemoteSignIn } from '../subjects/remote-sign-in.service.js';
import type { TokenSubject } from '../subjects/token-subject.js';
import { scopesIn } from '../tokens/scope-grants.js';
import { TokenIssuer } from '../tokens/token-issuer.js';
import { RemoteJwts } from '../trusted-issuers/remote-jwts.service.js';
import { RemoteRefusal, refusedAs } from '../trusted-issuers/remote-refusal.js';
import { UsedAssertions } from '../trusted-issuers/used-assertions.service.js';

/** RFC 7523: tokens on behalf of the user that a JWT of a trusted issuer names (`reference/key-manager.md` §2.2). */
@Injectable()
export class JwtBearerGrant implements Grant {
  readonly name = JWT_BEARER;
  readonly parameters = ['assertion', 'scope'];

  constructor(
    private readonly jwts: RemoteJwts,
    private readonly used: UsedAssertions,
    private readonly signIn: RemoteSignIn,
    private readonly tokens: TokenIssuer,
    private readonly config: OauthConfig,
  ) {}

  async answer(client: OAuthClient, { assertion, scope }: GrantParameters): Promise<TokenAnswer> {
    if (!assertion) throw MissingParameters('assertion');
    const subject = await refusedAs(InvalidGrant, () => this.subjectOf(client.organization, assertion));
    return this.tokens.forUser(client, subject, scopesIn(scope), {
      refresh: this.config.grantType.jwtBearer.allowRefreshTokens,
    });
  }

  /** @throws RemoteRefusal */
  private async subjectOf(organization: string, assertion: string): Promise<TokenSubject> {
    const { issuer, subject, claims, jti, expiresAt } = await this.jwts.read(organization, assertion);
    const account = await this.signIn.account(organization, issuer, subject, claims);
    const until = expiresAt + this.config.timestampSkew;
    if (jti !== undefined && !(await this.used.use(organization, issuer.issuer, jti, Math.ceil(until)))) {
      throw new RemoteRefusal('The JSON Web Token was used before: its jti has been seen.');
    }
    return account;
  }
}
