import type { ApiLogLevelDocument } from '../../domain/api-logging.js';
import type { CustomRuleDocument } from '../../domain/custom-rules.js';
import type {
  ApiDocument,
  ApiKeyDocument,
  ApplicationDocument,
  FeedRow,
  GatewayPoliciesDocument,
  KeyMappingDocument,
  PolicyDocument,
  RevokedTokenDocument,
  SettingsDocument,
  SubscriptionDocument,
} from '../../domain/gateway-documents.js';
import { GLOBAL_ORGANIZATION, SUPER_TENANT } from '../../domain/organization.js';
import type { PolicyLevel } from '../../domain/throttling.js';
import { TrustedCertificates } from './backend/trusted-certificates.js';
import { type ApiKey, linkApiKey } from './credentials/api-key.js';
import { type LinkedKeyManager, linkKeyManager, RESIDENT_KEY_MANAGER } from './credentials/key-manager.js';
import type { VerifiedToken } from './credentials/tokens.js';
import { DenyRules } from './deny/deny-rules.js';
import { CorsRules } from './front/cors.js';
import { type LinkedApi, membersOf } from './link.js';
import type { ApiAck } from './messages.js';
import { Router } from './routing/router.js';
import type { LinkedPolicy } from './throttling/conditional-groups.js';

export interface SnapshotOptions {
  readonly labels: readonly string[];
  /** Makes an API document ready to serve, or throws an `Error` that says why it cannot be. */
  readonly link: (
    organization: string,
    key: string,
    document: ApiDocument,
    gatewayPolicies: GatewayPoliciesDocument | undefined,
  ) => LinkedApi;
  /** Has the calls of an API written down as the document says. */
  readonly logApi: (api: LinkedApi, document: ApiLogLevelDocument | undefined) => void;
  readonly linkPolicy: (document: PolicyDocument) => LinkedPolicy;
  /** Throws an `Error` that says why a rule cannot be used; the one of that id before it stays. */
  readonly applyRule: (id: string, document: CustomRuleDocument | null) => void;
  /** Throws an `Error` that says why policies for all APIs cannot be run. */
  readonly checkPolicies: (document: GatewayPoliciesDocument) => void;
}

/** Told what happens to documents as they are applied. */
export interface SnapshotEvents {
  ack(ack: Omit<ApiAck, 'type'>): void;
  warn(message: string, detail: Readonly<Record<string, unknown>>): void;
  /** The key manager was replaced or deleted. */
  keyManagerChanged(keyManager: LinkedKeyManager): void;
  /** Whether calls get lines in the correlation log from now on. */
  correlationChanged(isOn: boolean): void;
  /** The tenant trusts other backends than before. */
  trustChanged(organization: string): void;
}

/** The part of a token's id that it shares with what came of the same login. */
const FAMILY_LENGTH = 23;

const OWN_OPAQUE_TOKEN = /^[\w-]{43}$/;

const isAskedOutside = ({ document }: LinkedKeyManager): boolean =>
  document.enabled && document.isIntrospectable && document.tokenType !== 'EXCHANGED' && document.name !== RESIDENT_KEY_MANAGER;

const isEnabled = ({ document }: LinkedKeyManager): boolean => document.enabled;

const scoped = (organization: string, key: string): string => `${organization}\0${key}`;

const SUBJECT = 'subject:';

/** A user is one whichever tenant's client has tokens of it, so the end of a user counts in all of them; all else counts in its tenant alone. */
const revocationKey = (organization: string, key: string): string => (key.startsWith(SUBJECT) ? key : scoped(organization, key));

/**
 * Everything the gateway knows, in maps. Applying a document touches that document's own entries only, so it costs the same with ten
 * APIs as with ten thousand; what was worked out from older documents is told apart by `epoch`.
 */
export class Snapshot {
  readonly router = new Router<LinkedApi>();
  readonly certificates = new TrustedCertificates();
  readonly denyRules = new DenyRules();
  /** Changes with every document that a grant may depend on. */
  epoch = 0;
  /** Changes with every key manager: what one said before may be void. */
  keyManagerEpoch = 0;
  /** Changes with every revocation. */
  revocationEpoch = 0;
  /** The gateway's own cross-origin rules; null when they are switched off. */
  cors: CorsRules | null = null;
  /** The value of `Access-Control-Expose-Headers`; empty where there is none. */
  exposedHeaders = '';

