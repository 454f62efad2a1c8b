import { traceparentOf } from '../../domain/trace-context.js';
import { traceNow } from './active-trace.js';

export interface OutboundSpan {
  /** By which the other system continues the trace. */
  readonly headers: Readonly<Record<string, string>>;
  readonly end: (status: number | undefined) => void;
}

const UNTRACED: OutboundSpan = { headers: {}, end: () => undefined };

/** Begins the span of a request to another system. It says where that is, and nothing of the path: paths and queries may be secrets. */
export const outboundSpan = (method: string, url: URL): OutboundSpan => {
  const trace = traceNow();
  if (trace === undefined) return UNTRACED;
  const spanId = trace.newSpanId();
  const startedAt = performance.now();
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  return {
    headers: {
      traceparent: traceparentOf(trace.traceId, spanId),
      ...(trace.traceState !== null && { tracestate: trace.traceState }),
    },
    end: (status) =>
      trace.add({
        name: method,
        kind: 'client',
        startedAt,
        spanId,
        attributes: {
          'http.request.method': method,
          'server.address': url.hostname,
          'server.port': port,
          ...(status !== undefined && { 'http.response.status_code': status }),
        },
        isError: status === undefined || status >= 400,
      }),
  };
};
