import { Injectable } from '@nestjs/common';
import { OauthConfig } from '../../platform/config/sections/oauth.config.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import type { Grant, GrantParameters, TokenAnswer } from '../engine/grant.js';
import { TOKEN_EXCHANGE } from '../engine/served-grants.js';
import { InvalidRequest, InvalidTarget, MissingParameters } from '../oauth-error.js';
import { RemoteSignIn } from '../subjects/remote-sign-in.service.js';
import type { TokenSubject } from '../subjects/token-subject.js';
import { secondsOf } from '../tokens/lifetimes.js';
import { scopesIn } from '../tokens/scope-grants.js';
import { TokenIssuer } from '../tokens/token-issuer.js';
import { RemoteJwts } from '../trusted-issuers/remote-jwts.service.js';
import { RemoteRefusal, refusedAs } from '../trusted-issuers/remote-refusal.js';

const JWT = 'urn:ietf:params:oauth:token-type:jwt';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';

/** RFC 8693: a token of ours for one of a trusted issuer (`reference/key-manager.md` §2.3). A subject token may be exchanged again. */
@Injectable()
export class TokenExchangeGrant implements Grant {
  readonly name = TOKEN_EXCHANGE;
  readonly parameters = [
    ...['subject_token', 'subject_token_type', 'requested_token_type', 'scope'],
    ...['actor_token', 'actor_token_type', 'audience', 'resource'],
  ];

  constructor(
    private readonly jwts: RemoteJwts,
    private readonly signIn: RemoteSignIn,
    private readonly tokens: TokenIssuer,
    private readonly config: OauthConfig,
  ) {}

  async answer(client: OAuthClient, parameters: GrantParameters): Promise<TokenAnswer> {
    const { text, issuedType } = requestOf(client, parameters);
    const subject = await refusedAs(InvalidRequest, () => this.subjectOf(client.organization, text));
    const refresh = this.config.grantType.tokenExchange.allowRefreshTokens;
    const answer = await this.tokens.forUser(client, subject, scopesIn(parameters['scope']), { refresh });
    return { ...answer, issued_token_type: issuedType };
  }

  /** @throws RemoteRefusal */
  private async subjectOf(organization: string, text: string): Promise<TokenSubject> {
    const { issuer, subject, claims, issuedAt } = await this.jwts.read(organization, text);
    const { iatValidityPeriod } = this.config.grantType.tokenExchange;
    const oldest = Date.now() / 1000 - secondsOf(iatValidityPeriod) - this.config.timestampSkew;
    if (issuedAt === undefined || issuedAt < oldest) throw new RemoteRefusal('JSON Web Token is issued before the allowed time');
    return this.signIn.account(organization, issuer, subject, claims);
  }
}

/** The subject token and the kind of token that is wanted. @throws OAuthError for what RFC 8693 allows and is not served here */
const requestOf = (client: OAuthClient, parameters: GrantParameters) => {
  const { subject_token: text, subject_token_type: type, requested_token_type: wanted, audience, resource } = parameters;
  const missing = ['subject_token', 'subject_token_type'].filter((name) => !parameters[name]);
  if (!text || !type) throw MissingParameters(...missing);
  if (parameters['actor_token'] || parameters['actor_token_type']) throw InvalidRequest('Actor tokens are not supported.');
  if (type !== JWT) throw InvalidRequest(`Unsupported subject token type. Only ${JWT} is accepted.`);
  if (wanted && wanted !== JWT && wanted !== ACCESS_TOKEN) throw InvalidRequest('Unsupported requested token type.');
  // Tokens are for their client: a promise of another audience would not be kept.
  if (resource || (audience && audience !== client.clientId)) throw InvalidTarget('Tokens for another audience are not issued.');
  return { text, issuedType: wanted || ACCESS_TOKEN };
};
