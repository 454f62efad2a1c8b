import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { StartError } from '../config/config-error.js';
import { CryptoConfig } from '../config/sections/crypto.config.js';
import { GatewayConfig } from '../config/sections/gateway.config.js';
import { KeystoreConfig } from '../config/sections/keystore.config.js';
import { Log } from '../logging/log.js';
import { readKeyStore } from './key-store.js';

/** A certificate and its key as PEM, and the names it is for. */
export interface HostCertificate {
  readonly names: readonly string[];
  readonly cert: string;
  readonly key: string;
}

/** The certificates of single host names at the gateway (`[[gateway.certificate]]`). New ones in the same files are taken up without a restart. */
@Injectable()
export class HostCertificates implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private seen = '';
  private held: Promise<readonly HostCertificate[]> | undefined;
  private readonly listeners: (() => void)[] = [];

  constructor(
    private readonly gateway: GatewayConfig,
    private readonly keystore: KeystoreConfig,
    private readonly crypto: CryptoConfig,
    private readonly log: Log,
  ) {}

  /** @throws StartError for a file that cannot be used. */
  async onModuleInit(): Promise<void> {
    await this.all();
  }

  onApplicationBootstrap(): void {
    const { reloadIntervalMs } = this.keystore;
    if (reloadIntervalMs === 0 || this.configured.length === 0) return;
    this.timer = setInterval(() => void this.look(), reloadIntervalMs);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** @throws StartError for a file that cannot be used. */
  all(): Promise<readonly HostCertificate[]> {
    this.held ??= this.read();
    return this.held;
  }

  /** Tells of every later change. */
  onChange(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** An entry that says nothing is none. */
  private get configured(): GatewayConfig['certificate'] {
    return this.gateway.certificate.filter(({ hosts, fileName }) => hosts.length > 0 || fileName !== '');
  }

  private async read(): Promise<readonly HostCertificate[]> {
    const read = await Promise.all(
      this.configured.map(async (config, index) => {
        if (config.hosts.length === 0)
          throw new StartError(`gateway.certificate[${index}].hosts: name the hosts that ${config.fileName} is for`);
        if (config.fileName === '')
          throw new StartError(`gateway.certificate[${index}].file_name: name the file for ${config.hosts.join(', ')}`);
        const { certificate: cert, key } = await readKeyStore(`gateway.certificate[${index}]`, config, this.crypto);
        createSecureContext({ cert, key }); // throws for what TLS does not take
        return { names: config.hosts, cert, key };
      }),
    );
    this.seen = this.version();
    return read;
  }

  private async look(): Promise<void> {
    try {
      if (this.version() === this.seen) return;
      this.held = Promise.resolve(await this.read());
      for (const listener of this.listeners) listener();
      this.log.info('the certificates of host names were replaced');
    } catch (err) {
      // Half-written, or wrong: those in use stay, and the files are looked at again.
      this.log.warn({ err }, 'a new certificate of a host name cannot be used');
    }
  }

  /** What changes when a file does. */
  private version(): string {
    return this.configured
      .map(({ fileName }) => statSync(resolve(fileName)))
      .map(({ ino, mtimeMs, size }) => `${ino} ${mtimeMs} ${size}`)
      .join();
  }
}
