import { IsString, Matches } from 'class-validator';
import { DURATION } from '../duration.js';
import { Section, Setting } from '../setting.js';

const MESSAGE = 'durations are written like 30s, 2m, 1h or 30d';

class HeartbeatConfig {
  @Setting('How often the gateway of this server says that it is there.')
  @Matches(DURATION, { message: MESSAGE })
  readonly notifyInterval: string = '30s';
}

class CleanupConfig {
  @Setting('After how long without a word a gateway counts as gone. At least three times the interval of its heartbeats is sensible.')
  @Matches(DURATION, { message: MESSAGE })
  readonly expiryTime: string = '2m';

  @Setting('After how long without a word a gateway is forgotten.')
  @Matches(DURATION, { message: MESSAGE })
  readonly dataRetentionPeriod: string = '30d';
}

/** `[apim.gateway_notification]`: what gateways tell of themselves. */
export class GatewayNotificationConfig {
  @Setting('Count acknowledgements of deployments.')
  readonly enabled: boolean = true;

  @Setting('Name of the gateway of this server; no two may have the same. Empty: one that is made up once and kept in the data folder.')
  @IsString()
  readonly gatewayId: string = '';

  @Section(HeartbeatConfig)
  readonly heartbeat = new HeartbeatConfig();

  @Section(CleanupConfig)
  readonly cleanup = new CleanupConfig();
}
