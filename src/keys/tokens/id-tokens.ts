import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Account } from '../../platform/auth/accounts.js';
import { UserClaims } from '../claims/user-claims.service.js';
import type { OAuthClient } from '../clients/oauth-client.js';
import type { Engine } from '../engine/engines.js';
import { epochSeconds } from './lifetimes.js';

/** The login page's password, by the name the product gives it in `amr`. */
export const PASSWORD_LOGIN = ['BasicAuthenticator'] as const;

/** What a sign-in adds to the tokens that follow from it; grants without one leave all of it out. */
export interface SignInFacts {
  /** As the client sent it to the authorization endpoint. */
  readonly nonce?: string | undefined;
  /** Epoch seconds of when the user typed the password. */
  readonly authTime?: number | undefined;
  /** The session as this client knows it, for single logout. */
  readonly sid?: string | undefined;
  /** How the user proved who it is. */
  readonly methods?: readonly string[] | undefined;
}

export interface IdTokenFacts extends SignInFacts {
  readonly scopes: readonly string[];
  /** In plain text: the ID token holds its hash. */
  readonly accessToken?: string | undefined;
  readonly lifeSeconds: number;
}

/** Makes ID tokens: the claims of the user that the scopes show, and those about the sign-in (OpenID Connect Core §2). */
@Injectable()
export class IdTokens {
  constructor(private readonly claims: UserClaims) {}

  async issue({ provider }: Engine, { clientId }: OAuthClient, account: Account, facts: IdTokenFacts): Promise<string> {
    const [client, claims] = await Promise.all([provider.Client.find(clientId), this.claims.of(account, facts.scopes)]);
    if (!client) throw new Error('the client vanished while its token was made');
    const token = new provider.IdToken({ sub: account.id }, { client });
    const now = epochSeconds();
    const own = {
      sub: account.id,
      azp: clientId,
      at_hash: facts.accessToken,
      nonce: facts.nonce,
      auth_time: facts.authTime,
      sid: facts.sid,
      amr: facts.methods,
      nbf: now,
      jti: randomUUID(),
    };
    for (const [name, value] of Object.entries({ ...claims, ...own })) if (value !== undefined) token.set(name, value);
    return token.issue({ use: 'idtoken', expiresAt: now + facts.lifeSeconds });
  }
}
