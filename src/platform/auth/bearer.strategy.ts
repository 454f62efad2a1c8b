import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import type { Request } from 'express';
import { type SecretOrKeyProvider, Strategy } from 'passport-jwt';
import type { User } from '../../domain/user.js';
import { type AccessTokenClaims, AccessTokens } from './access-tokens.js';

/** What access tokens say they are (RFC 9068); ID and refresh tokens of the same key say something else. */
const ACCESS_TOKEN = /^(application\/)?at\+jwt$/i;

/** Why passport refuses a token for which there is no key: without a key the library would have to make sense of it. */
const UNKNOWN_KEY = 'no key of ours signs such tokens';

const headerOf = (token: string): { readonly kid?: unknown; readonly typ?: unknown } => {
  try {
    const header: unknown = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString('utf8'));
    return typeof header === 'object' && header !== null ? header : {};
  } catch {
    return {};
  }
};

/** Bearer tokens of the REST APIs, as the request's `bearer` has them: JWTs signed by the key of their own issuer, not revoked, of a user who still exists. */
@Injectable()
export class BearerStrategy extends PassportStrategy(Strategy, 'bearer') {
  constructor(private readonly tokens: AccessTokens) {
    const key: SecretOrKeyProvider = (_, token, done) => {
      const { kid, typ } = headerOf(token);
      if (typeof kid !== 'string' || typeof typ !== 'string' || !ACCESS_TOKEN.test(typ)) return done(UNKNOWN_KEY);
      tokens.verificationKey(kid).then(
        (found) => (found ? done(null, found.key.export({ type: 'spki', format: 'pem' })) : done(UNKNOWN_KEY)),
        (err: unknown) => done(err),
      );
    };
    super({
      jwtFromRequest: (request: Request) => request.bearer ?? null,
      secretOrKeyProvider: key,
      algorithms: ['RS256'],
      passReqToCallback: true,
    });
  }

  /** Called by passport with the claims of a token whose signature and times are right. */
  async validate(request: Request, claims: AccessTokenClaims): Promise<User | false> {
    const kid = headerOf(request.bearer ?? '').kid;
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
