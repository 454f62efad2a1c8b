import { randomUUID } from 'node:crypto';
import type { ApplicationDocument } from '../../../domain/gateway-documents.js';
import { SUPER_TENANT } from '../../../domain/organization.js';
import type { Exchange } from '../exchange.js';
import type { LinkedApi } from '../link.js';
import type { Snapshot } from '../snapshot.js';
import type { Grant } from '../throttling/grants.js';
import { ApiKey } from './api-key.js';
import { type Claims, claimsOf } from './claims.js';
import { RESIDENT_KEY_MANAGER } from './key-manager.js';
import type { Signatures } from './signatures.js';
import type { VerifiedToken } from './tokens.js';

/** As `[apim.jwt]` says. */
export interface BackendJwtSettings {
  readonly header: string;
  readonly claimDialect: string;
  readonly encoding: 'base64' | 'base64url';
  readonly isSigned: boolean;
  readonly hasKid: boolean;
  readonly thumbprint: 'x5t' | 'x5t#S256';
  readonly isTenantKey: boolean;
  readonly lifeSeconds: number;
  readonly hasUserClaims: boolean;
  readonly excludedClaims: readonly string[];
}

/** Said by the main thread, which knows the tenants' numbers. */
const TENANT_CLAIM = 'enduserTenantId';
const ISSUER = 'wso2.org/products/am';
/** Claims of the access token that are its own alone (`reference/key-manager.md` §11). */
const NOT_COPIED = ['iss', 'sub', 'aud', 'exp', 'nbf', 'iat', 'jti', 'application', 'tierInfo', 'subscribedAPIs', 'aut'];
/** The last part of a token's life in which it is not handed out any more. */
const LAST_PART = 10;
const JWTS_MAX = 64;
const JSON_TEXT = /^\s*[[{]/;

/** What a token was made of besides the credential: when one of these changes, another is made. */
interface Basis {
  readonly api: LinkedApi;
  readonly application: ApplicationDocument | undefined;
  readonly tier: string;
  readonly keyType: string;
}

interface Made extends Basis {
  /** Null while it is being signed. */
  readonly jwt: string | null;
  readonly pending: Promise<string | null>;
  /** Epoch milliseconds. */
  readonly usableUntil: number;
}

/** The tokens by which backends know who calls, one for each credential and API, kept until they end. */
export class BackendJwts {
  private readonly made = new WeakMap<VerifiedToken | ApiKey, Map<string, Made>>();
  private readonly notCopied: ReadonlySet<string>;

  constructor(
    private readonly settings: BackendJwtSettings,
    private readonly snapshot: Pick<Snapshot, 'application' | 'subscription'>,
    private readonly signatures: Pick<Signatures, 'sign'>,
  ) {
    this.notCopied = new Set([...NOT_COPIED, ...settings.excludedClaims]);
  }

  get header(): string {
    return this.settings.header;
  }

  /** The token for the caller of an exchange; null for one without a credential. */
  ofCaller({
    token,
    apiKey,
    api,
    grant,
    now,
  }: Pick<Exchange, 'token' | 'apiKey' | 'api' | 'grant' | 'now'>): string | null | Promise<string | null> {
    const holder = token ?? apiKey;
    return holder === null || api === null || grant === null ? null : this.of(holder, api, grant, now);
  }

  /** The token for calls with the credential; a promise until it is signed, which comes to null when nobody can sign. */
  of(holder: VerifiedToken | ApiKey, api: LinkedApi, grant: Grant, now: number): string | Promise<string | null> {
    const held = this.made.get(holder) ?? new Map<string, Made>();
    const known = held.get(api.key);
    const basis = this.basis(api, grant);
    if (known !== undefined && known.usableUntil > now && isSame(known, basis)) return known.jwt ?? known.pending;
    if (held.size >= JWTS_MAX) held.clear();
    this.made.set(holder, held);
    const usableUntil = now + this.settings.lifeSeconds * 1_000 * (1 - 1 / LAST_PART);
    const pending = this.sign(holder, basis, now).then((jwt) => {
      if (jwt === null) held.delete(api.key);
      else held.set(api.key, { ...basis, jwt, pending, usableUntil });
      return jwt;
    });
    held.set(api.key, { ...basis, jwt: null, pending, usableUntil });
    return pending;
  }

  private basis(api: LinkedApi, { applicationId, keyType }: Grant): Basis {
    const application = applicationId === null ? undefined : this.snapshot.application(applicationId);
    const subscription = applicationId === null ? undefined : this.snapshot.subscription(api.document.apiId, applicationId);
    return { api, application, tier: subscription?.policy ?? '', keyType };
  }

  private sign(holder: VerifiedToken | ApiKey, basis: Basis, now: number): Promise<string | null> {
    const { settings } = this;
    const seconds = Math.floor(now / 1_000);
    const { organization } = basis.api;
    // Ids of users mean something in tokens of our own alone: another issuer could name anybody by them.
    const isUser = !(holder instanceof ApiKey) && holder.keyManager.document.name === RESIDENT_KEY_MANAGER;
    return this.signatures.sign({
      organization: settings.isTenantKey ? organization : SUPER_TENANT,
      header: { typ: 'JWT' },
      payload: this.payload(holder, basis, seconds),
      knownUntil: seconds + settings.lifeSeconds,
      encoding: settings.encoding,
      thumbprint: settings.thumbprint,
      isAnonymous: !settings.hasKid,
      isUrgent: true,
      isUnsigned: !settings.isSigned,
      tenant: { organization, claim: `${settings.claimDialect}/${TENANT_CLAIM}` },
      ...(settings.hasUserClaims &&
        isUser && { user: { id: holder.entityId, dialect: settings.claimDialect, excluded: settings.excludedClaims } }),
    });
  }

  private payload(holder: VerifiedToken | ApiKey, { api, application, tier, keyType }: Basis, seconds: number): Claims {
    const { claimDialect: dialect, lifeSeconds } = this.settings;
    const { organization, document } = api;
    const claims = holder instanceof ApiKey ? {} : claimsOf(holder);
    const user = holder instanceof ApiKey ? holder.facts.owner : holder.subject;
    const about: Record<string, unknown> = {
      subscriber: application?.owner,
      applicationid: application && String(application.id),
      applicationname: application?.name,
      applicationtier: application?.policy,
      apiname: document.name,
      apicontext: document.path,
      version: document.version,
      tier,
      keytype: keyType,
      usertype: 'Application_User',
      enduser: user.endsWith(`@${organization}`) ? user : `${user}@${organization}`,
      applicationUUId: application?.uuid,
      applicationAttributes: application && (application.attributes ?? {}),
    };
    const own = new Set([...Object.keys(about), TENANT_CLAIM].map((name) => `${dialect}/${name}`));
    return {
      ...copied(claims, this.notCopied, own),
      ...Object.fromEntries(Object.entries(about).flatMap(([name, value]) => (value === undefined ? [] : [[`${dialect}/${name}`, value]]))),
      iss: ISSUER,
      sub: user,
      iat: seconds,
      exp: seconds + lifeSeconds,
      jti: randomUUID(),
    };
  }
}

const isSame = (made: Made, { api, application, tier, keyType }: Basis): boolean =>
  made.api === api && made.application === application && made.tier === tier && made.keyType === keyType;

/** The claims of the access token as they go on, but for those that only the gateway makes; texts that look like JSON become what they say. */
const copied = (claims: Claims, notCopied: ReadonlySet<string>, own: ReadonlySet<string>): Claims =>
  Object.fromEntries(
    Object.entries(claims).flatMap(([name, value]) => (notCopied.has(name) || own.has(name) ? [] : [[name, read(value)]])),
  );

const read = (value: unknown): unknown => {
  if (typeof value !== 'string' || !JSON_TEXT.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
};
