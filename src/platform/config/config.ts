import { ApimConfig } from './sections/apim.config.js';
import { DatabaseConfig } from './sections/database.config.js';
import { GatewayConfig } from './sections/gateway.config.js';
import { LogConfig } from './sections/log.config.js';
import { OauthConfig } from './sections/oauth.config.js';
import { EncryptionConfig, ServerConfig, SuperAdminConfig } from './sections/server.config.js';
import { TransportConfig } from './sections/transport.config.js';
import { Section } from './setting.js';

/** Everything that can be configured. Read once, validated, frozen; the documentation is made from these classes. */
export class Config {
  @Section(ServerConfig)
  readonly server = new ServerConfig();

  @Section(SuperAdminConfig)
  readonly superAdmin = new SuperAdminConfig();

  @Section(DatabaseConfig)
  readonly database = new DatabaseConfig();

  @Section(EncryptionConfig)
  readonly encryption = new EncryptionConfig();

  @Section(TransportConfig)
  readonly transport = new TransportConfig();

  @Section(GatewayConfig)
  readonly gateway = new GatewayConfig();

  @Section(OauthConfig)
  readonly oauth = new OauthConfig();

  @Section(ApimConfig)
  readonly apim = new ApimConfig();

  @Section(LogConfig)
  readonly log = new LogConfig();
}
