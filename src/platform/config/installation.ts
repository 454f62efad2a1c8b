import { resolve } from 'node:path';
import { FixedKeys, type KeyRing } from '../crypto/key-ring.js';
import type { Config } from './config.js';
import type { Profile } from './profiles.js';

/** What follows from the configuration as a whole: ports with their offset, URLs, folders, the encryption key in force. */
export class Installation {
  readonly dataDir: string;
  readonly managementPort: number;
  readonly gatewayHttpPort: number;
  readonly gatewayHttpsPort: number;
  /** `https://<host>:<port>` of the REST APIs and the key manager, as clients reach them; without the port where it is that of HTTPS. */
  readonly managementUrl: string;
  readonly gatewayHttpUrl: string;
  readonly gatewayHttpsUrl: string;

  constructor(
    config: Config,
    readonly profile: Profile,
    /** The AES-256 key in force at the start, 64 hexadecimal digits; empty for a gateway on its own. It may be replaced while the process runs: see `keys`. */
    readonly encryptionKey: string,
    /** The keys for stored secrets as they are now. */
    readonly keys: KeyRing = new FixedKeys([encryptionKey]),
  ) {
    const { hostname, offset, dataDir } = config.server;
    this.dataDir = resolve(dataDir);
    const { port, proxyPort } = config.transport.https.properties;
    this.managementPort = port + offset;
    this.gatewayHttpPort = config.gateway.httpPort + offset;
    this.gatewayHttpsPort = config.gateway.httpsPort + offset;
    this.managementUrl = new URL(`https://${hostname}:${proxyPort || this.managementPort}`).origin;
    this.gatewayHttpUrl = `http://${hostname}:${this.gatewayHttpPort}`;
    this.gatewayHttpsUrl = `https://${hostname}:${this.gatewayHttpsPort}`;
  }
}
