import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Transactions } from '../../platform/database/transactions.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import { EngineRecords } from '../engine/engine-records.js';
import { Engines } from '../engine/engines.js';
import type { Grant, GrantParameters, TokenAnswer } from '../engine/grant.js';
import { InvalidGrant, MissingParameters } from '../oauth-error.js';
import { TokenFamilies } from '../revocations/token-families.js';
import { LoginSessions } from '../sessions/login-sessions.js';
import { epochSeconds } from '../tokens/lifetimes.js';
import { scopesIn } from '../tokens/scope-grants.js';
import { familyOf } from '../tokens/token-family.js';
import { TokenIssuer } from '../tokens/token-issuer.js';

const CODE = 'AuthorizationCode';
const VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;

const Refused = () => InvalidGrant('Invalid authorization code');

/**
 * Redeems a code that the engine issued: once, by the client it was issued to, with the redirect URI and the PKCE verifier of its request. A code that
 * comes a second time may have been stolen, so all that was issued for it dies (RFC 6749 §4.1.2).
 */
@Injectable()
export class AuthorizationCodeGrant implements Grant {
  readonly name = 'authorization_code';
  readonly parameters = ['code', 'redirect_uri', 'code_verifier', 'scope'];

  constructor(
    private readonly engines: Engines,
    private readonly records: EngineRecords,
    private readonly sessions: LoginSessions,
    private readonly families: TokenFamilies,
    private readonly transactions: Transactions,
    private readonly tokens: TokenIssuer,
  ) {}

  async answer(client: OAuthClient, parameters: GrantParameters): Promise<TokenAnswer> {
    const { code: text, redirect_uri: redirectUri, code_verifier: verifier } = parameters;
    if (!text || !redirectUri) throw MissingParameters(...['code', 'redirect_uri'].filter((name) => !parameters[name]));
    const engine = await this.engines.of(client.organization);
    const code = await engine.provider.AuthorizationCode.find(text);
    if (code?.clientId !== client.clientId || code.grantId === undefined) throw Refused();
    if ('consumed' in code && code.consumed !== undefined) return this.replayed(client, code.grantId);
    if (code.redirectUri !== redirectUri) throw InvalidGrant('Callback url mismatch');
    if (!isVerifiedBy(code.codeChallenge, verifier)) throw InvalidGrant('PKCE validation failed');
    const session = await this.sessions.byUid(engine, code.sessionUid ?? '');
    if (!session || session.account.id !== code.accountId) throw Refused();
    if (!(await this.records.consume(client.organization, CODE, text))) return this.replayed(client, code.grantId);
    return this.tokens.forUser(client, session.account, scopesIn(code.scope), {
      family: familyOf(code.grantId),
      nonce: code.nonce,
      authTime: code.authTime,
      sid: code.sid,
      methods: session.methods,
    });
  }

  private async replayed(client: OAuthClient, grantId: string): Promise<never> {
    await this.transactions.run((tx) => this.families.end(tx, client, grantId, epochSeconds()));
    throw Refused();
  }
}

/** Whether the verifier fits. One that belongs to no challenge is refused as well: somebody took the challenge out of the request (RFC 9700 §2.1.1). */
const isVerifiedBy = (challenge: string | undefined, verifier: string | undefined): boolean => {
  if (challenge === undefined || verifier === undefined) return challenge === verifier;
  if (!VERIFIER.test(verifier)) return false;
  const [expected, actual] = [Buffer.from(challenge), Buffer.from(createHash('sha256').update(verifier).digest('base64url'))];
  return expected.length === actual.length && timingSafeEqual(expected, actual);
};
