import { applyDecorators, type CanActivate, Controller, type ExecutionContext, Injectable, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request } from 'express';
import { Unauthenticated } from '../domain/problem.js';
import { isAdmin } from '../domain/user.js';
import { usesBasic } from '../platform/auth/caller-resolver.js';
import { BASE_PATHS } from '../platform/http/controllers.js';

/** After the guard of all REST APIs has found out who it is: lets in administrators with a name and a password, and no token (`reference/publisher.md` §1). */
@Injectable()
export class AdministratorsGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    if (!request.caller || !usesBasic(request) || !isAdmin(request.caller)) throw Unauthenticated();
    return true;
  }
}

const face =
  (base: string) =>
  (path = ''): ClassDecorator =>
    applyDecorators(Controller(path ? `${base}/${path}` : base), UseGuards(AdministratorsGuard), ApiExcludeController());

/** A controller below the gateway API, for administrators; no document describes it. */
export const GatewayRestController = face(BASE_PATHS.gateway);
/** A controller below the internal data API, for administrators; no document describes it. */
export const InternalDataController = face(BASE_PATHS.internalData);
