import type { NextFunction, Request, Response } from 'express';
import { fullName } from '../../domain/organization.js';
import { BASE_PATHS } from '../http/controllers.js';
import { canonicalPath } from '../http/edge.js';
import type { Log } from '../logging/log.js';
import { type Origin, originNow } from '../origin/origin.js';
import { traceNow } from '../tracing/active-trace.js';
import type { RequestMetrics } from './request-metrics.js';

const BASES = Object.entries(BASE_PATHS);
/** What has no base path of a REST API: by the first part of its path, of a tenant the one behind `/t/<tenant>`. */
const FACES = [
  'oauth2',
  'scim2',
  'api',
  'keymanager-operations',
  'authenticationendpoint',
  'oidc',
  'internal',
  'services',
  'commonauth',
  'accountrecoveryendpoint',
  '.well-known',
];

export interface ObservedOperation {
  readonly face: string;
  /** Method and path below the face's base. */
  readonly operation: string;
  /** The whole path as the documents spell it; undefined for a request that no operation takes. */
  readonly route: string | undefined;
}

/** Face and operation of a request, without anything that differs from one request to the next. */
export const operationOf = (method: string, path: string, route: string | undefined): ObservedOperation => {
  const spelled = canonicalPath(path);
  const [face, base] = BASES.find(([, each]) => spelled.startsWith(`${each}/`)) ?? [];
  const whole = route?.replaceAll(/:(\w+)/g, '{$1}');
  const known = base !== undefined && whole?.startsWith(base) ? whole.slice(base.length) || '/' : whole;
  const operation = known === undefined ? 'other' : `${method} ${known}`;
  return { face: face ?? otherFace(spelled), operation, route: whole };
};

/** What a request turned out to ask for. */
export const observed = (request: Request, origin: Origin | undefined): ObservedOperation => {
  const route: unknown = request.route?.path;
  return operationOf(request.method, request.originalUrl.split('?', 1)[0] ?? '', typeof route === 'string' ? route : origin?.route);
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
    const trace = traceNow();
    // When the answer ends, the work at hand may be another's.
    const traced = trace && { traceId: trace.traceId, spanId: trace.spanId };
    response.on('close', () => {
      const { face, operation } = observed(request, origin);
      const facts = {
        face,
        operation,
        status: response.statusCode,
        durationMs: performance.now() - startedAt,
        statements: origin?.statements ?? 0,
      };
      metrics.add(facts);
      log.debug({ ...facts, ...(origin?.user && { user: fullName(origin.user) }), ...traced }, 'request');
    });
    next();
  };
