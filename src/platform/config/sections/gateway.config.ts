import { createPublicKey } from 'node:crypto';
import { IsArray, IsInt, IsPositive, IsString, Matches, Max, Min, MinLength, ValidateBy } from 'class-validator';
import { Sections, Setting } from '../setting.js';

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

  @Setting('Worker threads: `auto` is the number of cores less one, at least one.')
  @Matches(/^(auto|[1-9]\d?)$/)
  readonly workers: string = 'auto';

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

  @Setting('How long the process waits for running requests when it stops, in milliseconds.')
  @IsInt()
  @Min(0)
  readonly drainMs: number = 10_000;
}

/** Who signed the API keys of older releases, as plain values. */
export const apiKeySigners = ({ apiKeyCertificate }: GatewayConfig): readonly { readonly alias: string; readonly certificate: string }[] =>
  apiKeyCertificate.filter(({ certificate }) => certificate !== '').map(({ alias, certificate }) => ({ alias, certificate }));
