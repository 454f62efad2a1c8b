import { IsIn, IsInt, IsNumber, IsString, Max, Min, MinLength } from 'class-validator';
import { Section, Sections, Setting } from '../setting.js';

const TRACERS = ['otlp', 'zipkin', 'jaeger'] as const;

class TracerPropertyConfig {
  @Setting('Name of a header sent with every export.')
  @IsString()
  @MinLength(1)
  readonly name: string = 'Authorization';

  @Setting('Its value.', { secret: true })
  @IsString()
  readonly value: string = '';
}

class ResourceAttributeConfig {
  @Setting('Name of the attribute, such as `deployment.environment.name`.')
  @IsString()
  @MinLength(1)
  readonly name: string = 'service.name';

  @Setting('Its value.')
  @IsString()
  readonly value: string = '';
}

class RemoteTracerConfig {
  @Setting('Send traces to a collector.')
  readonly enable: boolean = false;

  @Setting('How: `otlp` (OTLP over HTTP, JSON), `zipkin`, or `jaeger`, which is OTLP as well.')
  @IsIn(TRACERS)
  readonly name: (typeof TRACERS)[number] = 'otlp';

  @Setting('Host of the collector, where `url` is empty.')
  @IsString()
  readonly hostname: string = 'localhost';

  @Setting('Port of the collector; 0: 4318 for OTLP, 9411 for Zipkin.')
  @IsInt()
  @Min(0)
  @Max(65_535)
  readonly port: number = 0;

  @Setting('Whole address that spans are posted to, such as `http://localhost:4318/v1/traces`; empty: made of host and port.')
  @IsString()
  readonly url: string = '';

  @Sections(TracerPropertyConfig, 'Headers of an export.')
  readonly properties: readonly TracerPropertyConfig[] = [];
}

class LogTracerConfig {
  @Setting('Write every span as a line of `logs/wso2-apimgt-open-tracing.log` below `server.data_dir`.')
  readonly enable: boolean = false;
}

/** `[apim.open_telemetry]`; the product's keys (`reference/operations.md` §10) and `sampling_ratio`. */
export class OpenTelemetryConfig {
  @Setting('Share of the requests that are traced, from 0 to 1, of those whose caller has not decided by a `traceparent` of its own.')
  @IsNumber()
  @Min(0)
  @Max(1)
  readonly samplingRatio: number = 0.1;

  @Setting(
    'Attributes of the resource as `key=value,key=value`; the variable `OTEL_RESOURCE_ATTRIBUTES` sets it. Wins over `resource_attributes`.',
  )
  @IsString()
  readonly otelResourceAttributes: string = '';

  @Section(RemoteTracerConfig, 'Traces for a collector. Only one tracer runs at a time: this one before the log.')
  readonly remoteTracer = new RemoteTracerConfig();

  @Section(LogTracerConfig)
  readonly logTracer = new LogTracerConfig();

  @Sections(ResourceAttributeConfig, 'Attributes that every span carries.')
  readonly resourceAttributes: readonly ResourceAttributeConfig[] = [];
}
