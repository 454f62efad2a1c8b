import { IsIn, IsInt, IsString, Max, Min } from 'class-validator';
import { Section, Setting } from '../setting.js';

const STORES = ['redis', 'valkey'] as const;
const COUNTERS = ['hazelcast', 'redis'] as const;
/** Below this, the store would count as away whenever the machine is busy. */
const WAIT_MS_MIN = 5;

/** A Redis or Valkey server; what `[apim.distributed_throttling.keyvalue_store]` and `[apim.redis_config]` have in common. */
export class KeyValueStoreConfig {
  @Setting('Host of the store.')
  @IsString()
  readonly host: string = 'localhost';

  @Setting('Port of the store.')
  @IsInt()
  @Min(1)
  @Max(65_535)
  readonly port: number = 6379;

  @Setting('Name for the store; empty: its default user.')
  @IsString()
  readonly user: string = '';

  @Setting('Password for the store; empty: it asks for none.', { secret: true })
  @IsString()
  readonly password: string = '';

  @Setting('Number of the database in the store.')
  @IsInt()
  @Min(0)
  readonly databaseId: number = 0;

  @Setting('Longest time for connecting, in milliseconds.')
  @IsInt()
  @Min(100)
  readonly connectionTimeout: number = 2_000;

  @Setting('Connect over TLS. The store’s certificate must be known to this machine or be in `ssl_ca_file`.')
  readonly ssl: boolean = false;

  @Setting('PEM file with the certificates that may have issued the store’s; empty: those that Node.js knows.')
  @IsString()
  readonly sslCaFile: string = '';
}

/** `[apim.distributed_throttling]`. */
export class DistributedThrottlingConfig {
  @Setting('Share the quotas of all levels with the other gateways that use the same store; see docs/distributed-throttling.md.')
  readonly enable: boolean = false;

  @Setting('The store: `redis` or `valkey`.')
  @IsIn(STORES)
  readonly type: (typeof STORES)[number] = 'redis';

  @Setting('How often the store is told of what is known only after its request was let through, such as tokens, in milliseconds.')
  @IsInt()
  @Min(1)
  @Max(60_000)
  readonly syncInterval: number = 10;

  @Setting('A request waits no longer than this for the store, in milliseconds; then the gateway goes by its share of the limit.')
  @IsInt()
  @Min(WAIT_MS_MIN)
  @Max(10_000)
  readonly waitMsMax: number = 50;

  @Section(KeyValueStoreConfig, 'Where the counters of quotas are kept.')
  readonly keyvalueStore = new KeyValueStoreConfig();
}

/** `[apim.redis_config]`. */
export class RedisConfig extends KeyValueStoreConfig {
  @Setting(
    'Names this gateway among those that share a store; every one needs a name of its own. Empty: one that is kept in the data folder.',
  )
  @IsString()
  readonly gatewayId: string = '';

  @Setting('No fewer gateways than this are assumed to share the limits while a store is away.')
  @IsInt()
  @Min(1)
  readonly minGatewayCount: number = 1;

  @Setting('A request waits no longer than this for the store, in milliseconds; then the gateway goes by its share of the limit.')
  @IsInt()
  @Min(WAIT_MS_MIN)
  @Max(10_000)
  readonly keyLockRetrievalTimeout: number = 50;
}

class CounterConfig {
  @Setting(
    '`redis` shares the limits of bursts and backends with the other gateways that use the store of `[apim.redis_config]`; `hazelcast` does not.',
  )
  @IsIn(COUNTERS)
  readonly type: (typeof COUNTERS)[number] = 'hazelcast';
}

class DistributedCountersConfig {
  @Section(CounterConfig)
  readonly counter = new CounterConfig();
}

/** `[throttling]`. */
export class GatewayThrottlingConfig {
  @Section(DistributedCountersConfig)
  readonly distributed = new DistributedCountersConfig();
}
