import type { NextFunction, Request, Response } from 'express';
import { CORRELATION_HEADER, isCorrelationId } from '../gateway/engine/observability/correlation.js';
import { observed } from '../platform/metrics/request-observation.js';
import { originNow } from '../platform/origin/origin.js';
import { withTrace } from '../platform/tracing/active-trace.js';
import type { Traces } from '../platform/tracing/traces.js';

/**
 * Traces requests of the management port, as the conventions of OpenTelemetry for HTTP have it; a `traceparent` of the caller decides and is continued.
 * Behind the middleware that makes the origin.
 */
export const managementTracing =
  (traces: Traces) =>
  (request: Request, response: Response, next: NextFunction): void => {
    const { traceparent, tracestate } = request.headers;
    const trace = traces.begin(text(traceparent), text(tracestate));
    if (trace === undefined) {
      next();
      return;
    }
    const origin = originNow();
    response.on('close', () => {
      const path = request.originalUrl.split('?', 1)[0] ?? '';
      const { face, route } = observed(request, origin);
      const sent = text(request.headers[CORRELATION_HEADER]);
      const correlationId = origin?.correlationId ?? (sent !== undefined && isCorrelationId(sent) ? sent : undefined);
      const isAborted = !response.writableFinished;
      const { statusCode } = response;
      trace.end(
        route === undefined ? request.method : `${request.method} ${route}`,
        'server',
        {
          'http.request.method': request.method,
          ...(route !== undefined && { 'http.route': route }),
          'url.path': path,
          'url.scheme': 'https',
          'http.response.status_code': statusCode,
          'gatehouse.face': face,
          ...(origin?.user && { 'gatehouse.organization': origin.user.organization }),
          ...(correlationId !== undefined && { 'span.activity.id': correlationId }),
          'gatehouse.statements': origin?.statements ?? 0,
          ...(isAborted ? { 'error.type': 'aborted' } : statusCode >= 500 && { 'error.type': String(statusCode) }),
        },
        isAborted || statusCode >= 500,
      );
    });
    withTrace(trace, next);
  };

const text = (value: string | string[] | undefined): string | undefined => (typeof value === 'string' ? value : undefined);
