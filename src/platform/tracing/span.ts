/** A span as every exporter takes it. Times are in epoch microseconds. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | null;
  readonly traceState: string | null;
  readonly name: string;
  readonly kind: 'server' | 'client' | 'internal';
  readonly startUs: number;
  readonly endUs: number;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly isError: boolean;
}

/** The spans of one request or job, made when they are sent: those that are dropped cost nothing. */
export type Trace = () => readonly Span[];
