import {
  applyDecorators,
  type CanActivate,
  Controller,
  type ExecutionContext,
  Injectable,
  SetMetadata,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request } from 'express';
import { SUPER_TENANT } from '../../domain/organization.js';
import { problem } from '../../domain/problem.js';
import { isAdmin, type User } from '../../domain/user.js';
import { Accounts } from '../../platform/auth/accounts.js';
import { CallerResolver } from '../../platform/auth/caller-resolver.js';
import { Guarded } from '../../platform/http/scopes.js';
import { OperationsErrors } from './operations-errors.filter.js';

const NEEDS = 'gatehouse:key-manager-operation-scope';
const NoCredential = problem(401, 401, 'Unauthorized', 'Valid credentials are missing');
const NotAllowed = problem(403, 403, 'Forbidden', 'The caller may not use this operation in this tenant');

/** The scope of an operation; only administrators hold those of the key manager. */
export const Needs = (scope: string): MethodDecorator & ClassDecorator => SetMetadata(NEEDS, scope);

const pathTenantOf = ({ params }: Pick<Request, 'params'>): string | undefined =>
  typeof params['tenant'] === 'string' ? params['tenant'] : undefined;

/** The tenant an operation works in: that of `/t/{tenant}/…`, else the caller's own. */
export const operationTenantOf = (request: Pick<Request, 'params' | 'caller'>): string =>
  pathTenantOf(request) ?? request.caller?.organization ?? SUPER_TENANT;

/** Lets in administrators of the tenant, and those of the super tenant into every one that is active. */
@Injectable()
export class OperationsGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly callers: CallerResolver,
    private readonly accounts: Accounts,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const scope = this.reflector.getAllAndOverride<string | undefined>(NEEDS, [context.getHandler(), context.getClass()]);
    const request = context.switchToHttp().getRequest<Request>();
    const caller = await this.callers.callerOf(context);
    if (!caller) throw NoCredential();
    if (scope === undefined || !caller.scopes.has(scope) || !(await this.mayEnter(caller, pathTenantOf(request)))) throw NotAllowed();
    request.caller = caller;
    return true;
  }

  private async mayEnter(caller: User, tenant: string | undefined): Promise<boolean> {
    if (tenant === undefined || tenant === caller.organization) return true;
    return caller.organization === SUPER_TENANT && isAdmin(caller) && this.accounts.isActive(tenant);
  }
}

/** A controller below `/keymanager-operations` and `/t/{tenant}/keymanager-operations`; no document describes them. */
export const KeyManagerOperations = (path: string): ClassDecorator =>
  applyDecorators(
    Controller([`keymanager-operations/${path}`, `t/:tenant/keymanager-operations/${path}`]),
    Guarded('users'),
    UseGuards(OperationsGuard),
    UseFilters(OperationsErrors),
    ApiExcludeController(),
  );
