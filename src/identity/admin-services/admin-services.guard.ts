import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { SUPER_TENANT } from '../../domain/organization.js';
import { CallerResolver, usesBasic } from '../../platform/auth/caller-resolver.js';
import { tenantOf } from '../identity.guard.js';
import { AdminServices } from './admin-services.js';
import { AccessDenied, ContentTypeUnsupported, LoginFailed, NotLoggedIn } from './admin-services.problems.js';

/** Of SOAP 1.1; some clients say the other one. */
const XML_TYPES = ['text/xml', 'application/xml'];

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
    // Before anything reads a body of another type.
    if (!XML_TYPES.includes(mediaTypeOf(request))) throw ContentTypeUnsupported();
    return true;
  }
}

const mediaTypeOf = ({ headers }: Pick<Request, 'headers'>): string =>
  (headers['content-type'] ?? '').replace(/;.*$/s, '').trim().toLowerCase();
