import { createHash } from 'node:crypto';
import type { Sql } from '../../platform/database/sql.js';
import { RESIDENT_KEY_MANAGER } from '../engine/credentials/key-manager.js';
import type { TokenVerdict } from '../engine/messages.js';

/** What has no end is stored with one in decades. */
const NEVER_SECONDS = 2_147_483_647;
const AT_ONCE = 200;
/** Whoever floods us with made-up tokens must not fill the memory. */
const WAITING_MAX = 5_000;

/**
 * A token is live while its client is there, its user is neither locked nor gone (one of an outside identity provider is not gone while it is remembered), and nothing has revoked it: by itself, its family (the beginning of its
 * id), its client or its user.
 */
const QUERY = `
  SELECT encode(t.hash, 'hex') AS hash, t.organization, t.client_id, t.holder, t.subject, t.entity_id, t.scope, t.audiences, t.jti, t.issued_at, t.expires_at,
    EXISTS (SELECT FROM oauth_clients c WHERE c.client_id = t.client_id)
    AND NOT EXISTS (SELECT FROM token_revocations r
      WHERE (r.type, r.value) IN (('jti', t.jti), ('family', left(t.jti, 23))) AND r.organization = t.organization)
    AND NOT EXISTS (SELECT FROM token_revocations r
      WHERE r.type = 'consumer-key' AND r.value = t.client_id AND r.organization = t.organization AND r.revoked_at >= t.issued_at)
    AND NOT EXISTS (SELECT FROM token_revocations r WHERE r.type = 'subject' AND r.value = t.entity_id AND r.revoked_at >= t.issued_at)
    AND CASE WHEN t.holder = 'APPLICATION' THEN true
      ELSE EXISTS (SELECT FROM users u WHERE u.id = t.entity_id::uuid AND NOT u.locked AND NOT u.disabled)
        OR EXISTS (SELECT FROM federated_accounts f WHERE f.id = t.entity_id::uuid) END AS live
  FROM oauth_tokens t WHERE t.kind = 'access' AND t.hash = ANY($1)`;

interface Row {
  readonly hash: string;
  readonly organization: string;
  readonly client_id: string;
  readonly holder: string;
  readonly subject: string;
  readonly entity_id: string;
  readonly scope: string;
  readonly audiences: readonly string[];
  readonly jti: string;
  readonly issued_at: string;
  readonly expires_at: string;
  readonly live: boolean;
}

interface Waiting {
  readonly hash: Buffer;
  readonly organization: string;
  readonly resolve: (verdict: TokenVerdict | undefined) => void;
  readonly reject: (err: unknown) => void;
}

/** The opaque tokens of this installation, looked up by their hashes; while one look is under way the next questions gather for a common one. */
export class ResidentTokens {
  private waiting: Waiting[] = [];
  private running = false;

  constructor(private readonly sql: Sql) {}

  /** Undefined for a token that the tenant never issued. @throws Error when the database cannot be asked */
  verdict(organization: string, token: string): Promise<TokenVerdict | undefined> {
    if (this.waiting.length >= WAITING_MAX) return Promise.reject(new Error('too many tokens are waiting to be looked up'));
    const { promise, resolve, reject } = Promise.withResolvers<TokenVerdict | undefined>();
    this.waiting.push({ hash: createHash('sha256').update(token).digest(), organization, resolve, reject });
    if (!this.running) void this.run();
    return promise;
  }

  private async run(): Promise<void> {
    this.running = true;
    while (this.waiting.length > 0) {
      const batch = this.waiting.slice(0, AT_ONCE);
      this.waiting = this.waiting.slice(AT_ONCE);
      try {
        const rows = await this.sql.query<Row>(QUERY, [batch.map(({ hash }) => hash)]);
        const byHash = new Map(rows.map((row) => [row.hash, row]));
        for (const { hash, organization, resolve } of batch) {
          const row = byHash.get(hash.toString('hex'));
          resolve(row?.organization === organization ? verdictOf(row) : undefined);
        }
      } catch (err) {
        for (const { reject } of batch) reject(err);
      }
    }
    this.running = false;
  }
}

const verdictOf = (row: Row): TokenVerdict => {
  const [issuedAt, expiresAt] = [Number(row.issued_at), Number(row.expires_at)];
  if (!row.live) return { outcome: 'inactive' };
  if (expiresAt * 1_000 <= Date.now()) return { outcome: 'expired' };
  return {
    outcome: 'active',
    keyManager: RESIDENT_KEY_MANAGER,
    owner: row.organization,
    consumerKey: row.client_id,
    subject: row.subject,
    entityId: row.entity_id,
    jti: row.jti,
    issuedAt,
    expiresAt: expiresAt - issuedAt >= NEVER_SECONDS ? null : expiresAt,
    scopes: row.scope.split(' '),
    audiences: [row.client_id, ...row.audiences],
    isUser: row.holder === 'APPLICATION_USER',
    userNames: [],
  };
};
