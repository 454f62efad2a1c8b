import { createHash, createPrivateKey, type KeyObject, sign, X509Certificate } from 'node:crypto';
import { promisify } from 'node:util';
import { ExpiringCache } from '../../platform/cache/expiring-cache.js';
import type { Secrets } from '../../platform/crypto/secrets.js';
import type { Sql } from '../../platform/database/sql.js';
import type { Log } from '../../platform/logging/log.js';
import type { SignRequest } from '../engine/credentials/signatures.js';

const REMEMBERED_MS = 10_000;
const TENANTS_MAX = 1_000;
const A_SECOND_MAX = 500;
/** As the key manager does: the end is noted a day ahead, so that hardly any signature causes a write. */
const COVERED_AHEAD_SECONDS = 86_400;
const TOLD_EVERY_MS = 60_000;

const signed = promisify(sign);

interface Key {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly certificate: Buffer;
  coversUntil: number;
}

interface Row {
  readonly kid: string;
  readonly private_key: string;
  readonly certificate: string;
  readonly covers_until: string;
}

/** Signs for the workers with the tenants' keys, whose public halves `/jwks` shows. Works wherever the database and the encryption key are at hand. */
export class TenantSignatures {
  private readonly keys = new ExpiringCache<Key>(REMEMBERED_MS, TENANTS_MAX);
  private readonly tenants = new ExpiringCache<string>(REMEMBERED_MS, TENANTS_MAX);
  private second = 0;
  private inSecond = 0;
  private toldAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly sql: Pick<Sql, 'query'>,
    private readonly secrets: Pick<Secrets, 'decrypt'>,
    private readonly log: Pick<Log, 'warn'>,
  ) {}

  /** The compact JWS (RS256); null when there is no key to be had, or too many have asked in this second. */
  async sign(request: SignRequest): Promise<string | null> {
    const { organization, knownUntil } = request;
    if (request.isUrgent !== true && !this.mayGo()) return null;
    try {
      const payload = JSON.stringify({ ...(await this.claimsOf(request)), ...request.payload });
      const encode = encoder(request.encoding ?? 'base64url');
      if (request.isUnsigned === true) return `${encode(JSON.stringify({ ...request.header, alg: 'none' }))}.${encode(payload)}.`;
      const key = await this.keys.get(organization, () => this.load(organization));
      if (knownUntil > key.coversUntil) await this.cover(key, knownUntil);
      const text = `${encode(JSON.stringify(headerOf(request, key)))}.${encode(payload)}`;
      return `${text}.${encode(await signed('sha256', Buffer.from(text), key.privateKey))}`;
    } catch (err) {
      this.tell(err, organization);
      return null;
    }
  }

  private async load(organization: string): Promise<Key> {
    const [row] = await this.sql.query<Row>(
      'SELECT kid, private_key, certificate, covers_until FROM signing_keys WHERE organization = $1 AND signs_from <= now() ORDER BY signs_from DESC LIMIT 1',
      [organization],
    );
    if (!row) throw new Error(`${organization} has no signing key`);
    return {
      kid: row.kid,
      privateKey: createPrivateKey(this.secrets.decrypt(row.private_key)),
      certificate: new X509Certificate(row.certificate).raw,
      coversUntil: Number(row.covers_until),
    };
  }

  /** What this side knows of those that the token is about. */
  private async claimsOf({ user, tenant }: SignRequest): Promise<Readonly<Record<string, string>>> {
    return {
      ...(user && (await this.claimsOfUser(user))),
      ...(tenant && { [tenant.claim]: await this.tenants.get(tenant.organization, () => this.numberOf(tenant.organization)) }),
    };
  }

  private async numberOf(organization: string): Promise<string> {
    const [row] = await this.sql.query<{ tenant_id: number }>('SELECT tenant_id FROM tenants WHERE organization = $1', [organization]);
    return String(row?.tenant_id ?? '');
  }

  /** What is stored of the user, but for what concerns the account alone. */
  private async claimsOfUser({ id, dialect, excluded }: NonNullable<SignRequest['user']>): Promise<Readonly<Record<string, string>>> {
    if (!UUID.test(id)) return {};
    const [row] = await this.sql.query<{ claims: Readonly<Record<string, string>> }>('SELECT claims FROM users WHERE id = $1', [id]);
    const named = Object.entries(row?.claims ?? {}).map(([name, value]): [string, string] => [`${dialect}/${name}`, value]);
    return Object.fromEntries(named.filter(([name]) => !name.startsWith(`${dialect}/identity/`) && !excluded.includes(name)));
  }

  private async cover(key: Key, end: number): Promise<void> {
    const until = end + COVERED_AHEAD_SECONDS;
    await this.sql.query('UPDATE signing_keys SET covers_until = greatest(covers_until, $2) WHERE kid = $1', [key.kid, until]);
    key.coversUntil = until;
  }

  private mayGo(): boolean {
    const second = Math.floor(Date.now() / 1_000);
    if (second !== this.second) {
      this.second = second;
      this.inSecond = 0;
    }
    this.inSecond += 1;
    return this.inSecond <= A_SECOND_MAX;
  }

  private tell(err: unknown, organization: string): void {
    const now = Date.now();
    if (now - this.toldAt < TOLD_EVERY_MS) return;
    this.toldAt = now;
    this.log.warn({ err, organization }, 'nothing could be signed for the gateway');
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const encoder =
  (encoding: 'base64' | 'base64url') =>
  (part: string | Buffer): string =>
    Buffer.from(part).toString(encoding).replace(/=+$/, '');

const headerOf = ({ header, thumbprint, isAnonymous }: SignRequest, { kid, certificate }: Key): Readonly<Record<string, string>> => ({
  ...header,
  alg: 'RS256',
  // The hash in hexadecimal digits, and those encoded (`reference/key-manager.md` §11).
  ...(thumbprint === 'x5t' && { x5t: hexHash('sha1', certificate) }),
  ...(thumbprint === 'x5t#S256' && { 'x5t#S256': hexHash('sha256', certificate) }),
  ...(isAnonymous !== true && { kid }),
});

const hexHash = (algorithm: string, certificate: Buffer): string =>
  Buffer.from(createHash(algorithm).update(certificate).digest('hex')).toString('base64url');
