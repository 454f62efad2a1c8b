import { type ExecutionContext, Injectable } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { Request } from 'express';
import type { User } from '../../domain/user.js';
import { notesCaller } from '../origin/origin.js';
import { AccessTokens } from './access-tokens.js';
import { Accounts } from './accounts.js';
import { BearerStrategy } from './bearer.strategy.js';
import { presentedTokens } from './presented-tokens.js';

const BASIC = /^Basic +([A-Za-z0-9+/_-]+={0,2})$/i;

/** Whether the request carries a Basic credential. */
export const usesBasic = (request: Pick<Request, 'headers'>): boolean => BASIC.test(request.headers.authorization ?? '');

class BearerGuard extends AuthGuard('bearer') {
  override handleRequest<T>(err: unknown, user: T): T {
    if (err) throw err;
    return user; // false when the token is wrong
  }
}

/** Finds out who makes a request, by Basic or Bearer; what the caller may do is for the guards to decide. */
@Injectable()
export class CallerResolver {
  private readonly bearer = new BearerGuard();

  constructor(
    private readonly accounts: Accounts,
    private readonly tokens: AccessTokens,
    private readonly strategy: BearerStrategy,
  ) {}

  /** The caller, or undefined when the credential is missing or wrong. */
  async callerOf(context: ExecutionContext): Promise<User | undefined> {
    const caller = await this.resolved(context);
    if (caller) notesCaller(caller);
    return caller;
  }

  private async resolved(context: ExecutionContext): Promise<User | undefined> {
    const request = context.switchToHttp().getRequest<Request>();
    const [, basic] = BASIC.exec(request.headers.authorization ?? '') ?? [];
    if (basic !== undefined) return this.basicUser(basic);
    for (const token of presentedTokens(request)) {
      const user = await this.bearerUser(context, request, token);
      if (user) return user;
    }
    return undefined;
  }

  private async bearerUser(context: ExecutionContext, request: Request, token: string): Promise<User | undefined> {
    if (token.split('.').length !== 3) {
      const claims = await this.tokens.ofOpaque(token);
      return claims && this.strategy.userOf(claims);
    }
    request.bearer = token;
    await this.bearer.canActivate(context);
    const { user } = request as { user?: User | false }; // where passport leaves it
    return user || undefined;
  }

  private async basicUser(credential: string): Promise<User | undefined> {
    const text = Buffer.from(credential, 'base64').toString('utf8');
    const colon = text.indexOf(':');
    if (colon <= 0) return undefined;
    const account = await this.accounts.authenticate(text.slice(0, colon), text.slice(colon + 1));
    return account && { ...account, scopes: await this.accounts.scopesOf(account.organization, account.roles) };
  }
}
