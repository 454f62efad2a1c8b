import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { SUPER_TENANT } from '../../domain/organization.js';
import { found, Unauthenticated } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';

declare module 'express' {
  interface Request {
    /** Set by the guard; undefined for an anonymous caller of an open operation. */
    caller?: User;
    /** The access token that is being checked. */
    bearer?: string;
    /** The tenant an open operation speaks of: `X-WSO2-Tenant`, else the caller's own, checked to exist. */
    tenant?: string;
  }
}

const requestOf = (context: ExecutionContext): Request => context.switchToHttp().getRequest<Request>();

/** The authenticated user. Only for operations that are not anonymous. */
export const Caller = createParamDecorator(
  (_: unknown, context: ExecutionContext): User => found(requestOf(context).caller, Unauthenticated),
);

/** The authenticated user, or undefined where an anonymous operation was called without a credential. */
export const MaybeCaller = createParamDecorator((_: unknown, context: ExecutionContext): User | undefined => requestOf(context).caller);

/** The tenant whose public data is asked for: header `X-WSO2-Tenant`, else the caller's, else the super tenant. */
export const Tenant = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  const request = requestOf(context);
  return request.tenant ?? request.caller?.organization ?? SUPER_TENANT;
});
