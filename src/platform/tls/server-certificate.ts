import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createSecureContext } from 'node:tls';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Installation } from '../config/installation.js';
import { CryptoConfig } from '../config/sections/crypto.config.js';
import { KeystoreConfig } from '../config/sections/keystore.config.js';
import { ServerConfig } from '../config/sections/server.config.js';
import { Log } from '../logging/log.js';
import { serverCertificate, type TlsFiles } from './certificate.js';
import { isConfigured, readKeyStore } from './key-store.js';

type Listener = (files: TlsFiles) => void;

/** The certificate of the HTTPS ports: that of `keystore.tls`, or the one in the data folder. A new one in the same file is taken up without a restart. */
@Injectable()
export class ServerCertificate implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private seen = '';
  private held: Promise<TlsFiles> | undefined;
  private readonly listeners: Listener[] = [];

  constructor(
    private readonly config: KeystoreConfig,
    private readonly crypto: CryptoConfig,
    private readonly server: ServerConfig,
    private readonly installation: Installation,
    private readonly log: Log,
  ) {}

  /** @throws StartError for a key store that cannot be used, before anything was written. */
  async onModuleInit(): Promise<void> {
    await this.files();
  }

  onApplicationBootstrap(): void {
    const { reloadIntervalMs } = this.config;
    if (reloadIntervalMs === 0) return;
    this.timer = setInterval(() => void this.look(), reloadIntervalMs);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** @throws StartError for a key store that cannot be used. */
  files(): Promise<TlsFiles> {
    this.held ??= this.read();
    return this.held;
  }

  /** Tells of every later one. */
  onChange(listener: Listener): void {
    this.listeners.push(listener);
  }

  private async read(): Promise<TlsFiles> {
    const { tls } = this.config;
    const files = isConfigured(tls)
      ? await readKeyStore('keystore.tls', tls, this.crypto)
      : await serverCertificate(this.installation.dataDir, this.server.hostname);
    createSecureContext({ cert: files.certificate, key: files.key }); // throws for what TLS does not take
    this.seen = this.version();
    return files;
  }

  private async look(): Promise<void> {
    try {
      if (this.version() === this.seen) return;
      const files = await this.read();
      this.held = Promise.resolve(files);
      for (const listener of this.listeners) listener(files);
      this.log.info('the certificate of the HTTPS ports was replaced');
    } catch (err) {
      // Half-written, or wrong: the one in use stays, and the file is looked at again.
      this.log.warn({ err }, 'the new certificate of the HTTPS ports cannot be used');
    }
  }

  /** What changes when the file does. */
  private version(): string {
    const folder = join(this.installation.dataDir, 'tls');
    const files = isConfigured(this.config.tls)
      ? [resolve(this.config.tls.fileName)]
      : [join(folder, 'server.crt'), join(folder, 'server.key')];
    return files
      .map((file) => statSync(file))
      .map(({ ino, mtimeMs, size }) => `${ino} ${mtimeMs} ${size}`)
      .join();
  }
}
