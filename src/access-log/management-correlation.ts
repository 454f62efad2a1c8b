import type { NextFunction, Request, Response } from 'express';
import { CORRELATION_HEADER, correlationIds, isCorrelationId } from '../gateway/engine/observability/correlation.js';
import { maskedUrl } from '../gateway/engine/observability/masked-url.js';
import type { CorrelationLog } from '../platform/logging/correlation-log.js';
import { originNow } from '../platform/origin/origin.js';

/**
 * Names each request of the management port while the correlation log is on, by its `activityid` or a new id, and writes when it came and when its answer
 * left. Behind the middleware that makes the origin.
 */
export const managementCorrelation = (log: CorrelationLog) => {
  const nextId = correlationIds();
  return (request: Request, response: Response, next: NextFunction): void => {
    const origin = originNow();
    if (!log.isOn || origin === undefined) {
      next();
      return;
    }
    const sent = request.headers[CORRELATION_HEADER];
    const id = typeof sent === 'string' && isCorrelationId(sent) ? sent : nextId();
    origin.correlationId = id;
    response.setHeader(CORRELATION_HEADER, id);
    if (log.isHttpOn) follow(log, id, request, response);
    next();
  };
};

const follow = (log: CorrelationLog, id: string, request: Request, response: Response): void => {
  const startedAt = Date.now();
  const began = performance.now();
  const { method } = request;
  const [path = '', query = ''] = maskedUrl(request.originalUrl).split('?', 2);
  log.message('HTTP-In-Request', id, { startedAt, durationMs: 0, method, query, path });
  response.on('close', () =>
    log.message('HTTP-In-Response', id, { startedAt, durationMs: performance.now() - began, method, query, path }),
  );
};
