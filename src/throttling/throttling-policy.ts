import type { ConditionalGroup } from '../domain/conditional-groups.js';
import type { Burst, PolicyLevel, Quota } from '../domain/throttling.js';
import { EVERYONE_ROLE, hasAnyRole, type User } from '../domain/user.js';

/** Who may use a business plan: with ALLOW the holders of any of the roles, with DENY everybody else. */
export interface PlanPermissions {
  readonly permissionType: 'ALLOW' | 'DENY';
  readonly roles: readonly string[];
}

/** What only a business plan (a policy of level `subscription`) has. */
export interface Plan {
  /** `FREE` or `COMMERCIAL`. */
  readonly billingPlan: string;
  readonly monetization: {
    /** Absent where nobody has chosen yet: such a plan has no price. */
    readonly monetizationPlan?: 'FIXEDRATE' | 'DYNAMICRATE';
    readonly properties: Readonly<Record<string, string>>;
  } | null;
  readonly customAttributes: readonly { readonly name: string; readonly value: string }[];
  /** 0: not limited. */
  readonly graphQLMaxComplexity: number;
  /** 0: not limited. */
  readonly graphQLMaxDepth: number;
  /** Callbacks a webhook plan allows; 0: not limited. */
  readonly subscriberCount: number;
  readonly permissions: PlanPermissions;
}

/** What an administrator decides about a policy. */
export interface PolicyContent {
  readonly name: string;
  /** When it is stored empty, the name. */
  readonly displayName: string;
  readonly description: string;
  readonly quota: Quota;
  readonly burst: Burst | null;
  readonly stopOnQuotaReach: boolean;
  /** Null unless the level is `subscription`. */
  readonly plan: Plan | null;
  readonly conditionalGroups: readonly ConditionalGroup[];
}

export interface ThrottlingPolicy extends PolicyContent {
  readonly id: string;
  readonly organization: string;
  readonly level: PolicyLevel;
}

/** Plans the server assigns by itself: never listed to the portals and never subscribed to (`reference/publisher.md` §11). */
export const INTERNAL_PLANS: ReadonlySet<string> = new Set(['Unauthenticated', 'DefaultSubscriptionless', 'AsyncDefaultSubscriptionless']);

export const isInternal = (policy: Pick<ThrottlingPolicy, 'level' | 'name'>): boolean =>
  policy.level === 'subscription' && INTERNAL_PLANS.has(policy.name);

export const EVERYBODY: PlanPermissions = { permissionType: 'ALLOW', roles: [EVERYONE_ROLE] };

/**
 * Whether the caller's roles open the plan; an anonymous caller holds only the role of everybody. A role of another tenant opens nothing, whoever has
 * given it there the name of one here; it only shuts out.
 */
export const mayUse = (
  policy: Pick<ThrottlingPolicy, 'plan' | 'organization'>,
  caller: Pick<User, 'roles' | 'organization'> | undefined,
): boolean => {
  if (!policy.plan) return true;
  const { permissionType, roles } = policy.plan.permissions;
  const counts = permissionType === 'DENY' || caller?.organization === policy.organization;
  const named = hasAnyRole({ roles: [...((counts && caller?.roles) || []), EVERYONE_ROLE] }, roles);
  return permissionType === 'ALLOW' ? named : !named;
};

/** The small number some shapes show beside the UUID, made of it. */
export const numberOf = (policy: Pick<ThrottlingPolicy, 'id'>): number => Number.parseInt(policy.id.slice(0, 8), 16) & 0x7f_ff_ff_ff;
