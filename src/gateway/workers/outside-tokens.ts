import { RE2JS } from 're2js';
import { GLOBAL_ORGANIZATION } from '../../domain/organization.js';
import type { ConnectedKeyManager, TokenFacts } from '../../keys/connectors/connector.js';
import type { Connectors } from '../../keys/connectors/connectors.js';
import { type ConnectedRow, connectedKeyManager } from '../../keys/managers/connected-key-manager.js';
import { type KeyManagerSettings, RESIDENT_TYPE, takesDirectTokens } from '../../keys/managers/key-manager.js';
import { ExpiringCache } from '../../platform/cache/expiring-cache.js';
import type { Secrets } from '../../platform/crypto/secrets.js';
import type { Sql } from '../../platform/database/sql.js';
import { USER_NAME_CLAIMS } from '../engine/credentials/claims.js';
import type { TokenVerdict } from '../engine/messages.js';

/** Nobody speaks to such a key manager, whatever addresses it was given (`reference/key-manager.md` §9.3). */
const OUT_OF_BAND_TYPE = 'CustomKeyManager';
const REMEMBERED_MS = 10_000;
const TENANTS_MAX = 1_000;
/** A token that nobody's rule names is not carried around to everybody. */
const ASKED_MAX = 3;

/** Size of a pattern times length of a token, beyond which nobody looks: one tenant's pattern must not stop the server for all. */
const STEPS_MAX = 200_000;

/** Asks a key manager about a token, as its type wants to be asked (RFC 7662 where it says nothing else). */
export type Introspect = (keyManager: ConnectedKeyManager, token: string) => Promise<TokenFacts>;

interface Outside {
  readonly row: ConnectedRow;
  /** Whether a rule of the key manager claims the token; null when it has no rules for opaque ones. */
  readonly claims: ((token: string) => boolean) | null;
}

/** The key managers outside that are asked about tokens; they are read from the database, so that a gateway without a control plane can ask too. */
export class OutsideTokens {
  private readonly ofTenants = new ExpiringCache<readonly Outside[]>(REMEMBERED_MS, TENANTS_MAX);

  constructor(
    private readonly sql: Sql,
    private readonly secrets: Secrets,
    private readonly connectors: Pick<Connectors, 'of'> | undefined,
    private readonly plainly: Introspect,
  ) {}

  /** What the named key manager says of the token, or, without a name, the first that knows it. @throws Error when it cannot be asked */
  async verdict(organization: string, name: string | null, token: string): Promise<TokenVerdict> {
    const all = await this.ofTenants.get(organization, () => this.load(organization));
    const asked = name === null ? claimants(all, token) : all.filter(({ row }) => row.name === name).slice(0, 1);
    let failure: unknown;
    for (const { row } of asked) {
      try {
        const facts = await this.introspect(row, token);
        if (facts.active) return active(row, facts);
      } catch (err) {
        failure = err;
      }
    }
    if (failure !== undefined) throw failure;
    return { outcome: 'inactive' };
  }

  /** Reads the key managers anew: some have changed. */
  forget(): void {
    this.ofTenants.clear();
  }

  private introspect(row: ConnectedRow, token: string): Promise<TokenFacts> {
    const keyManager = connectedKeyManager(row, (sealed) => this.secrets.decrypt(sealed));
    const connector = this.connectors?.of(row.type);
    return connector ? connector.introspect(keyManager, token) : this.plainly(keyManager, token);
  }

  private async load(organization: string): Promise<readonly Outside[]> {
    const rows = await this.sql.query<ConnectedRow>(
      `SELECT id, organization, name, type, issuer, settings, secrets FROM key_managers
       WHERE organization IN ($1, $2) AND enabled AND type NOT IN ($3, $4) ORDER BY organization = $1 DESC, name`,
      [organization, GLOBAL_ORGANIZATION, RESIDENT_TYPE, OUT_OF_BAND_TYPE],
    );
    return rows
      .filter(({ settings }) => settings.introspectionEndpoint !== '' && takesDirectTokens(settings))
      .map((row) => ({ row, claims: claimOf(row.settings) }));
  }
}

/** Whose the token may be: those whose rules claim it; without any such the one that has no rules, if it is the only one. */
const claimants = (all: readonly Outside[], token: string): readonly Outside[] => {
  const claiming = all.filter(({ claims }) => claims?.(token)).slice(0, ASKED_MAX);
  const [only, ...others] = all.filter(({ claims }) => claims === null);
  return claiming.length === 0 && only && others.length === 0 ? [only] : claiming;
};

const claimOf = ({ tokenValidation }: KeyManagerSettings): Outside['claims'] => {
  const rules = tokenValidation.filter(({ enable, type }) => enable && type !== 'JWT');
  if (rules.length === 0) return null;
  const patterns = rules.flatMap(({ type, value }) => (type === 'CUSTOM' ? ['[\\s\\S]*'] : typeof value === 'string' ? [value] : []));
  const compiled = patterns.flatMap((pattern) => {
    try {
      return [RE2JS.compile(pattern)];
    } catch {
      return []; // one that does not compile claims nothing
    }
  });
  return (token) => compiled.some((pattern) => pattern.programSize() * token.length <= STEPS_MAX && pattern.matches(token));
};

const active = ({ name, organization }: ConnectedRow, facts: TokenFacts): TokenVerdict => {
  const { claims } = facts;
  const text = (claim: string): string => (typeof claims[claim] === 'string' ? claims[claim] : '');
  const aut = text('aut');
  return {
    outcome: 'active',
    keyManager: name,
    owner: organization,
    consumerKey: facts.clientId,
    subject: facts.subject,
    entityId: text('entity_id') || facts.subject,
    jti: text('jti'),
    issuedAt: Number(claims['iat']) || 0,
    expiresAt: facts.expiresAt ?? null,
    scopes: facts.scopes,
    audiences: [claims['aud']].flat().filter((name): name is string => typeof name === 'string'),
    isUser: aut === '' ? null : aut.toUpperCase() === 'APPLICATION_USER',
    userNames: USER_NAME_CLAIMS.map(text).filter((name) => name !== ''),
  };
};
