import type { ApplicationDocument, KeyType, SubscriptionState } from '../../../domain/gateway-documents.js';
import { burstWindowMs, isUnlimited, type PolicyLevel, windowMs } from '../../../domain/throttling.js';
import type { ApiKey } from '../credentials/api-key.js';
import type { DirectCaller } from '../credentials/direct-caller.js';
import type { VerifiedToken } from '../credentials/tokens.js';
import type { LinkedApi, LinkedBackend, Operation } from '../link.js';
import {
  ApiThrottled,
  ApplicationBurst,
  ApplicationThrottled,
  NotSubscribed,
  type Refusal,
  ResourceThrottled,
  SubscriptionBurst,
  SubscriptionThrottled,
  type ThrottledOut,
} from '../refusal.js';
import type { Snapshot } from '../snapshot.js';
import type { CounterTable } from './counters.js';
import { LeasedLimit } from './leased-limit.js';
import type { LeaseStoreName, LeaseStores } from './leases.js';
import { Limit } from './limits.js';

/** What one credential may do at one API, worked out once and good until the documents change. */
export interface Grant {
  readonly api: LinkedApi;
  /** State of the documents it was worked out from. */
  readonly epoch: number;
  readonly refusal: Refusal | undefined;
  readonly applicationId: string | null;
  readonly keyType: KeyType;
  /** Subscription and application limits, in the order they are checked. */
  readonly limits: readonly Limit[];
  /** The same with the operation's or the API's limit in front, by operation. */
  readonly withOperation: Map<Operation, readonly Limit[]>;
}

/** A credential that remembers what it may do, by API; see `Grants`. */
export interface Grantee {
  readonly grants: Map<string, Grant>;
  lastGrant: Grant | null;
}

/** Who calls, as far as grants depend on it. */
interface GrantedCaller {
  readonly application: ApplicationDocument | undefined;
  readonly keyType: KeyType;
  /** Whose calls to the application are counted together. */
  readonly user: string;
  /** Tells callers of subscriptionless APIs apart that act for no application. */
  readonly name: string;
}

/** The plan of subscriptionless APIs and the one of callers without a name (`reference/throttling.md` §3). */
const SUBSCRIPTIONLESS_PLAN = 'DefaultSubscriptionless';
const UNAUTHENTICATED_PLAN = 'Unauthenticated';
const GRANTS_MAX = 64;
const DATA_UNITS = { KB: 1_024, MB: 1_048_576 } as const;

/** Works out and remembers what callers may do: subscription, key type and limits. */
export class Grants {
  /** How long a request may wait for limits that are shared, milliseconds. */
  readonly waitMs: number;

  constructor(
    private readonly snapshot: Snapshot,
    private readonly table: CounterTable,
    /** The stores whose counters are shared with other gateways. */
    private readonly leases: LeaseStores = {},
  ) {
    this.waitMs = Math.max(0, ...Object.values(leases).map(({ settings }) => settings.waitMs));
  }

  forToken(token: VerifiedToken, api: LinkedApi): Grant {
    return this.known(token, api) ?? this.keep(token, this.workOut(this.callerOf(token, api), api));
  }

  forKey(key: ApiKey, api: LinkedApi): Grant {
    return this.known(key, api) ?? this.keep(key, this.workOut(this.holderOf(key, api), api));
  }

  /** Callers without an application need no subscription and have one plan of their own. */
  forDirect(caller: DirectCaller, api: LinkedApi): Grant {
    return this.known(caller, api) ?? this.keep(caller, this.workOutDirect(caller, api));
  }

  /** Callers of resources without authentication are told apart by their address. */
  forAddress(address: string, api: LinkedApi, backend: LinkedBackend): Grant {
    const { context, version } = api.document;
    const key = `${address}:${context}:${version}:${UNAUTHENTICATED_PLAN}`;
    const limits = this.planLimits(api, UNAUTHENTICATED_PLAN, key);
    // A gateway for one kind of endpoint only serves it to everybody (`reference/gateway.md` §6).
    const keyType = backend.production === null && backend.sandbox !== null ? 'SANDBOX' : 'PRODUCTION';
    return { api, epoch: -1, refusal: undefined, applicationId: null, keyType, limits, withOperation: new Map() };
  }

