import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Request } from 'express';
import type { Observable } from 'rxjs';
import { Forbidden } from '../../domain/problem.js';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import { BASE_PATHS } from '../../platform/http/controllers.js';

/** What may be written in this mode: what the developer portal shows, who may use it, and questions that change nothing. */
const ALLOWED: readonly RegExp[] = [
  /^\/(apis|api-products)\/[^/]+$/,
  /^\/(apis|api-products)\/[^/]+\/(documents|thumbnail|comments|deployments|api-themes|attach-labels|detach-labels|lifecycle-state)(\/|$)/,
  /^\/(apis|api-products)\/change-lifecycle$/,
  /^\/(subscriptions|workflows)\//,
  /\/validate(-[a-z]+)?$/,
];

/**
 * `enable_portal_configuration_only_mode`: APIs come from elsewhere (a gateway, a pipeline), and people only decide what the developer portal shows
 * of them. Every other write of the publisher is refused with 403; an update of an API may change the fields a publisher may change.
 */
@Injectable()
export class PortalOnlyMode implements NestInterceptor {
  constructor(private readonly config: ApimConfig) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (this.config.publisher.enablePortalConfigurationOnlyMode) refuseOthers(context.switchToHttp().getRequest<Request>());
    return next.handle();
  }
}

const refuseOthers = ({ method, path: sent }: Pick<Request, 'method' | 'path'>): void => {
  // Paths lead to their operations in any letter case.
  const path = sent.toLowerCase();
  if (method === 'GET' || method === 'HEAD' || !path.startsWith(`${BASE_PATHS.publisher}/`)) return;
  const below = path.slice(BASE_PATHS.publisher.length);
  const isDeletion = method === 'DELETE' && /^\/(apis|api-products)\/[^/]+$/.test(below);
  if (isDeletion || isCreation(below) || !ALLOWED.some((allowed) => allowed.test(below))) {
    throw Forbidden('The publisher only changes what the developer portal shows (apim.publisher.enable_portal_configuration_only_mode).');
  }
};

/** Literal paths that look like an id. */
const isCreation = (path: string): boolean => /^\/(apis|api-products)\/(import|copy)[^/]*$/.test(path);
