import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { operationTenantOf } from './operations.guard.js';

/** The tenant in which an operation works. */
export const OperationTenant = createParamDecorator((_: unknown, context: ExecutionContext): string =>
  operationTenantOf(context.switchToHttp().getRequest<Request>()),
);