  private readonly apis = new Map<string, LinkedApi>();
  /** What their paths are claimed with. */
  private readonly ranks = new Map<string, number>();
  /** By tenant and label, what runs before the policies of its APIs. */
  private readonly gatewayPolicies = new Map<string, GatewayPoliciesDocument>();
  /** Ids of APIs that still run other policies of their gateway than they should. */
  private readonly outdated = new Set<string>();
  /** What is written down of the calls of an API, by tenant and API; nothing of one that is not there. */
  private readonly logLevels = new Map<string, ApiLogLevelDocument>();
  private readonly applications = new Map<string, ApplicationDocument>();
  private readonly subscriptions = new Map<string, SubscriptionDocument>();
  private readonly subscriptionKeys = new Map<string, SubscriptionDocument>();
  private readonly keyMappings = new Map<string, KeyMappingDocument>();
  private readonly apiKeys = new Map<string, ApiKey>();
  /** Those that open every API of an application, by hash alone: the application may have subscribed in other tenants. */
  private readonly applicationKeys = new Map<string, ApiKey>();
  private readonly policies = new Map<string, LinkedPolicy>();
  private readonly keyManagers = new Map<string, LinkedKeyManager>();
  private readonly issuers = new Map<string, LinkedKeyManager[]>();
  private readonly revocations = new Map<string, RevokedTokenDocument>();
  private readonly inactive = new Set<string>();
  private readonly accountEpochs = new Map<string, number>();
  /** How many key managers of an organization take questions, besides the resident one. */
  private readonly askedOutside = new Map<string, number>();

  constructor(
    private readonly options: SnapshotOptions,
    private readonly events: SnapshotEvents,
  ) {}

  apply(row: FeedRow): void {
    const { organization, key } = row;
    switch (row.kind) {
      case 'api':
        this.applyApi(row.seq, organization, key, row.body);
        break;
      case 'application':
        put(this.applications, key, row.body);
        this.epoch += 1;
        break;
      case 'subscription':
        this.applySubscription(key, row.body);
        this.epoch += 1;
        break;
      case 'key-mapping':
        put(this.keyMappings, scoped(organization, key), row.body);
        this.epoch += 1;
        break;
      case 'api-key':
        this.applyApiKey(organization, key, row.body);
        break;
      case 'policy':
        put(this.policies, scoped(organization, key), row.body && this.options.linkPolicy(row.body));
        this.epoch += 1;
        break;
      case 'custom-rule':
        // Whatever a feed says, rules of the whole gateway are the super tenant's.
        if (organization === SUPER_TENANT) this.options.applyRule(key, row.body);
        break;
      case 'deny-rule':
        this.denyRules.apply(organization, key, row.body);
        break;
      case 'key-manager':
        this.applyKeyManager(organization, key, row.body);
        break;
      case 'revoked-token':
        put(this.revocations, revocationKey(organization, key), row.body);
        this.revocationEpoch += 1;
        break;
      case 'endpoint-certificate':
        this.certificates.apply(organization, key, row.body);
        this.events.trustChanged(organization);
        break;
      case 'accounts':
        this.accountEpochs.set(organization, this.accountEpoch(organization) + 1);
        break;
      case 'gateway-policies':
        this.applyGatewayPolicies(organization, key, row.body);
        break;
      case 'api-log-level':
        this.applyLogLevel(organization, key, row.body);
        break;
      case 'correlation':
        // Whatever a feed says, what concerns the whole gateway is the super tenant's.
        if (organization === SUPER_TENANT) this.events.correlationChanged(row.body?.http ?? false);
        break;
      case 'settings':
        this.applySettings(row.body);
        break;
      case 'organization':
        if (row.body === null || row.body.active) this.inactive.delete(organization);
        else this.inactive.add(organization);
        // What its applications may do elsewhere.
        this.epoch += 1;
        break;
    }
  }

