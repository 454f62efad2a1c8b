import type { PolicyLevel } from '../../domain/throttling.js';
import type { User } from '../../domain/user.js';
import {
  fromAdvancedPolicy,
  fromApplicationPolicy,
  fromSubscriptionPolicy,
  SEARCH_TYPES,
  toAdvancedPolicy,
  toApplicationPolicy,
  toSubscriptionPolicy,
} from '../admin-policies.mapper.js';
import { AdvancedThrottlePolicyDto } from '../dto/advanced-policy.dto.js';
import { ApplicationThrottlePolicyDto, SubscriptionThrottlePolicyDto, type ThrottlePolicyDto } from '../dto/throttle-policy.dto.js';
import { CustomRuleDto } from '../rules/custom-rule.dto.js';
import { type CustomRule, rulesOf } from '../rules/custom-rule.js';
import { fromCustomRule, toCustomRule } from '../rules/custom-rules.mapper.js';
import type { CustomRulesService } from '../rules/custom-rules.service.js';
import type { ThrottlingPoliciesService } from '../throttling-policies.service.js';
import type { PolicyContent, ThrottlingPolicy } from '../throttling-policy.js';

export const POLICY_TYPES = ['sub', 'app', 'api', 'global'] as const;
export type PolicyType = (typeof POLICY_TYPES)[number];

/** One kind of policy, as export and import see it: all in the shapes of the wire. */
export interface PolicyKind {
  /** The word of the query. */
  readonly type: PolicyType;
  /** The word of the document. */
  readonly subtype: string;
  readonly dto: new () => ThrottlePolicyDto;
  /** @throws NotOfSuperTenant (403) for a caller who has none of the kind, and may not. */
  admit(caller: User): void;
  byId(caller: User, id: string): Promise<ThrottlePolicyDto | undefined>;
  byName(caller: User, name: string): Promise<ThrottlePolicyDto | undefined>;
  /** Gives the id. @throws what creating one by its own operation does. */
  create(caller: User, policy: ThrottlePolicyDto): Promise<string>;
  /** @throws what changing one by its own operation does. */
  replace(caller: User, id: string, policy: ThrottlePolicyDto): Promise<void>;
}

interface LevelShape<T extends ThrottlePolicyDto> {
  readonly dto: new () => T;
  readonly toDto: (policy: ThrottlingPolicy) => T;
  readonly fromDto: (dto: T) => PolicyContent;
}

/** All kinds, in the order in which a name without a type is looked for. */
export const policyKinds = (policies: ThrottlingPoliciesService, rules: CustomRulesService): readonly PolicyKind[] => [
  levelKind(policies, 'subscription', {
    dto: SubscriptionThrottlePolicyDto,
    toDto: toSubscriptionPolicy,
    fromDto: fromSubscriptionPolicy,
  }),
  levelKind(policies, 'application', { dto: ApplicationThrottlePolicyDto, toDto: toApplicationPolicy, fromDto: fromApplicationPolicy }),
  levelKind(policies, 'advanced', { dto: AdvancedThrottlePolicyDto, toDto: toAdvancedPolicy, fromDto: fromAdvancedPolicy }),
  ruleKind(rules),
];

const levelKind = <T extends ThrottlePolicyDto>(
  policies: ThrottlingPoliciesService,
  level: PolicyLevel,
  { dto, toDto, fromDto }: LevelShape<T>,
): PolicyKind => {
  // What comes in was validated as the kind's own class.
  const contentOf = (policy: ThrottlePolicyDto): PolicyContent => fromDto(policy as T);
  const shown = (policy: ThrottlingPolicy | undefined) => policy && toDto(policy);
  return {
    type: SEARCH_TYPES[level],
    subtype: `${level} policy`,
    dto,
    admit: () => undefined,
    byId: async ({ organization }, id) => shown(await policies.byId(organization, level, id)),
    byName: async ({ organization }, name) => shown(await policies.find(organization, level, name)),
    create: async ({ organization }, policy) => (await policies.create(organization, level, contentOf(policy))).id,
    replace: async ({ organization }, id, policy) => {
      await policies.update(organization, level, id, contentOf(policy), () => undefined);
    },
  };
};

const ruleKind = (rules: CustomRulesService): PolicyKind => {
  // As above.
  const contentOf = (policy: ThrottlePolicyDto) => fromCustomRule(policy as CustomRuleDto);
  const shown = (rule: CustomRule | undefined) => rule && toCustomRule(rule);
  return {
    type: 'global',
    subtype: 'custom rule',
    dto: CustomRuleDto,
    admit: (caller) => {
      rulesOf(caller);
    },
    byId: async ({ organization }, id) => shown(await rules.byId(organization, id)),
    byName: async ({ organization }, name) => shown(await rules.find(organization, name)),
    create: async (caller, policy) => (await rules.create(rulesOf(caller), contentOf(policy))).id,
    replace: async (caller, id, policy) => {
      await rules.update(rulesOf(caller), id, contentOf(policy), () => undefined);
    },
  };
};
