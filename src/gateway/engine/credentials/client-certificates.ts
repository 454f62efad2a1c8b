import { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { ClientCertificateDocument, KeyType } from '../../../domain/gateway-documents.js';
import { DirectCaller } from './direct-caller.js';

/** An entry of an API's list. */
interface Listed {
  readonly document: ClientCertificateDocument;
  readonly certificate: PresentedCertificate;
}

/** The client that holds one of an API's certificates. */
export class CertifiedClient extends DirectCaller {
  readonly applicationName = 'MutualSSLAuthApplication';
  /** Only the plan of the certificate and a limit of the whole API hold (`reference/key-manager.md` §6.4). */
  readonly isLimitedByOperation = false;
  readonly keyType: KeyType;
  readonly plan: string;

  constructor(
    private readonly listed: Listed,
    readonly certificate: PresentedCertificate,
  ) {
    super();
    this.keyType = listed.document.keyType;
    this.plan = listed.document.tier;
  }

  /** Whether the certificate that lets it in, its own or an issuer's, is valid. */
  isListed(now: number): boolean {
    return this.listed.certificate.isValid(now);
  }

  /** Its certificate's CN. */
  get name(): string {
    return this.certificate.commonName;
  }

  get counted(): string {
    return `${this.applicationName}:${this.certificate.fingerprint}`;
  }
}

/** Longest chain that is followed. */
const CHAIN_MAX = 10;

/** A certificate, taken apart once. */
export class PresentedCertificate {
  readonly fingerprint: string;
  readonly commonName: string;
  private readonly validFrom: number;
  private readonly validTo: number;
  private readonly known = new WeakMap<object, CertifiedClient>();

  constructor(readonly x509: X509Certificate) {
    this.fingerprint = x509.fingerprint256;
    this.commonName = /^CN=(.*)$/m.exec(x509.subject ?? '')?.[1] ?? (x509.subject ?? '').replaceAll('\n', ', ');
    this.validFrom = x509.validFromDate.getTime();
    this.validTo = x509.validToDate.getTime();
  }

  isValid(now: number): boolean {
    // Written so that a date that is none refuses the certificate.
    return this.validFrom <= now && now <= this.validTo;
  }

  /** Worked out once for each list of certificates. What does not match is looked for again: an issuer may become valid. */
  matchIn(certificates: ClientCertificates, now: number): CertifiedClient | undefined {
    const known = this.known.get(certificates);
    if (known?.isListed(now)) return known;
    const found = certificates.find(this, now);
    if (found !== undefined) this.known.set(certificates, found);
    return found;
  }
}

/** The certificates of an API's clients. */
export class ClientCertificates {
  private readonly byFingerprint = new Map<string, CertifiedClient>();
  private readonly issuers: Listed[] = [];

  /** `followsChains`: clients whose certificate one of these has issued are let in too. Entries that cannot be read are told and left out. */
  constructor(
    documents: readonly ClientCertificateDocument[],
    followsChains: boolean,
    unreadable: (alias: string, error: unknown) => void,
  ) {
    for (const document of documents) {
      try {
        const certificate = new PresentedCertificate(new X509Certificate(document.pem));
        // One that is listed for both kinds of keys is one of production.
        if (document.keyType === 'PRODUCTION' || !this.byFingerprint.has(certificate.fingerprint))
          this.byFingerprint.set(certificate.fingerprint, new CertifiedClient({ document, certificate }, certificate));
        if (followsChains && certificate.x509.ca) this.issuers.push({ document, certificate });
      } catch (err) {
        unreadable(document.alias, err);
      }
    }
  }

  find(presented: PresentedCertificate, now: number): CertifiedClient | undefined {
    return this.byFingerprint.get(presented.fingerprint) ?? this.issuedBy(presented, now);
  }

  /** Follows the chain that the client presented, each link proven by its signature, until one of ours has issued a link. */
  private issuedBy(presented: PresentedCertificate, now: number): CertifiedClient | undefined {
    if (this.issuers.length === 0) return undefined;
    let link = presented.x509;
    for (let i = 0; i < CHAIN_MAX; i += 1) {
      const issuer = this.issuers.find(({ certificate }) => certificate.isValid(now) && hasIssued(certificate.x509, link));
      if (issuer !== undefined) return new CertifiedClient(issuer, presented);
      const next = link.issuerCertificate;
      if (next === undefined || !next.ca || !isValidAt(next, now) || !hasIssued(next, link)) return undefined;
      link = next;
    }
    return undefined;
  }
}

export const hasIssued = (issuer: X509Certificate, certificate: X509Certificate): boolean =>
  certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);

const isValidAt = (certificate: X509Certificate, now: number): boolean =>
  certificate.validFromDate.getTime() <= now && now <= certificate.validToDate.getTime();

const bySocket = new WeakMap<TLSSocket, PresentedCertificate | 'none'>();

/** The certificate whose key the client of the connection holds; read once per connection. */
export const certificateOf = (socket: TLSSocket): PresentedCertificate | undefined => {
  let known = bySocket.get(socket);
  if (known === undefined) {
    const certificate = socket.getPeerX509Certificate();
    known = certificate === undefined ? 'none' : new PresentedCertificate(certificate);
    bySocket.set(socket, known);
  }
  return known === 'none' ? undefined : known;
};
