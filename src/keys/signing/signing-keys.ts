import { createHash, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { Repository } from 'typeorm';
import { ExpiringCache } from '../../platform/cache/expiring-cache.js';
import { StartError } from '../../platform/config/config-error.js';
import { CryptoConfig } from '../../platform/config/sections/crypto.config.js';
import { Secrets } from '../../platform/crypto/secrets.js';
import type { Tx } from '../../platform/database/transactions.js';
import { Events } from '../../platform/events/events.js';
import { SigningKeyEntity } from './signing-key.entity.js';

/** The public half as a JSON Web Key, as JWKS documents and the gateway's feed carry it. */
export type PublicJwk = Readonly<Record<string, unknown>> & { readonly kid: string };

export interface SigningKey {
  readonly kid: string;
  readonly organization: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly publicJwk: PublicJwk;
  /** The certificate in the header of the tokens: its SHA-1 thumbprint `x5t`, or `x5t#S256` where SHA-1 is not approved. */
  readonly thumbprint: Readonly<Record<string, string>>;
}

/** How long a rotation by another server on the same database may stay unseen. */
const REMEMBERED_MS = 60_000;
const KEYS_MAX = 10_000;
/** A SHA-256 hash in base64url: other ids are not worth a look. */
const KEY_ID = /^[\w-]{43}$/;
const KEY_BITS = 2048;
const CERTIFICATE_YEARS = 10;
const YEAR_MS = 365 * 86_400_000;

/** The key pairs that sign the tenants' tokens: one active for each tenant, any number of retired ones that still verify. */
@Injectable()
export class SigningKeys implements OnModuleInit {
  private readonly active = new ExpiringCache<SigningKey>(REMEMBERED_MS, KEYS_MAX);
  private readonly known = new ExpiringCache<SigningKey | 'none'>(REMEMBERED_MS, KEYS_MAX);

  constructor(
    @InjectRepository(SigningKeyEntity) private readonly rows: Repository<SigningKeyEntity>,
    private readonly secrets: Secrets,
    private readonly events: Events,
    private readonly config: CryptoConfig,
  ) {}

  private get isFips(): boolean {
    return this.config.provider === 'FIPS';
  }

  onModuleInit(): void {
    this.events.on('signing-key.changed', () => {
      this.active.clear();
      this.known.clear();
    });
  }

  /** The key that signs the tenant's new tokens. */
  activeOf(organization: string): Promise<SigningKey> {
    return this.active.get(organization, async () => this.toKey(await this.rows.findOneByOrFail({ organization, state: 'ACTIVE' })));
  }

  /** The key of this id, of any tenant: key ids are hashes of the keys. */
  async byKid(kid: string): Promise<SigningKey | undefined> {
    if (!KEY_ID.test(kid)) return undefined;
    const key = await this.known.get(kid, async () => {
      const row = await this.rows.findOneBy({ kid });
      return row ? this.toKey(row) : 'none';
    });
    return key === 'none' ? undefined : key;
  }

  /** Public keys of everything that may have signed a live token, the active one first. */
  async publicKeysOf(organization: string, tx?: Tx): Promise<readonly PublicJwk[]> {
    const rows = tx ? tx.em.getRepository(SigningKeyEntity) : this.rows;
    const found = await rows.find({ where: { organization }, order: { state: 'ASC', retiredAt: 'DESC' } });
    return found.map((row) => jwkOf(new X509Certificate(row.certificate)));
  }

  /** Gives the tenant its first key pair; does nothing when it has one. */
  async seed(tx: Tx, organization: string): Promise<void> {
    if (await tx.em.existsBy(SigningKeyEntity, { organization, state: 'ACTIVE' })) return;
    const { generate } = await import('selfsigned'); // heavy, and needed once in a tenant's life
    const made = await generate([{ name: 'commonName', value: organization }], {
      keySize: KEY_BITS,
      algorithm: 'sha256',
      notAfterDate: new Date(Date.now() + CERTIFICATE_YEARS * YEAR_MS),
      extensions: [{ name: 'keyUsage', digitalSignature: true, critical: true }],
    });
    const { kid } = jwkOf(new X509Certificate(made.cert));
    const privateKey = this.secrets.encrypt(made.private);
    await tx.em.insert(SigningKeyEntity, { kid, organization, state: 'ACTIVE', privateKey, certificate: made.cert });
    tx.raise('signing-key.changed', { organization });
    tx.raise('audited', { organization, type: 'SigningKey', action: 'created', info: { kid } });
  }

  /**
   * Has a key pair of the operator's sign from now on; false when it does already.
   * @throws StartError for a key that tokens are not signed with.
   */
  async adopt(tx: Tx, organization: string, pair: { readonly certificate: string; readonly key: string }): Promise<boolean> {
    const certificate = new X509Certificate(pair.certificate);
    const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
    if (asymmetricKeyType !== 'rsa' || (asymmetricKeyDetails?.modulusLength ?? 0) < KEY_BITS)
      throw new StartError(`keystore.primary must hold an RSA key of at least ${KEY_BITS} bits: tokens are signed with RS256`);
    const { kid } = jwkOf(certificate);
    const active = await tx.em.findOneBy(SigningKeyEntity, { organization, state: 'ACTIVE' });
    if (active?.kid === kid && new X509Certificate(active.certificate).fingerprint256 === certificate.fingerprint256) return false;
    await tx.em.update(SigningKeyEntity, { organization, state: 'ACTIVE' }, { state: 'RETIRED', retiredAt: new Date() });
    const row = {
      kid,
      organization,
      state: 'ACTIVE' as const,
      privateKey: this.secrets.encrypt(pair.key),
      certificate: certificate.toString(),
    };
    await tx.em.upsert(SigningKeyEntity, { ...row, retiredAt: null }, ['kid']);
    tx.raise('signing-key.changed', { organization });
    tx.raise('audited', { organization, type: 'SigningKey', action: 'adopted', info: { kid } });
    return true;
  }

  private toKey(row: SigningKeyEntity): SigningKey {
    const certificate = new X509Certificate(row.certificate);
    return {
      kid: row.kid,
      organization: row.organization,
      privateKey: createPrivateKey(this.secrets.decrypt(row.privateKey)),
      publicKey: certificate.publicKey,
      publicJwk: jwkOf(certificate),
      thumbprint: this.isFips ? { 'x5t#S256': thumbprintOf(certificate, 'sha256') } : { x5t: thumbprintOf(certificate, 'sha1') },
    };
  }
}

const thumbprintOf = ({ raw }: X509Certificate, algorithm: 'sha1' | 'sha256'): string =>
  createHash(algorithm).update(raw).digest('base64url');

/** The certificate's key as a JWK; its id is the thumbprint of RFC 7638. */
const jwkOf = (certificate: X509Certificate): PublicJwk => {
  const { e, n, kty } = certificate.publicKey.export({ format: 'jwk' });
  const kid = createHash('sha256').update(JSON.stringify({ e, kty, n })).digest('base64url');
  return {
    kty,
    e,
    n,
    use: 'sig',
    kid,
    alg: 'RS256',
    x5c: [certificate.raw.toString('base64')],
    'x5t#S256': thumbprintOf(certificate, 'sha256'),
  };
};