  isActive(organization: string): boolean {
    return this.inactive.size === 0 || !this.inactive.has(organization);
  }

  /** The connections behind which APIs have their backends. Looks at all of them: for housekeeping, not for requests. */
  poolKeys(): ReadonlySet<string> {
    const keys = new Set<string>();
    for (const api of this.apis.values()) {
      for (const { production, sandbox } of [api, ...api.backends])
        for (const destination of [production, sandbox]) for (const { poolKey } of membersOf(destination)) keys.add(poolKey);
    }
    return keys;
  }

  /** Changes with every account and role of the tenant. */
  accountEpoch(organization: string): number {
    return this.accountEpochs.get(organization) ?? 0;
  }

  application(uuid: string): ApplicationDocument | undefined {
    return this.applications.get(uuid);
  }

  subscription(apiId: string, applicationId: string): SubscriptionDocument | undefined {
    return this.subscriptions.get(scoped(apiId, applicationId));
  }

  keyMapping(organization: string, keyManager: string, consumerKey: string): KeyMappingDocument | undefined {
    return this.keyMappings.get(scoped(organization, `${keyManager}:${consumerKey}`));
  }

  /** The API key of this hash. */
  apiKey(organization: string, hash: string): ApiKey | undefined {
    return this.apiKeys.get(scoped(organization, hash));
  }

  /** The key of this hash that opens all APIs of an application, whichever tenant's it is. */
  applicationKey(hash: string): ApiKey | undefined {
    return this.applicationKeys.get(hash);
  }

  policy(organization: string, level: PolicyLevel, name: string): LinkedPolicy | undefined {
    return this.policies.get(scoped(organization, `${level}:${name}`));
  }

  /** The key manager that issues under this name in a tenant: an enabled one of its own, else a global one. */
  keyManagerOf(organization: string, issuer: string): LinkedKeyManager | undefined {
    const own = this.issuers.get(scoped(organization, issuer));
    return own?.find(isEnabled) ?? this.issuers.get(scoped(GLOBAL_ORGANIZATION, issuer))?.find(isEnabled) ?? own?.[0];
  }

  /** Whether the key manager that a token was verified with is the one its issuer means in this tenant. */
  isKeyManagerOf(organization: string, known: LinkedKeyManager): boolean {
    if (!known.isCurrent) return false;
    if (known.organization === organization) return true;
    return known.organization === GLOBAL_ORGANIZATION && this.keyManagerOf(organization, known.document.issuer) === known;
  }

  /** The key manager of this name, of the tenant itself or a global one. */
  keyManagerNamed(owner: string, name: string): LinkedKeyManager | undefined {
    return this.keyManagers.get(scoped(owner, name));
  }

  /** Whether anybody the tenant trusts could know the opaque token; what does not look like one of ours is worth a question only to those outside. */
  mayBeOpaque(organization: string, token: string): boolean {
    if (OWN_OPAQUE_TOKEN.test(token)) return true;
    return (this.askedOutside.get(organization) ?? 0) + (this.askedOutside.get(GLOBAL_ORGANIZATION) ?? 0) > 0;
  }

  /** The key manager whose keys the gateway shows as its own. */
  residentKeyManager(organization: string): LinkedKeyManager | undefined {
    return this.keyManagers.get(scoped(organization, RESIDENT_KEY_MANAGER));
  }

  /** Compares a token with the revocations, once after each change of them. */
  isRevoked(token: VerifiedToken): boolean {
    if (token.revocationEpoch !== this.revocationEpoch) {
      const { organization } = token.keyManager;
      token.isRevoked =
        (token.jti !== '' &&
          (this.revocations.has(scoped(organization, `jti:${token.jti}`)) ||
            this.revocations.has(scoped(organization, `family:${token.jti.slice(0, FAMILY_LENGTH)}`)))) ||
        this.killed(scoped(organization, `consumer-key:${token.consumerKey}`), token.issuedAt) ||
        this.killed(SUBJECT + token.entityId, token.issuedAt);
      token.revocationEpoch = this.revocationEpoch;
    }
    return token.isRevoked;
  }

