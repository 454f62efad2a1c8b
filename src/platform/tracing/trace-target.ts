import { StartError } from '../config/config-error.js';
import type { OpenTelemetryConfig } from '../config/sections/open-telemetry.config.js';
import { otlpBody, type ResourceAttributes, zipkinBody } from './span-formats.js';
import type { SpanTarget } from './trace-exporter.js';

const OTLP_PORT = 4318;
const ZIPKIN_PORT = 9411;
/** Jaeger's own gRPC, which files of the product name: where it listens, Jaeger takes OTLP beside it. */
const JAEGER_GRPC_PORT = 14_250;

/** Where the configured tracer sends its spans, and how. @throws StartError for an address that is none. */
export const spanTarget = (
  { name, url, hostname, port, properties }: OpenTelemetryConfig['remoteTracer'],
  resource: ResourceAttributes,
): SpanTarget => {
  const isZipkin = name === 'zipkin';
  const otlpPort = port === 0 || port === JAEGER_GRPC_PORT ? OTLP_PORT : port;
  const usual = isZipkin ? `http://${hostname}:${port || ZIPKIN_PORT}/api/v2/spans` : `http://${hostname}:${otlpPort}/v1/traces`;
  const address = url === '' ? usual : url;
  if (!/^https?:/.test(address) || !URL.canParse(address))
    throw new StartError(`apim.open_telemetry.remote_tracer.url: ${address} is no address of HTTP`);
  return {
    url: address,
    headers: Object.fromEntries(properties.map((property) => [property.name, property.value])),
    body: (spans) => (isZipkin ? zipkinBody : otlpBody)(spans, resource),
  };
};
