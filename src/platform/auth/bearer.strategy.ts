import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Request } from 'express';
import { type SecretOrKeyProvider, Strategy } from 'passport-jwt';
import type { User } from '../../domain/user.js';
import { type AccessTokenClaims, AccessTokens } from './access-tokens.js';

const BEARER = /^Bearer +(\S+)$/i;
/** Web clients keep the second half of the token in a cookie that no script can read (`reference/web-clients.md`). */
const SECOND_HALF = /(?:^|;\s*)(?:AM_ACC_TOKEN_DEFAULT_P2|AM_(?:PUBLISHER|ADMIN)_ACC_TOKEN_DEFAULT_P2)=([^;]+)/;

/** The token of the `Authorization` header, joined with the half in the cookie when the header holds only a part of a JWT. */
export const tokenOf = (request: Pick<Request, 'headers'>): string | null => {
  const [, token] = BEARER.exec(request.headers.authorization ?? '') ?? [];
  if (token === undefined) return null;
  if (token.split('.').length === 3 && !SECOND_HALF.test(request.headers.cookie ?? '')) return token;
  const [, half] = SECOND_HALF.exec(request.headers.cookie ?? '') ?? [];
  return half === undefined ? token : token + half;
};

/** What access tokens say they are (RFC 9068); ID and refresh tokens of the same key say something else. */
const ACCESS_TOKEN = /^(application\/)?at\+jwt$/i;

const headerOf = (token: string): { readonly kid?: unknown; readonly typ?: unknown } => {
  try {
    const header: unknown = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8'));
    return typeof header === 'object' && header !== null ? header : {};
  } catch {
    return {};
  }
};

/** Bearer tokens of the REST APIs: JWTs signed by the key of their own issuer, not revoked, of a user who still exists. */
@Injectable()
export class BearerStrategy extends PassportStrategy(Strategy, 'bearer') {
  constructor(private readonly tokens: AccessTokens) {
    const key: SecretOrKeyProvider = (_, token, done) => {
      const { kid, typ } = headerOf(token);
      if (typeof kid !== 'string' || typeof typ !== 'string' || !ACCESS_TOKEN.test(typ)) return done(null, undefined);
      tokens.verificationKey(kid).then(
        (found) => done(null, found?.key.export({ type: 'spki', format: 'pem' })),
        (err: unknown) => done(err),
      );
    };
    super({ jwtFromRequest: tokenOf, secretOrKeyProvider: key, algorithms: ['RS256'], passReqToCallback: true });
  }

  /** Called by passport with the claims of a token whose signature and times are right. */
  async validate(request: Request, claims: AccessTokenClaims): Promise<User | false> {
    const kid = headerOf(tokenOf(request) ?? '').kid;
    const key = typeof kid === 'string' ? await this.tokens.verificationKey(kid) : undefined;
    if (key?.issuer !== claims.iss || claims.token_type === 'refresh_token') return false;
    return (await this.userOf(claims)) ?? false;
  }

  async userOf(claims: AccessTokenClaims): Promise<User | undefined> {
    if (await this.tokens.isRevoked(claims)) return undefined;
    const account = await this.tokens.accountOf(claims);
    return account && { ...account, scopes: new Set((claims.scope ?? '').split(' ')) };
  }
}