  /** Ends a token before the feed says so. */
  revoke(organization: string, revocation: RevokedTokenDocument): void {
    this.revocations.set(revocationKey(organization, `${revocation.type}:${revocation.value}`), revocation);
    this.revocationEpoch += 1;
  }

  /** Compares a signed API key with the revocations, once after each change of them; any other key is deleted instead. */
  isRevokedKey(key: ApiKey): boolean {
    const { jti } = key.facts;
    if (jti !== null && key.revocationEpoch !== this.revocationEpoch) {
      key.isRevoked = this.revocations.has(scoped(key.organization, `jti:${jti}`));
      key.revocationEpoch = this.revocationEpoch;
    }
    return key.isRevoked;
  }

  /** Forgets keys, and revocations of tokens, that have expired meanwhile. */
  forgetExpired(now: number): void {
    for (const [key, { expiresAt }] of this.revocations) if (expiresAt * 1_000 < now) this.revocations.delete(key);
    for (const [id, { facts }] of this.apiKeys) if (facts.expiresAt < now) this.apiKeys.delete(id);
    for (const [hash, { facts }] of this.applicationKeys) if (facts.expiresAt < now) this.applicationKeys.delete(hash);
  }

  private killed(key: string, issuedAt: number): boolean {
    const revocation = this.revocations.get(key);
    return revocation !== undefined && issuedAt <= revocation.revokedAt;
  }

  private applyApi(seq: number, organization: string, key: string, document: ApiDocument | null): void {
    const id = scoped(organization, key);
    const served = this.apis.get(id);
    const described = document ?? served?.document;
    const [apiId, environment] = described ? [described.apiId, described.environment] : split(key);
    if (!this.options.labels.includes(environment)) return;
    const ack = { seq, organization, apiKey: key, apiId, environment, revisionId: document?.revisionId ?? null };
    try {
      const linked = document === null || document.status === 'RETIRED' ? null : this.link(organization, key, document);
      // Nothing below can fail: the new API replaces the old one, or the old one stays as it is.
      if (linked !== null) for (const path of pathsOf(linked)) this.router.add(path, id, linked, seq);
      const paths = new Set(linked === null ? [] : pathsOf(linked));
      if (served) for (const path of pathsOf(served)) if (!paths.has(path)) this.router.remove(path, id);
      put(this.apis, id, linked);
      put(this.ranks, id, linked && seq);
      this.outdated.delete(id);
      this.epoch += 1;
      this.events.ack({ ...ack, ok: true });
    } catch (err) {
      this.events.ack({ ...ack, ok: false, error: err instanceof Error ? err.message : String(err) });
    }
  }

  private link(organization: string, key: string, document: ApiDocument): LinkedApi {
    const linked = this.options.link(organization, key, document, this.gatewayPolicies.get(scoped(organization, document.environment)));
    const level = this.logLevels.get(scoped(organization, document.apiId));
    if (level !== undefined) this.options.logApi(linked, level);
    return linked;
  }

  /** Takes effect with the next request; nothing is linked anew. */
  private applyLogLevel(organization: string, apiId: string, document: ApiLogLevelDocument | null): void {
    put(this.logLevels, scoped(organization, apiId), document);
    for (const label of this.options.labels) {
      const api = this.apis.get(scoped(organization, `${apiId}:${label}`));
      if (api !== undefined) this.options.logApi(api, document ?? undefined);
    }
  }

  /** Policies that cannot be run leave those before them in force; where there were none the APIs are not served without them. */
  private applyGatewayPolicies(organization: string, label: string, document: GatewayPoliciesDocument | null): void {
    if (!this.options.labels.includes(label)) return;
    const id = scoped(organization, label);
    try {
      if (document !== null) this.options.checkPolicies(document);
    } catch (err) {
      this.events.warn('the policies of a gateway cannot be run; those known before stay in force', {
        organization,
        label,
        error: err instanceof Error ? err.message : String(err),
      });
      if (this.gatewayPolicies.has(id)) return;
    }
    put(this.gatewayPolicies, id, document);
    for (const [apiId, api] of this.apis)
      if (api.organization === organization && api.document.environment === label) this.outdated.add(apiId);
  }

