import type { NextFunction, Request, Response } from 'express';
import { fullName } from '../../domain/organization.js';
import { BASE_PATHS } from '../http/controllers.js';
import type { Log } from '../logging/log.js';
import { originNow } from '../origin/origin.js';
import type { RequestMetrics } from './request-metrics.js';

const BASES = Object.entries(BASE_PATHS);
/** What has no base path of a REST API: by the first part of its path, of a tenant the one behind `/t/<tenant>`. */
const FACES = ['oauth2', 'scim2', 'api', 'keymanager-operations', 'authenticationendpoint', 'oidc', 'internal', 'services', 'commonauth'];

/** Face and operation of a request, without anything that differs from one request to the next. */
export const operationOf = (
  method: string,
  path: string,
  route: string | undefined,
): { readonly face: string; readonly operation: string } => {
  const [face, base] = BASES.find(([, each]) => path.startsWith(`${each}/`)) ?? [];
  const known = base !== undefined && route?.startsWith(base) ? route.slice(base.length) || '/' : route;
  const operation = known === undefined ? 'other' : `${method} ${known.replaceAll(/:(\w+)/g, '{$1}')}`;
  return { face: face ?? otherFace(path), operation };
};

const otherFace = (path: string): string => {
  const first = path.replace(/^\/t\/[^/]+/, '').split('/')[1] ?? '';
  return FACES.includes(first) ? first : 'other';
};

/** Counts each request of the management port, and tells of it in the log at the level `debug`. Its work must have an origin already. */
export const observesRequests =
  (metrics: RequestMetrics, log: Log) =>
  (request: Request, response: Response, next: NextFunction): void => {
    const startedAt = performance.now();
    const origin = originNow();
    response.on('close', () => {
      const route: unknown = request.route?.path;
      const { face, operation } = operationOf(
        request.method,
        request.originalUrl.split('?')[0] ?? '',
        typeof route === 'string' ? route : undefined,
      );
      const facts = {
        face,
        operation,
        status: response.statusCode,
        durationMs: performance.now() - startedAt,
        statements: origin?.statements ?? 0,
      };
      metrics.add(facts);
      log.debug({ ...facts, ...(origin?.user && { user: fullName(origin.user) }) }, 'request');
    });
    next();
  };