  /** All limits of a request, in the order they are checked. */
  limits(grant: Grant, operation: Operation): readonly Limit[] {
    const { api } = operation;
    const policy = api.throttlingPolicy ?? operation.throttlingPolicy;
    if (policy === null) return grant.limits;
    const known = grant.withOperation.get(operation);
    if (known !== undefined) return known;
    const { context, version, path } = api.document;
    const own =
      api.throttlingPolicy === null
        ? this.limitsOf(
            api.organization,
            'advanced',
            policy,
            `${path}${operation.target}:${operation.method}`,
            ResourceThrottled,
            null,
            true,
          )
        : this.limitsOf(api.organization, 'advanced', policy, `${context}:${version}`, ApiThrottled, null, true);
    const all = [...own, ...grant.limits];
    grant.withOperation.set(operation, all);
    return all;
  }

  private known(grantee: Grantee, api: LinkedApi): Grant | undefined {
    const { epoch } = this.snapshot;
    const last = grantee.lastGrant;
    if (last !== null && last.api === api && last.epoch === epoch) return last;
    const known = grantee.grants.get(api.key);
    if (known === undefined || known.api !== api || known.epoch !== epoch) return undefined;
    grantee.lastGrant = known;
    return known;
  }

  private keep(grantee: Grantee, grant: Grant): Grant {
    if (grantee.grants.size >= GRANTS_MAX) grantee.grants.clear();
    grantee.grants.set(grant.api.key, grant);
    grantee.lastGrant = grant;
    return grant;
  }

  private callerOf({ keyManager, consumerKey, subject }: VerifiedToken, { organization }: LinkedApi): GrantedCaller {
    const mapping = this.snapshot.keyMapping(organization, keyManager.document.name, consumerKey);
    const application = mapping && this.snapshot.application(mapping.applicationId);
    return { application, keyType: mapping?.keyType ?? 'PRODUCTION', user: subject, name: consumerKey };
  }

  private holderOf({ facts }: ApiKey, { organization }: LinkedApi): GrantedCaller {
    const { applicationId, keyType, owner, keyId, jti } = facts;
    const application = applicationId === null ? undefined : this.snapshot.application(applicationId);
    // The application a signed key names may be anybody's.
    const own = application?.organization === organization ? application : undefined;
    return { application: own, keyType, user: owner, name: keyId ?? jti ?? '' };
  }

  private workOut(caller: GrantedCaller, api: LinkedApi): Grant {
    const { document, organization } = api;
    const { application } = caller;
    const keyType = document.status === 'PROTOTYPED' ? 'PRODUCTION' : caller.keyType;
    const base = { api, epoch: this.snapshot.epoch, keyType, applicationId: application?.uuid ?? null, withOperation: new Map() };
    const refuse = (refusal: Refusal): Grant => ({ ...base, refusal, limits: [] });
    // Only internal keys open an API that is not published yet.
    if (document.status === 'CREATED') return refuse(NotSubscribed);
    if (document.subscriptionless) {
      const name = application === undefined ? caller.name : String(application.id);
      const planKey = `${name}:${document.context}:${document.version}:${SUBSCRIPTIONLESS_PLAN}`;
      return { ...base, refusal: undefined, limits: this.planLimits(api, SUBSCRIPTIONLESS_PLAN, planKey) };
    }
    const subscription = application && this.snapshot.subscription(document.apiId, application.uuid);
    if (application === undefined || subscription === undefined) return refuse(NotSubscribed);
    const refusal = refusalOf(api, subscription.state, keyType);
    if (refusal !== undefined) return refuse(refusal);
    const plan = `${application.id}:${document.context}:${document.version}:${subscription.policy}`;
    const user = applicationUser(application, caller.user, organization);
    const limits = [
      ...this.planLimits(api, subscription.policy, plan),
      ...this.limitsOf(application.organization, 'application', application.policy, user, ApplicationThrottled, ApplicationBurst, true),
    ];
    return { ...base, refusal: undefined, limits };
  }