  /** Whether APIs wait for {@link renew}. */
  get hasOutdated(): boolean {
    return this.outdated.size > 0;
  }

  /** Has APIs run the policies that their gateway has now, as many of them as take `forMs`. */
  renew(forMs: number): void {
    const until = performance.now() + forMs;
    for (const id of this.outdated) {
      this.outdated.delete(id);
      this.renewOne(id);
      if (performance.now() >= until) break;
    }
    this.epoch += 1;
  }

  private renewOne(id: string): void {
    const served = this.apis.get(id);
    const rank = this.ranks.get(id);
    if (served === undefined || rank === undefined) return;
    const { organization, key, document } = served;
    try {
      const linked = this.link(organization, key, document);
      for (const path of pathsOf(linked)) this.router.add(path, id, linked, rank);
      this.apis.set(id, linked);
    } catch (err) {
      this.events.warn('an API cannot run the policies of its gateway', {
        organization,
        apiId: document.apiId,
        error: err instanceof Error ? err.message : String(err),
      });
    }
  }

  private applySubscription(key: string, document: SubscriptionDocument | null): void {
    const before = this.subscriptionKeys.get(key);
    if (before) {
      const pair = scoped(before.apiId, before.applicationId);
      // A new subscription of the same pair may have come under another key.
      if (this.subscriptions.get(pair) === before) this.subscriptions.delete(pair);
    }
    put(this.subscriptionKeys, key, document);
    if (document) this.subscriptions.set(scoped(document.apiId, document.applicationId), document);
  }

  private applyApiKey(organization: string, hash: string, document: ApiKeyDocument | null): void {
    const id = scoped(organization, hash);
    const linked = document === null ? null : linkApiKey(organization, document);
    const before = this.apiKeys.get(id);
    if (before) before.isCurrent = false;
    put(this.apiKeys, id, linked);
    put(this.applicationKeys, hash, linked?.facts.apiId === null ? linked : null);
  }

  private applyKeyManager(organization: string, key: string, document: Parameters<typeof linkKeyManager>[1] | null): void {
    try {
      const linked = document === null ? null : linkKeyManager(organization, document);
      const before = this.keyManagers.get(scoped(organization, key));
      if (before) {
        before.isCurrent = false;
        const issuer = scoped(organization, before.document.issuer);
        const left = (this.issuers.get(issuer) ?? []).filter((other) => other !== before);
        if (left.length > 0) this.issuers.set(issuer, left);
        else this.issuers.delete(issuer);
      }
      put(this.keyManagers, scoped(organization, key), linked);
      const change = Number(linked !== null && isAskedOutside(linked)) - Number(before !== undefined && isAskedOutside(before));
      this.askedOutside.set(organization, (this.askedOutside.get(organization) ?? 0) + change);
      if (linked) {
        const issuer = scoped(organization, linked.document.issuer);
        this.issuers.set(issuer, [...(this.issuers.get(issuer) ?? []), linked]);
      }
      this.epoch += 1;
      this.keyManagerEpoch += 1;
      if (before) this.events.keyManagerChanged(before);
    } catch (err) {
      this.events.warn('a key manager cannot be used; the one known before stays in force', {
        organization,
        keyManager: key,
        error: err instanceof Error ? err.message : String(err),
      });
    }
  }

  private applySettings(document: SettingsDocument | null): void {
    this.cors = document?.cors.enabled ? new CorsRules(document.cors) : null;
    this.exposedHeaders = document?.cors.exposed?.join(',') ?? '';
  }
}

/** Where an API answers: its versioned path, and its context alone when it is the default version. */
const pathsOf = ({ document }: LinkedApi): string[] =>
  document.isDefaultVersion && document.context !== document.path ? [document.path, document.context] : [document.path];

const split = (key: string): [apiId: string, environment: string] => {
  const colon = key.indexOf(':');
  return [key.slice(0, colon), key.slice(colon + 1)];
};

const put = <K, V>(map: Map<K, V>, key: K, value: V | null): void => {
  if (value === null) map.delete(key);
  else map.set(key, value);
};
