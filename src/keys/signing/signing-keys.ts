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

/** A private key and the certificate of its public half, both PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** A key as this process knows it. */
interface HeldKey extends SigningKey {
  readonly signsFromMs: number;
  /** See the entity; grows as tokens are signed. */
  coversUntil: number;
}

/** How long a rotation by another process may stay unseen. */
const REMEMBERED_MS = 10_000;
const KEYS_MAX = 10_000;
/** A SHA-256 hash in base64url: other ids are not worth a look. */
const KEY_ID = /^[\w-]{43}$/;
const KEY_BITS = 2048;
const CERTIFICATE_YEARS = 10;
const YEAR_MS = 365 * 86_400_000;
/** The end of a key's tokens is noted a day ahead, so that hardly any token causes a write. */
const COVERED_AHEAD_SECONDS = 86_400;

/** The key pairs of the tenants: the newest whose time has come signs, all of them verify. */
@Injectable()
export class SigningKeys implements OnModuleInit {
  private readonly ofTenants = new ExpiringCache<readonly HeldKey[]>(REMEMBERED_MS, KEYS_MAX);
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
      this.ofTenants.clear();
      this.known.clear();
    });
  }

  /** The key for a token of the tenant that ends then (epoch seconds; undefined for never): it stays known until the token has ended. */
  async signerOf(organization: string, expiresAt: number | undefined): Promise<SigningKey> {
    const keys = await this.ofTenants.get(organization, () => this.load(organization));
    const key = keys.find(({ signsFromMs }) => signsFromMs <= Date.now()) ?? keys[0];
    if (!key) throw new Error(`${organization} has no signing key`);
    const end = expiresAt ?? Number.MAX_SAFE_INTEGER;
    if (end > key.coversUntil) await this.cover(key, end);
    return key;
  }

  /** The key of this id, of any tenant: key ids are hashes of the keys. */
  async byKid(kid: string): Promise<SigningKey | undefined> {
    if (!KEY_ID.test(kid)) return undefined;
    const held = this.known.peek(kid);
    if (held !== undefined) return held === 'none' ? undefined : held;
    const key = await this.known.get(kid, async () => {
      const row = await this.rows.findOneBy({ kid });
      return row ? this.toKey(row) : 'none';
    });
    return key === 'none' ? undefined : key;
  }

  /** Public keys of everything that may have signed a live token or soon will, the newest first. */
  async publicKeysOf(organization: string, tx?: Tx): Promise<readonly PublicJwk[]> {
    const rows = tx ? tx.em.getRepository(SigningKeyEntity) : this.rows;
    const found = await rows.find({ where: { organization }, order: { signsFrom: 'DESC' } });
    return found.map((row) => jwkOf(new X509Certificate(row.certificate)));
  }

  /** Gives the tenant its first key pair, one that was made for it ahead or a new one; does nothing when it has one. */
  async seed(tx: Tx, organization: string, made?: KeyPair): Promise<void> {
    if (!(await tx.em.existsBy(SigningKeyEntity, { organization }))) await this.add(tx, organization, new Date(), made);
  }

  /** A new key pair for the tenant, which nobody uses yet. Takes a tenth of a second of another thread. */
  async make(organization: string): Promise<KeyPair> {
    const { generate } = await import('selfsigned'); // heavy, and rarely needed
    const made = await generate([{ name: 'commonName', value: organization }], {
      keySize: KEY_BITS,
      algorithm: 'sha256',
      notAfterDate: new Date(Date.now() + CERTIFICATE_YEARS * YEAR_MS),
      extensions: [{ name: 'keyUsage', digitalSignature: true, critical: true }],
    });
    return { certificate: made.cert, key: made.private };
  }

  /** Has a key pair, unless given a new one, sign from then on, and verify at once. */
  async add(tx: Tx, organization: string, signsFrom: Date, made?: KeyPair): Promise<string> {
    const { certificate, key } = made ?? (await this.make(organization));
    const { kid } = jwkOf(new X509Certificate(certificate));
    const privateKey = this.secrets.encrypt(key);
    await tx.em.insert(SigningKeyEntity, { kid, organization, privateKey, certificate, signsFrom, coversUntil: '0' });
    tx.raise('signing-key.changed', { organization });
    tx.raise('audited', { organization, type: 'SigningKey', action: 'created', info: { kid } });
    return kid;
  }

  /**
   * Has a key pair of the operator's sign from now on; false when it does already.
   * @throws StartError for a key that tokens are not signed with.
   */
  async adopt(tx: Tx, organization: string, pair: KeyPair): Promise<boolean> {
    const certificate = new X509Certificate(pair.certificate);
    const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
    if (asymmetricKeyType !== 'rsa' || (asymmetricKeyDetails?.modulusLength ?? 0) < KEY_BITS)
      throw new StartError(`keystore.primary must hold an RSA key of at least ${KEY_BITS} bits: tokens are signed with RS256`);
    const { kid } = jwkOf(certificate);
    const known = await tx.em.find(SigningKeyEntity, { where: { organization }, order: { signsFrom: 'DESC' } });
    if (known[0]?.kid === kid && new X509Certificate(known[0].certificate).fingerprint256 === certificate.fingerprint256) return false;
    // Later than every other: also than one that a rotation has made for later.
    const signsFrom = new Date(Math.max(Date.now(), (known[0]?.signsFrom.getTime() ?? 0) + 1));
    const coversUntil = known.find((row) => row.kid === kid)?.coversUntil ?? '0';
    const row = {
      kid,
      organization,
      privateKey: this.secrets.encrypt(pair.key),
      certificate: certificate.toString(),
      signsFrom,
      coversUntil,
    };
    await tx.em.upsert(SigningKeyEntity, row, ['kid']);
    tx.raise('signing-key.changed', { organization });
    tx.raise('audited', { organization, type: 'SigningKey', action: 'adopted', info: { kid } });
    return true;
  }

  /** Removes keys that sign no more and whose last token has ended before the moment (epoch seconds); their tenants. */
  async removeSpent(tx: Tx, before: number): Promise<readonly string[]> {
    const [rows]: [{ organization: string }[], number] = await tx.em.query(
      `DELETE FROM signing_keys AS old WHERE covers_until < $1 AND EXISTS
         (SELECT FROM signing_keys AS newer WHERE newer.organization = old.organization
          AND newer.signs_from > old.signs_from AND newer.signs_from < to_timestamp($1))
       RETURNING organization`,
      [before],
    );
    const organizations = [...new Set(rows.map(({ organization }) => organization))];
    for (const organization of organizations) tx.raise('signing-key.changed', { organization });
    return organizations;
  }

  private async load(organization: string): Promise<readonly HeldKey[]> {
    const rows = await this.rows.find({ where: { organization }, order: { signsFrom: 'DESC' } });
    return rows.map((row) => ({ ...this.toKey(row), signsFromMs: row.signsFrom.getTime(), coversUntil: Number(row.coversUntil) }));
  }

  private async cover(key: HeldKey, end: number): Promise<void> {
    const until = Math.min(end + COVERED_AHEAD_SECONDS, Number.MAX_SAFE_INTEGER);
    const [rows]: [{ covers_until: string }[], number] = await this.rows.query(
      'UPDATE signing_keys SET covers_until = greatest(covers_until, $2) WHERE kid = $1 RETURNING covers_until',
      [key.kid, until],
    );
    if (!rows[0]) throw new Error(`the signing key ${key.kid} is gone`);
    key.coversUntil = Number(rows[0].covers_until);
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
