import { BlockList, isIP } from 'node:net';
import type { ApiKeyDocument, KeyRestrictions, KeyType } from '../../../domain/gateway-documents.js';
import type { Grant, Grantee } from '../throttling/grants.js';
import { matchesPieces } from '../wildcard.js';

const ANY = '*';

/** From where a key may be used, compiled once. */
export class KeyOrigins {
  private readonly networks: BlockList | null;
  private readonly referers: readonly (readonly string[])[];

  /** Throws an `Error` on an entry that is neither an address nor a network. */
  constructor({ ips, referers }: KeyRestrictions) {
    this.networks = ips.length === 0 ? null : networksOf(ips);
    this.referers = referers.map((pattern) => pattern.split(ANY));
  }

  /** Whether nothing is restricted. */
  get areAll(): boolean {
    return this.networks === null && this.referers.length === 0;
  }

  /** Addresses decide where there are any; otherwise the `Referer` must be one of the permitted (`reference/key-manager.md` §6.1). */
  allow(address: string, referer: string | undefined): boolean {
    if (this.networks !== null) {
      const version = isIP(address);
      return version !== 0 && this.networks.check(address, version === 6 ? 'ipv6' : 'ipv4');
    }
    return referer !== undefined && this.referers.some((pieces) => matchesPieces(pieces, referer));
  }
}

/** Addresses and CIDR networks, ready to be asked. Throws an `Error` on an entry that is neither. */
const networksOf = (entries: readonly string[]): BlockList => {
  const networks = new BlockList();
  for (const entry of entries) {
    const [address = '', prefix] = entry.split('/');
    const version = isIP(address);
    if (version === 0) throw new Error(`'${entry}' is neither an address nor a network`);
    const family = version === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) networks.addAddress(address, family);
    else networks.addSubnet(address, Number(prefix), family);
  }
  return networks;
};

/** What tells one API key from another. */
export interface KeyFacts {
  /** Null for a key that an older release issued: it is in no list of ours. */
  readonly keyId: string | null;
  readonly owner: string;
  readonly keyType: KeyType;
  readonly apiId: string | null;
  readonly applicationId: string | null;
  /** Epoch milliseconds; infinite for a key without end. */
  readonly expiresAt: number;
  /** By which it is revoked; null for one that is deleted instead. */
  readonly jti: string | null;
  readonly origins: KeyOrigins;
}

/** An API key the gateway knows, whatever its form. */
export class ApiKey implements Grantee {
  readonly grants = new Map<string, Grant>();
  lastGrant: Grant | null = null;
  /** False once its document was replaced or deleted. */
  isCurrent = true;
  /** State of the revocations when the key was last compared with them. */
  revocationEpoch = -1;
  isRevoked = false;
  /** When it was last accepted, epoch milliseconds; 0 before the first time. */
  usedAt = 0;
  /** When its use was last reported; whether it waits to be. */
  reportedAt = 0;
  isNoted = false;

  constructor(
    readonly organization: string,
    readonly facts: KeyFacts,
  ) {}
}

/** Makes a document ready to serve. Throws an `Error` that says what is wrong with it. */
export const linkApiKey = (organization: string, document: ApiKeyDocument): ApiKey =>
  new ApiKey(organization, {
    ...document,
    expiresAt: document.expiresAt ?? Number.POSITIVE_INFINITY,
    jti: null,
    origins: new KeyOrigins(document.restrictions),
  });