  private workOutDirect(caller: DirectCaller, api: LinkedApi): Grant {
    const { context, version, status } = api.document;
    const { plan } = caller;
    const limits = this.planLimits(api, plan, `${caller.counted}:${context}:${version}:${plan}`);
    const isExempt = !caller.isLimitedByOperation && api.throttlingPolicy === null;
    return {
      api,
      epoch: this.snapshot.epoch,
      refusal: status === 'CREATED' ? NotSubscribed : undefined,
      applicationId: null,
      keyType: status === 'PROTOTYPED' ? 'PRODUCTION' : caller.keyType,
      limits,
      withOperation: new Map(isExempt ? api.operations.map((operation) => [operation, limits]) : []),
    };
  }

  private planLimits(api: LinkedApi, plan: string, key: string): readonly Limit[] {
    const policy = this.snapshot.policy(api.organization, 'subscription', plan);
    const stops = policy?.stopOnQuotaReach ?? true;
    return this.limitsOf(api.organization, 'subscription', plan, key, SubscriptionThrottled, SubscriptionBurst, stops);
  }

  /** The quota's limit and the burst's. An unknown policy limits nothing, as in the product; policies reach the gateway before what names them. */
  private limitsOf(
    organization: string,
    level: PolicyLevel,
    name: string,
    key: string,
    quotaReached: ThrottledOut,
    burstReached: ThrottledOut | null,
    stops: boolean,
  ): readonly Limit[] {
    const policy = this.snapshot.policy(organization, level, name);
    if (policy === undefined) return [];
    const limits: Limit[] = [];
    const { quota, burst } = policy;
    // Events are counted where they flow, not per request.
    if (!isUnlimited(quota) && quota.type !== 'EVENTCOUNTLIMIT' && (quota.type !== 'AIAPIQUOTALIMIT' || quota.count > 0)) {
      const isBytes = quota.type === 'BANDWIDTHLIMIT';
      const max = isBytes ? quota.count * DATA_UNITS[quota.dataUnit ?? 'KB'] : quota.count;
      limits.push(this.limit('quotas', throttleKey(level, organization, key), max, windowMs(quota), isBytes, !stops, quotaReached));
    }
    if (burst !== null && burstReached !== null && burst.count > 0) {
      const burstKey = throttleKey(level, organization, `${key}#burst`);
      limits.push(this.limit('bursts', burstKey, burst.count, burstWindowMs(burst), false, !stops, burstReached));
    }
    return limits;
  }

  private limit(
    store: LeaseStoreName,
    key: string,
    max: number,
    windowMs: number,
    bytes: boolean,
    lenient: boolean,
    refusal: ThrottledOut,
  ): Limit {
    const leases = this.leases[store];
    if (leases !== undefined) return new LeasedLimit(this.table, key, max, windowMs, bytes, lenient, refusal, leases);
    const { hi, lo } = this.table.hash(key);
    return new Limit(this.table, hi, lo, max, windowMs, bytes, lenient, refusal);
  }
}

/** The name a counter is found by: levels and tenants never share one. */
export const throttleKey = (level: PolicyLevel, organization: string, key: string): string => `${level}:${organization}:${key}`;

/**
 * Key of an application's limit for one of its users (`reference/throttling.md` §1): the user carries the API's tenant, unless the name has it already.
 * Its burst's key has `#burst` after it.
 */
export const applicationUser = (application: Pick<ApplicationDocument, 'id'>, subject: string, tenant: string): string =>
  `${application.id}:${subject.endsWith(`@${tenant}`) ? subject : `${subject}@${tenant}`}`;

const refusalOf = (api: LinkedApi, state: SubscriptionState, keyType: KeyType): Refusal | undefined => {
  switch (state) {
    case 'BLOCKED':
      return api.challenges.subscriptionBlocked;
    case 'PROD_ONLY_BLOCKED':
      return keyType === 'PRODUCTION' ? api.challenges.subscriptionBlocked : undefined;
    case 'ON_HOLD':
    case 'REJECTED':
      return api.challenges.subscriptionInactive;
    default:
      // A change of plan or a deletion that waits for approval leaves the subscription as it is.
      return undefined;
  }
};
