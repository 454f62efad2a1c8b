import { IsInt, IsPositive, Max, Min } from 'class-validator';
import { Section, Setting } from '../setting.js';

class HttpsPropertiesConfig {
  @Setting('HTTPS port of the REST APIs, the key manager and the health checks.')
  @IsInt()
  @Min(1)
  @Max(65_535)
  readonly port: number = 9443;

  @Setting(
    'Port in the URLs that the server hands out and in its issuer, where a proxy or load balancer stands before it: the same for all servers of one database. `0`: the server’s own.',
    { key: 'proxyPort' },
  )
  @IsInt()
  @Min(0)
  @Max(65_535)
  readonly proxyPort: number = 0;
}

class HttpsTransportConfig {
  @Section(HttpsPropertiesConfig)
  readonly properties = new HttpsPropertiesConfig();
}

export class TransportConfig {
  @Section(HttpsTransportConfig)
  readonly https = new HttpsTransportConfig();

  @Setting('Largest JSON body of a management request, in bytes.')
  @IsInt()
  @IsPositive()
  readonly bodyBytesMax: number = 10 * 1_048_576;
}
