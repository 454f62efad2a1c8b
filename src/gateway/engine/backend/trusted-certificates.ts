import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import type { EndpointCertificateDocument } from '../../../domain/gateway-documents.js';

const HTTPS_PORT = '443';

/** The certificates that tenants trust for single backends, besides those that everybody does. */
export class TrustedCertificates {
  private readonly tenants = new Map<string, Map<string, EndpointCertificateDocument>>();

  apply(organization: string, alias: string, document: EndpointCertificateDocument | null): void {
    const known = this.tenants.get(organization) ?? new Map<string, EndpointCertificateDocument>();
    this.tenants.set(organization, known);
    if (document === null) known.delete(alias);
    else known.set(alias, document);
    if (known.size === 0) this.tenants.delete(organization);
  }

  /** What a tenant's connections to the origin trust; undefined where it adds nothing. */
  contextFor(organization: string, origin: string): SecureContext | undefined {
    const { hostname, port } = new URL(origin);
    const servers = [hostname, `${hostname}:${port || HTTPS_PORT}`];
    const all = [...(this.tenants.get(organization)?.values() ?? [])];
    const own = all.filter(({ server }) => servers.includes(server)).map(({ pem }) => pem);
    if (own.length === 0) return undefined;
    // A backend's own certificate is enough, whoever issued it.
    return createSecureContext({ ca: [...getCACertificates('default'), ...own], allowPartialTrustChain: true });
  }
}
