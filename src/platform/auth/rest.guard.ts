import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { problem, Unauthenticated } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import { ANONYMOUS, AUTHENTICATION, type Authentication, SCOPES } from '../http/scopes.js';
import { Accounts } from './accounts.js';
import { CallerResolver, usesBasic } from './caller-resolver.js';

const UnknownTenant = problem(400, 901300, 'Bad Request', 'Tenant domain %s does not exist.');
/** The APIs that let `X-WSO2-Tenant` name another tenant; the others take the caller's. */
const TENANT_ADDRESSED = /^\/api\/(am\/(devportal|governance)|gatehouse)\//;

/**
 * Guards every REST operation: Bearer or Basic, then the operation's scopes. Whatever fails here is 401 with one body
 * (`reference/publisher.md` §1); a scope is sufficient when the caller holds any one of those listed.
 */
@Injectable()
export class RestGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly accounts: Accounts,
    private readonly callers: CallerResolver,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const of = <T>(key: string): T | undefined =>
      this.reflector.getAllAndOverride<T | undefined>(key, [context.getHandler(), context.getClass()]);
    if ((of<Authentication>(AUTHENTICATION) ?? 'rest') !== 'rest') return true;
    const request = context.switchToHttp().getRequest<Request>();
    const scopes = of<readonly string[]>(SCOPES) ?? [];
    if (request.headers.authorization === undefined) {
      if (!of<boolean>(ANONYMOUS)) throw Unauthenticated();
    } else {
      const anonymousToo = of<boolean>(ANONYMOUS) === true;
      const caller = await this.callers.callerOf(context);
      if (!caller || (!anonymousToo && !(await this.opens(request, caller, scopes)))) throw Unauthenticated();
      request.caller = caller;
    }
    await this.addressTenant(request);
    return true;
  }

  private async opens(request: Request, caller: User, scopes: readonly string[]): Promise<boolean> {
    if (scopes.length === 0 || scopes.some((scope) => caller.scopes.has(scope))) return true;
    if (!usesBasic(request)) return false;
    for (const scope of scopes) if (!(await this.accounts.isMapped(caller.organization, scope))) return true;
    return false;
  }

  private async addressTenant(request: Request): Promise<void> {
    const tenant = request.headers['x-wso2-tenant'];
    if (typeof tenant !== 'string' || tenant === '' || !TENANT_ADDRESSED.test(request.path)) return;
    if (!(await this.accounts.isActive(tenant))) throw UnknownTenant(tenant);
    request.tenant = tenant;
  }
}
