import { X509Certificate } from 'node:crypto';
import type { ClientCertificateSettings } from '../messages.js';
import { hasIssued, PresentedCertificate } from './client-certificates.js';

/** Headers that were read before; whoever sends others all the time only costs its own reading. */
const REMEMBERED_MAX = 1_000;
const MARKERS = /-----(?:BEGIN|END) (?:TRUSTED |X509 )?CERTIFICATE-----/g;

/** The certificate in a load balancer's header; undefined when it is none. `isEncoded`: URL-encoded, or base64 of the PEM text or of DER. */
export const readForwarded = (value: string, isEncoded: boolean): X509Certificate | undefined => {
  try {
    const text = isEncoded ? decoded(value) : value;
    // PEM text itself, its lines joined by spaces or not at all; or base64 of such text or of DER.
    return new X509Certificate(Buffer.from(text.replaceAll(MARKERS, '').replaceAll(/\s+/g, ''), 'base64'));
  } catch {
    return undefined;
  }
};

const decoded = (value: string): string => (value.includes('%') ? decodeURIComponent(value) : value);

/** Client certificates that a load balancer took and passes on in a header, and who is believed to be one (`reference/key-manager.md` §6.4). */
export class ForwardedCertificates {
  /** In lower case. */
  readonly header: string;
  private readonly proxies: readonly PresentedCertificate[];
  private readonly read = new Map<string, PresentedCertificate | 'none'>();

  /** `isTrustedAddress` tells the addresses of load balancers. Throws an `Error` on a certificate that cannot be read. */
  constructor(
    private readonly settings: ClientCertificateSettings,
    private readonly isTrustedAddress: (address: string) => boolean,
  ) {
    this.header = settings.header.toLowerCase();
    this.proxies = settings.trustedProxies.map((pem) => new PresentedCertificate(new X509Certificate(pem)));
  }

  get isForwarded(): boolean {
    return this.settings.isForwarded;
  }

  /** Whether the connection is a load balancer's: by its own certificate, or by its address where certificates of clients are not checked. */
  believes(own: PresentedCertificate | undefined, address: string, now: number): boolean {
    if (!this.settings.validatesClients && this.isTrustedAddress(address)) return true;
    if (own === undefined || !own.isValid(now)) return false;
    return this.proxies.some(
      (proxy) => proxy.isValid(now) && (proxy.fingerprint === own.fingerprint || (proxy.x509.ca && hasIssued(proxy.x509, own.x509))),
    );
  }

  certificate(value: string): PresentedCertificate | undefined {
    let known = this.read.get(value);
    if (known === undefined) {
      const certificate = readForwarded(value, this.settings.isEncoded);
      known = certificate === undefined ? 'none' : new PresentedCertificate(certificate);
      if (this.read.size >= REMEMBERED_MAX) this.read.clear();
      this.read.set(value, known);
    }
    return known === 'none' ? undefined : known;
  }
}
