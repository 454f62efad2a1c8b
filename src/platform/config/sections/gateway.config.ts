import { createPublicKey } from 'node:crypto';
import { IsArray, IsInt, IsPositive, IsString, Matches, Max, Min, MinLength, ValidateBy } from 'class-validator';
import { Section, Sections, Setting } from '../setting.js';
import { GatewayAccessLogConfig, GatewayApiLogConfig, GatewayMetricsConfig } from './access-log.config.js';
import { HostCertificateConfig } from './keystore.config.js';

const isRsaKeyOrEmpty = (value: unknown): boolean => {
  try {
    return value === '' || (typeof value === 'string' && createPublicKey(value).asymmetricKeyType === 'rsa');
  } catch {
    return false;
  }
};

const IsRsaKey = () =>
  ValidateBy({
    name: 'isRsaKey',
    validator: { validate: isRsaKeyOrEmpty, defaultMessage: () => '$property must be a certificate or a public key of RSA, as PEM' },
  });

/** `[[gateway.api_key_certificate]]`. */
export class ApiKeyCertificateConfig {
  @Setting('Name under which keys refer to it (`kid`): the alias in the other installation’s trust store.')
  @IsString()
  @MinLength(1)
  readonly alias: string = 'gateway_certificate_alias';

  @Setting('The certificate, or its public key, as PEM; empty accepts none.')
  @IsRsaKey()
  readonly certificate: string = '';
}

const AddressOrEmpty = () => Matches(/^(https?:\/\/\S+)?$/, { message: '$property must be an http or https address, or empty' });

/** `[gateway.aws]`. */
export class GatewayAwsConfig {
  @Setting('Address at which AWS functions are called, for a private endpoint; empty: `https://lambda.<region>.amazonaws.com`.')
  @AddressOrEmpty()
  readonly lambdaUrl: string = '';

  @Setting('Address at which roles of AWS are assumed, for a private endpoint; empty: that of the role’s region.')
  @AddressOrEmpty()
  readonly stsUrl: string = '';
}

/** `[gateway.scripts]`. */
export class ScriptsConfig {
  @Setting('CPU time that one run of a script of a user may take, in milliseconds; other requests of the worker wait for it.')
  @IsInt()
  @Min(1)
  @Max(1_000)
  readonly cpuMs: number = 5;

  @Setting('Memory that one run of a script may take, in bytes; a worker that runs scripts keeps up to that much and 16 MiB more.')
  @IsInt()
  @Min(1_048_576)
  @Max(268_435_456)
  readonly memoryBytesMax: number = 16_777_216;
}

/** `[gateway.rate_limit_headers]`. */
export class RateLimitHeadersConfig {
  @Setting('`X-RateLimit-Limit`, `X-RateLimit-Remaining` and `X-RateLimit-Reset` (epoch seconds).')
  readonly xRateLimit: boolean = false;

  @Setting('`RateLimit` and `RateLimit-Policy`, as the IETF drafts them (draft-ietf-httpapi-ratelimit-headers-11).')
  readonly rateLimit: boolean = false;
}

export class GatewayConfig {
  @Setting('HTTP port for API traffic.')
  @IsInt()
  @Min(1)
  @Max(65_535)
  readonly httpPort: number = 8280;

  @Setting('HTTPS port for API traffic.')
  @IsInt()
  @Min(1)
  @Max(65_535)
  readonly httpsPort: number = 8243;

  @Setting('Offer HTTP/2 on the HTTPS port.')
  readonly http2: boolean = true;

  @Setting('Requests at a time on one HTTP/2 connection.')
  @IsInt()
  @Min(1)
  @Max(10_000)
  readonly http2StreamsMax: number = 128;

  @Sections(HostCertificateConfig, 'Certificates of single host names; every other name gets that of `keystore.tls`.')
  readonly certificate: readonly HostCertificateConfig[] = [];

  @Setting('Worker threads: `auto` is the number of cores less one, at least one.')
  @Matches(/^(auto|[1-9]\d?)$/)
  readonly workers: string = 'auto';

