import type { ApplicationDocument, KeyType, SubscriptionState } from '../../../domain/gateway-documents.js';
import { isSubscriptionlessPolicy } from '../../../domain/subscriptionless.js';
import type { ApiKey } from '../credentials/api-key.js';
import type { DirectCaller } from '../credentials/direct-caller.js';
import type { VerifiedToken } from '../credentials/tokens.js';
import type { LinkedApi, LinkedBackend, Operation } from '../link.js';
import { NotSubscribed, type Refusal } from '../refusal.js';
import type { Snapshot } from '../snapshot.js';
import type { ConditionalLimits } from './conditional-limits.js';
import type { CounterTable } from './counters.js';
import type { LeaseStores } from './leases.js';
import { applicationUser, PolicyLimits } from './policy-limits.js';
import { NO_LIMITS, RequestLimits } from './request-limits.js';

/** What one credential may do at one API, worked out once and good until the documents change. */
export interface Grant {
  readonly api: LinkedApi;
  /** State of the documents it was worked out from. */
  readonly epoch: number;
  readonly refusal: Refusal | undefined;
  readonly applicationId: string | null;
  readonly keyType: KeyType;
  /** Those of subscription, application and backend. */
  readonly limits: RequestLimits;
  /** The same with the operation's or the API's in front, by operation. */
  readonly withOperation: Map<Operation, RequestLimits | ConditionalLimits>;
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
export const SUBSCRIPTIONLESS_PLAN = 'DefaultSubscriptionless';
export const UNAUTHENTICATED_PLAN = 'Unauthenticated';
const GRANTS_MAX = 64;

/** Works out and remembers what callers may do: subscription, key type and limits. */
export class Grants {
  private readonly policyLimits: PolicyLimits;

  constructor(
    private readonly snapshot: Snapshot,
    table: CounterTable,
    /** The stores of limits that other gateways share. */
    stores: LeaseStores = {},
  ) {
    this.policyLimits = new PolicyLimits(snapshot, table, stores);
  }

  forToken(token: VerifiedToken, api: LinkedApi): Grant {
    return this.known(token, api) ?? this.keep(token, this.workOut(this.callerOf(token, api), api));
  }

  forKey(key: ApiKey, api: LinkedApi): Grant {
    return this.known(key, api) ?? this.keep(key, this.workOut(this.holderOf(key), api));
  }

  /** Callers without an application need no subscription and have one plan of their own. */
  forDirect(caller: DirectCaller, api: LinkedApi): Grant {
    return this.known(caller, api) ?? this.keep(caller, this.workOutDirect(caller, api));
  }

  /** Callers of resources without authentication are told apart by their address. */
  forAddress(address: string, api: LinkedApi, backend: LinkedBackend): Grant {
    const { context, version } = api.document;
    const key = `${address}:${context}:${version}:${UNAUTHENTICATED_PLAN}`;
    // A gateway for one kind of endpoint only serves it to everybody (`reference/gateway.md` §6).
    const keyType = backend.production === null && backend.sandbox !== null ? 'SANDBOX' : 'PRODUCTION';
    const limits = this.planLimits(api, UNAUTHENTICATED_PLAN, key, keyType);
    return { api, epoch: -1, refusal: undefined, applicationId: null, keyType, limits, withOperation: new Map() };
  }

  /** No plan and no application stand behind a test key: only the limits of the API or the operation hold, and of the backend. */
  forTest(api: LinkedApi, keyType: KeyType): Grant {
    const limits = new RequestLimits([], this.policyLimits.ofBackend(api, keyType));
    return { api, epoch: -1, refusal: undefined, applicationId: null, keyType, limits, withOperation: new Map() };
  }

  /** All limits of a request, or what chooses them by the request. */
  limits(grant: Grant, operation: Operation): RequestLimits | ConditionalLimits {
    const policy = operation.api.throttlingPolicy ?? operation.throttlingPolicy;
    if (policy === null) return grant.limits;
    const known = grant.withOperation.get(operation);
    if (known !== undefined) return known;
    const all = this.policyLimits.ofOperation(operation, policy, grant.limits);
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

  private holderOf({ facts, organization }: ApiKey): GrantedCaller {
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
    const refuse = (refusal: Refusal): Grant => ({ ...base, refusal, limits: NO_LIMITS });
    // Only internal keys open an API that is not published yet.
    if (document.status === 'CREATED') return refuse(NotSubscribed);
    if (document.subscriptionless) {
      const name = application === undefined ? caller.name : String(application.id);
      const planKey = `${name}:${document.context}:${document.version}:${SUBSCRIPTIONLESS_PLAN}`;
      return { ...base, refusal: undefined, limits: this.planLimits(api, SUBSCRIPTIONLESS_PLAN, planKey, keyType) };
    }
    const subscription = application && this.snapshot.subscription(document.apiId, application.uuid);
    if (application === undefined || subscription === undefined || !this.snapshot.isActive(application.organization))
      return refuse(NotSubscribed);
    // Left from a time when the API needed no subscription: nobody has granted it.
    if (isSubscriptionlessPolicy(subscription.policy)) return refuse(NotSubscribed);
    const refusal = refusalOf(api, subscription.state, keyType);
    if (refusal !== undefined) return refuse(refusal);
    const plan = `${counted(application, organization)}:${document.context}:${document.version}:${subscription.policy}`;
    const user = applicationUser(application, caller.user, organization);
    const limits = new RequestLimits(
      [...this.policyLimits.ofPlan(api, subscription.policy, plan), ...this.policyLimits.ofApplication(application, user)],
      this.policyLimits.ofBackend(api, keyType),
    );
    return { ...base, refusal: undefined, limits };
  }

  private workOutDirect(caller: DirectCaller, api: LinkedApi): Grant {
    const { context, version, status } = api.document;
    const { plan } = caller;
    const keyType = status === 'PROTOTYPED' ? 'PRODUCTION' : caller.keyType;
    const limits = this.planLimits(api, plan, `${caller.counted}:${context}:${version}:${plan}`, keyType);
    const isExempt = !caller.isLimitedByOperation && api.throttlingPolicy === null;
    return {
      api,
      epoch: this.snapshot.epoch,
      refusal: status === 'CREATED' ? NotSubscribed : undefined,
      applicationId: null,
      keyType,
      limits,
      withOperation: new Map(isExempt ? api.operations.map((operation) => [operation, limits]) : []),
    };
  }

  /** For callers without an application. */
  private planLimits(api: LinkedApi, plan: string, key: string, keyType: KeyType): RequestLimits {
    return new RequestLimits(this.policyLimits.ofPlan(api, plan, key), this.policyLimits.ofBackend(api, keyType));
  }
}

/** An application's number is one in its own tenant alone. */
const counted = ({ id, organization }: ApplicationDocument, tenant: string): string =>
  organization === tenant ? String(id) : `${id}@${organization}`;

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
