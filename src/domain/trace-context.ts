/** What a caller says of the trace that its request belongs to (W3C Trace Context). */
export interface TraceParent {
  readonly traceId: string;
  /** The caller's span. */
  readonly spanId: string;
  /** Whether the caller has the request traced. */
  readonly isSampled: boolean;
}

/** Version 00 and what later ones add behind it. */
const TRACEPARENT = /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})(?:-.*)?$/;
const TRACESTATE_MAX = 512;

/** Reads a `traceparent`; null for none, and for one that is malformed. */
export const traceParent = (header: string | null | undefined): TraceParent | null => {
  const [, traceId, spanId, flags = '0'] = TRACEPARENT.exec(header ?? '') ?? [];
  if (traceId === undefined || spanId === undefined) return null;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
};

/** Whether to trace a request: as its caller decided, else by chance, `ratio` of them. */
export const isTraced = (parent: TraceParent | null, ratio: number): boolean => parent?.isSampled ?? Math.random() < ratio;

/** The `traceparent` by which a traced request goes on below one of our spans. */
export const traceparentOf = (traceId: string, spanId: string): string => `00-${traceId}-${spanId}-01`;

/** A `tracestate` to pass on; null for none, and for one that is longer than has to be passed on. */
export const boundedState = (header: string | null | undefined): string | null =>
  header !== null && header !== undefined && header.length <= TRACESTATE_MAX ? header : null;