  @Setting(
    'Memory that one worker may fill, in megabytes; it ends with an error and is started again when that is not enough. An API of twenty operations takes 20 kB, and 45 kB once all of them were called.',
  )
  @IsInt()
  @Min(256)
  @Max(65_536)
  readonly workerMemory: number = 2_048;

  @Setting('Labels of the environments this gateway serves.')
  @IsArray()
  @IsString({ each: true })
  readonly labels: readonly string[] = ['Default'];

  @Setting('How long a backend may take to answer, and to go on answering, in milliseconds.')
  @IsInt()
  @IsPositive()
  readonly upstreamTimeoutMs: number = 120_000;

  @Setting('How long connecting to a backend may take, in milliseconds.')
  @IsInt()
  @IsPositive()
  readonly connectTimeoutMs: number = 10_000;

  @Setting('Most connections a worker keeps to one backend.')
  @IsInt()
  @IsPositive()
  readonly connectionsPerBackend: number = 256;

  @Setting('Speak HTTP/2 to backends that offer it; only over TLS.')
  readonly backendHttp2: boolean = false;

  @Setting('Largest header block of a request or an answer, in bytes.')
  @IsInt()
  @Min(4_096)
  @Max(1_048_576)
  readonly headerBytesMax: number = 32_768;

  @Setting('How long a client may be idle on an open connection, in milliseconds.')
  @IsInt()
  @IsPositive()
  readonly clientIdleMs: number = 180_000;

  @Setting('Addresses and networks whose `X-Forwarded-For` is believed; empty believes none.')
  @IsArray()
  @IsString({ each: true })
  readonly trustedProxies: readonly string[] = [];

  @Setting('Verified tokens a worker remembers.')
  @IsInt()
  @IsPositive()
  readonly verifiedTokensMax: number = 50_000;

  @Setting('API keys a worker remembers by their value.')
  @IsInt()
  @IsPositive()
  readonly apiKeysMax: number = 50_000;

  @Sections(ApiKeyCertificateConfig, 'Signers of API keys that an older release issued as JWTs. Without one no such key is accepted.')
  readonly apiKeyCertificate: readonly ApiKeyCertificateConfig[] = [];

  @Section(RateLimitHeadersConfig, 'Headers that tell callers how much of their limits is left; see docs/throttling-limits.md.')
  readonly rateLimitHeaders = new RateLimitHeadersConfig();

  @Section(GatewayAwsConfig, 'Backends at AWS.')
  readonly aws = new GatewayAwsConfig();

  @Section(ScriptsConfig, 'What a script that a user wrote may take: a policy, a script mediator, a mock.')
  readonly scripts: ScriptsConfig = new ScriptsConfig();

  @Setting(
    'Largest body that policies of an API or checks of its messages read, in bytes. It is held in memory meanwhile; a larger one is refused.',
  )
  @IsInt()
  @Min(1_024)
  readonly mediatedBodyBytesMax: number = 10_485_760;

  @Setting('Memory for answers that are kept for APIs with response caching, in bytes, shared evenly by the workers. 0 keeps none.')
  @IsInt()
  @Min(0)
  readonly responseCacheBytesMax: number = 67_108_864;

  @Setting('How long the process waits for running requests when it stops, in milliseconds.')
  @IsInt()
  @Min(0)
  readonly drainMs: number = 10_000;

  @Setting(
    'Give every request a correlation id (`activityid`) that brings none. Requests that are traced, or written to the access log, get one in any case.',
  )
  readonly alwaysCorrelate: boolean = false;

  @Section(GatewayAccessLogConfig, 'Access log of the gateway: a line for each request.')
  readonly accessLog = new GatewayAccessLogConfig();

  @Section(GatewayApiLogConfig, 'Log of single APIs, which the DevOps API switches on; see docs/api-logging.md.')
  readonly apiLog = new GatewayApiLogConfig();

  @Section(GatewayMetricsConfig, 'Metrics for Prometheus.')
  readonly metrics = new GatewayMetricsConfig();
}

/** Who signed the API keys of older releases, as plain values. */
export const apiKeySigners = ({ apiKeyCertificate }: GatewayConfig): readonly { readonly alias: string; readonly certificate: string }[] =>
  apiKeyCertificate.filter(({ certificate }) => certificate !== '').map(({ alias, certificate }) => ({ alias, certificate }));
