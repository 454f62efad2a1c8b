import type { Span } from './span.js';

export type ResourceAttributes = Readonly<Record<string, string>>;

const SCOPE = 'gatehouse';
const OTLP_KINDS = { internal: 1, server: 2, client: 3 } as const;
const ERROR = 2;

/** Attributes in the form of OTLP, as JSON. */
const otlpAttributes = (attributes: Readonly<Record<string, string | number>>): string => {
  let text = '';
  for (const key in attributes) {
    const value = attributes[key] ?? '';
    const written = typeof value === 'number' ? `{"intValue":"${value}"}` : `{"stringValue":${JSON.stringify(value)}}`;
    text += `${text === '' ? '' : ','}{"key":${JSON.stringify(key)},"value":${written}}`;
  }
  return `[${text}]`;
};

/** The body of an OTLP/HTTP export in its JSON form (OpenTelemetry protocol 1). Written by hand: objects made only to be written cost twice the time. */
export const otlpBody = (spans: readonly Span[], resource: ResourceAttributes): string =>
  `{"resourceSpans":[{"resource":{"attributes":${otlpAttributes(resource)}},"scopeSpans":[{"scope":{"name":"${SCOPE}"},"spans":[${spans.map(otlpSpan).join(',')}]}]}]}`;

const otlpSpan = ({ traceId, spanId, parentId, traceState, name, kind, startUs, endUs, attributes, isError }: Span): string => {
  const parent = parentId === null ? '' : `,"parentSpanId":"${parentId}"`;
  const state = traceState === null ? '' : `,"traceState":${JSON.stringify(traceState)}`;
  // A number of JSON does not hold nanoseconds of this age.
  const times = `"startTimeUnixNano":"${startUs}000","endTimeUnixNano":"${endUs}000"`;
  const status = isError ? `{"code":${ERROR}}` : '{}';
  return `{"traceId":"${traceId}","spanId":"${spanId}"${parent}${state},"name":${JSON.stringify(name)},"kind":${OTLP_KINDS[kind]},${times},"attributes":${otlpAttributes(attributes)},"status":${status}}`;
};

/** The body of a Zipkin v2 export. */
export const zipkinBody = (spans: readonly Span[], resource: ResourceAttributes): string =>
  JSON.stringify(
    spans.map((span) => ({
      traceId: span.traceId,
      id: span.spanId,
      ...(span.parentId !== null && { parentId: span.parentId }),
      name: span.name,
      ...(span.kind !== 'internal' && { kind: span.kind.toUpperCase() }),
      timestamp: span.startUs,
      duration: Math.max(1, span.endUs - span.startUs),
      localEndpoint: { serviceName: resource['service.name'] },
      tags: {
        ...resource,
        ...Object.fromEntries(Object.entries(span.attributes).map(([key, value]) => [key, String(value)])),
        ...(span.isError && { error: 'true' }),
      },
    })),
  );

/** A line of the log tracer (`reference/operations.md` §10); the latency is in milliseconds. */
export const spanLine = (span: Span): string =>
  `${JSON.stringify({
    'Span Id': span.spanId,
    'Tracer Id': span.traceId,
    Operation: span.name,
    Latency: Math.round((span.endUs - span.startUs) / 1_000),
    Tags: span.attributes,
  })}\n`;

/**
 * The attributes of every span: those configured, over them `key=value,…` with escapes (the form of `OTEL_RESOURCE_ATTRIBUTES`). The service has a name in any
 * case.
 */
export const resourceOf = (
  configured: readonly { readonly name: string; readonly value: string }[],
  variable: string,
): ResourceAttributes => ({
  'service.name': 'gatehouse',
  ...Object.fromEntries(configured.map(({ name, value }) => [name, value])),
  ...Object.fromEntries(
    variable.split(',').flatMap((pair): [string, string][] => {
      const equals = pair.indexOf('=');
      const name = pair.slice(0, Math.max(0, equals)).trim();
      return name === '' ? [] : [[name, unescaped(pair.slice(equals + 1).trim())]];
    }),
  ),
});

const unescaped = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
