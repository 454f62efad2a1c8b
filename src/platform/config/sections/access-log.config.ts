import { IsIn, IsInt, IsString, Matches, Max, Min, MinLength } from 'class-validator';
import { Setting } from '../setting.js';

const FILE_PART = /^[\w.-]*$/;
const PATTERN = '%h %l %u %t %r %s %b %{Referer}i %{User-Agent}i %T';
const FORMATS = ['json', 'pattern'] as const;

/** `[http_access_log]`: the product's access log of the management port (`reference/operations.md` §1.1). */
export class HttpAccessLogConfig {
  @Setting('Write a line for each request of the management port.')
  readonly enabled: boolean = false;

  @Setting('Folder of the files, below `server.data_dir` unless it is absolute.')
  @MinLength(1)
  readonly directory: string = 'logs';

  @Setting('Beginning of a file’s name; the date follows.')
  @Matches(FILE_PART)
  readonly prefix: string = 'http_access_';

  @Setting('End of a file’s name.')
  @Matches(FILE_PART)
  readonly suffix: string = '.log';

  @Setting('What a line holds; see docs/observability.md.')
  @IsString()
  readonly pattern: string = PATTERN;

  @Setting('For how many days files are kept; 0 keeps them all.', { key: 'maxDays' })
  @IsInt()
  @Min(0)
  readonly maxDays: number = 30;
}

/** `[gateway.access_log]`. */
export class GatewayAccessLogConfig {
  @Setting('Write a line for each request of the gateway.')
  readonly enable: boolean = false;

  @Setting('`json`: an object a line; `pattern`: as `pattern` says.')
  @IsIn(FORMATS)
  readonly format: (typeof FORMATS)[number] = 'json';

  @Setting('What a line holds; see docs/observability.md.')
  @IsString()
  readonly pattern: string = PATTERN;

  @Setting('Folder of the files, below `server.data_dir` unless it is absolute.')
  @MinLength(1)
  readonly directory: string = 'logs';

  @Setting('Beginning of a file’s name; the date follows.')
  @Matches(FILE_PART)
  readonly prefix: string = 'http_gw_';

  @Setting('End of a file’s name.')
  @Matches(FILE_PART)
  readonly suffix: string = '.log';

  @Setting('For how many days files are kept; 0 keeps them all.')
  @IsInt()
  @Min(0)
  readonly maxDays: number = 30;
}

/** `[gateway.api_log]`. */
export class GatewayApiLogConfig {
  @Setting('Folder of `api.log`, below `server.data_dir` unless it is absolute.')
  @MinLength(1)
  readonly directory: string = 'logs';

  @Setting('For how many days files are kept; 0 keeps them all.')
  @IsInt()
  @Min(0)
  readonly maxDays: number = 30;

  @Setting('How much of a body is written at the level `FULL`, in bytes; the rest is cut off.')
  @IsInt()
  @Min(0)
  @Max(1_048_576)
  readonly payloadBytesMax: number = 65_536;
}

/** `[gateway.metrics]`. */
export class GatewayMetricsConfig {
  @Setting('Count for Prometheus, which reads `/metrics` of the management port.')
  readonly enable: boolean = false;

  @Setting('Bearer token that `/metrics` asks for; empty: whoever reaches the management port may read it.', { secret: true })
  @IsString()
  readonly token: string = '';

  @Setting('Time series of APIs at most; further APIs count together as `other`.')
  @IsInt()
  @Min(100)
  readonly seriesMax: number = 20_000;
}
