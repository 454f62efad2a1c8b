import { applyDecorators, type CanActivate, type ExecutionContext, Injectable, SetMetadata, UseGuards } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request } from 'express';
import { SUPER_TENANT } from '../domain/organization.js';
import { problem } from '../domain/problem.js';
import { CallerResolver } from '../platform/auth/caller-resolver.js';
import { ANONYMOUS, Guarded } from '../platform/http/scopes.js';

const NEEDS = 'gatehouse:identity-scopes';

/** Answered without a body, as all problems without words. */
const NoCredential = problem(401, 401, '', '');
const NotAllowed = problem(403, 403, '', '');

/** The scope an operation needs; one without this decorator is closed, unless it says that it is for everybody. */
export const Needs = (scope: string): MethodDecorator & ClassDecorator => SetMetadata(NEEDS, scope);

/** Any user of the tenant, whatever the scopes of its token. */
export const ANY_USER = 'any-user';

/** The tenant whose users a path speaks of: that of `/t/{tenant}/…`, else the caller's own. */
export const tenantOf = ({ params, caller }: Pick<Request, 'params' | 'caller'>): string => {
  const { tenant } = params;
  return typeof tenant === 'string' ? tenant : (caller?.organization ?? SUPER_TENANT);
};

/**
 * Guards the identity interfaces: Basic or Bearer of a user of the tenant in the path, who holds the operation's scope. Here a missing credential is 401 and a
 * missing scope 403, both without body (`reference/identity.md` §2 and §3).
 */
@Injectable()
export class IdentityGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly callers: CallerResolver,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const scope = this.reflector.getAllAndOverride<string | undefined>(NEEDS, [context.getHandler(), context.getClass()]);
    if (this.reflector.getAllAndOverride<boolean | undefined>(ANONYMOUS, [context.getHandler(), context.getClass()])) return true;
    const request = context.switchToHttp().getRequest<Request>();
    const caller = await this.callers.callerOf(context);
    if (!caller) throw NoCredential();
    request.caller = caller;
    if (caller.organization !== tenantOf(request)) throw NotAllowed();
    if (scope === undefined || (scope !== ANY_USER && !caller.scopes.has(scope))) throw NotAllowed();
    return true;
  }
}

/** A controller of an identity interface: guarded here, and part of no API's document. */
export const IdentityInterface = (): ClassDecorator => applyDecorators(Guarded('users'), UseGuards(IdentityGuard), ApiExcludeController());
