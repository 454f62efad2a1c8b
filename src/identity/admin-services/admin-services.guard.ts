import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { SUPER_TENANT } from '../../domain/organization.js';
import { CallerResolver, usesBasic } from '../../platform/auth/caller-resolver.js';
import { tenantOf } from '../identity.guard.js';
import { AdminServices } from './admin-services.js';
import { AccessDenied, LoginFailed, NotLoggedIn } from './admin-services.problems.js';

/**
 * Lets users of the path's tenant in, by Basic alone; what they may do there depends on the operation, which is known when the message was read
 * (`reference/identity.md` §4).
 */
@Injectable()
export class AdminServicesGuard implements CanActivate {
  constructor(
    private readonly services: AdminServices,
    private readonly callers: CallerResolver,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<Request>();
    const service = this.services.of(request);
    if (!usesBasic(request)) throw NotLoggedIn();
    const caller = await this.callers.callerOf(context);
    if (!caller) throw LoginFailed();
    request.caller = caller;
    if (caller.organization !== tenantOf(request)) throw AccessDenied();
    if (service.isForSuperTenant && caller.organization !== SUPER_TENANT) throw AccessDenied();
    return true;
  }
}
