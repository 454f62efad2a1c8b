import { IsInt, IsPositive, Max, Min } from 'class-validator';
import { Section, Setting } from '../setting.js';

class HttpsPropertiesConfig {
  @Setting('HTTPS port of the REST APIs, the key manager and the health checks.')
  @IsInt()
  @Min(1)
  @Max(65_535)
  readonly port: number = 9443;
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
