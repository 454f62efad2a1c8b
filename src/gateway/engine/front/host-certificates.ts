import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import type { TlsSettings } from '../messages.js';

/** The certificates of the HTTPS port by the name that a client asks for (RFC 6066 §3). */
export class HostCertificates {
  private readonly exact = new Map<string, SecureContext>();
  private readonly wildcards = new Map<string, SecureContext>();

  /** `options` are those of the port as a whole. */
  constructor({ hosts = [] }: TlsSettings, options: SecureContextOptions) {
    for (const { names, key, cert } of hosts) {
      const context = createSecureContext({ ...options, key, cert });
      for (const name of names) {
        const lower = name.toLowerCase();
        if (lower.startsWith('*.')) this.wildcards.set(lower.slice(1), context);
        else this.exact.set(lower, context);
      }
    }
  }

  /** An exact name goes before a wildcard, which stands for one label; undefined leaves the port's own certificate. */
  find(name: string): SecureContext | undefined {
    const lower = name.toLowerCase().replace(/\.$/, '');
    const dot = lower.indexOf('.');
    return this.exact.get(lower) ?? (dot > 0 ? this.wildcards.get(lower.slice(dot)) : undefined);
  }
}
