import { createHash } from 'node:crypto';
import type { CustomRuleDocument, TemplatePart } from '../../../domain/custom-rules.js';
import { SUPER_TENANT } from '../../../domain/organization.js';
import type { FlatClaims } from '../credentials/caller-claims.js';
import type { Exchange } from '../exchange.js';
import { CustomThrottled } from '../refusal.js';
import type { Limit, MakeLimit } from './limits.js';
import { throttleKey } from './policy-limits.js';
import { linkExpression, type RuleFunction, readsOthers } from './rule-expressions.js';
import { type FactDeps, RequestFacts } from './rule-facts.js';

const NONE: readonly Limit[] = [];
/** Limits of one rule that are kept ready, in each of two halves. A limit that is made anew finds its counter again. */
const READY_MAX = 5_000;
/** Clients may choose parts of a key, of any length: a longer one is kept, here and in a store, by its hash. */
const KEY_LENGTH_MAX = 512;

/** The rules of the whole gateway: each gives at most one limit to a request, that of the request's key (`reference/throttling.md` §8). */
export class CustomRules {
  private readonly rules = new Map<string, LinkedRule>();
  private early: readonly LinkedRule[] = [];
  private late: readonly LinkedRule[] = [];
  /** Whether there is any rule to be checked before policies run, and after; without one nobody is asked for limits. */
  hasRules = false;
  hasLateRules = false;
  /** Whether a rule may ask for what the token for backends says. */
  needsClaims = false;

  constructor(
    private readonly makeLimit: MakeLimit,
    private readonly deps: FactDeps,
  ) {}

  /** Puts a rule into force, or takes it out. Throws an `Error` for one that cannot be linked; the one before it stays. */
  apply(id: string, document: CustomRuleDocument | null): void {
    if (document === null) this.rules.delete(id);
    else this.rules.set(id, new LinkedRule(id, document, this.makeLimit));
    const all = [...this.rules.values()];
    this.early = all.filter(({ isLate }) => !isLate);
    this.late = all.filter(({ isLate }) => isLate);
    this.hasRules = this.early.length > 0;
    this.hasLateRules = this.late.length > 0;
    this.needsClaims = this.deps.conditions.claims && this.early.some(({ readsRequest }) => readsRequest);
  }

  /** Limits of the rules that are about the request. */
  limitsFor(exchange: Exchange, claims: FlatClaims | null): readonly Limit[] {
    return this.of(this.early, exchange, claims);
  }

  /** The same of the rules that name properties which policies set; they see no claims. */
  lateLimitsFor(exchange: Exchange): readonly Limit[] {
    return this.of(this.late, exchange, null);
  }

  private of(rules: readonly LinkedRule[], exchange: Exchange, claims: FlatClaims | null): readonly Limit[] {
    const { operation } = exchange;
    if (operation === null) return NONE;
    const facts = new RequestFacts(exchange, operation, claims, this.deps);
    let limits: Limit[] | undefined;
    for (const rule of rules) {
      const limit = rule.limitOf(facts);
      if (limit === undefined) continue;
      if (limits === undefined) limits = [limit];
      else limits.push(limit);
    }
    return limits ?? NONE;
  }
}

/** A rule, ready to be asked. */
class LinkedRule {
  /** Whether it is about what policies say, and so has to wait for them. */
  readonly isLate: boolean;
  /** Whether it asks for entries of the map that may be claims. */
  readonly readsRequest: boolean;
  private readonly isEligible: RuleFunction;
  private readonly key: RuleFunction;
  private newer = new Map<string, Limit>();
  private older = new Map<string, Limit>();

  constructor(
    private readonly id: string,
    private readonly document: CustomRuleDocument,
    private readonly makeLimit: MakeLimit,
  ) {
    this.isEligible = linkExpression(document.isEligible);
    this.key = linkExpression(document.throttleKey);
    this.readsRequest = readsOthers(document.isEligible) || readsOthers(document.throttleKey);
    this.isLate = document.keyTemplate.some((part) => 'property' in part);
  }

  /** The limit that a request uses up; undefined where the rule is not about it. */
  limitOf(facts: RequestFacts): Limit | undefined {
    if (this.isEligible(facts) !== true) return undefined;
    const key = this.key(facts);
    return typeof key === 'string' && key === expanded(this.document.keyTemplate, facts) ? this.limit(key) : undefined;
  }

  private limit(text: string): Limit {
    const key = text.length > KEY_LENGTH_MAX ? createHash('sha256').update(text).digest('base64url') : text;
    const recent = this.newer.get(key);
    if (recent !== undefined) return recent;
    if (this.newer.size >= READY_MAX) {
      this.older = this.newer;
      this.newer = new Map();
    }
    const limit = this.older.get(key) ?? this.made(key);
    this.newer.set(key, limit);
    return limit;
  }

  /** The counter is the rule's, not that of its numbers: a changed rule goes on counting where it was. */
  private made(key: string): Limit {
    const { counts, max, windowMs } = this.document;
    const name = throttleKey('custom', SUPER_TENANT, `${this.id}:${key}${counts === 'requests' ? '' : `#${counts}`}`);
    return this.makeLimit('quotas', name, { counts, max, windowMs, isLenient: false, refusal: CustomThrottled });
  }
}

/** What a template stands for; null where the request lacks something of it. */
const expanded = (template: readonly TemplatePart[], facts: RequestFacts): string | null => {
  let text = '';
  for (let i = 0; i < template.length; i += 1) {
    const part = template[i];
    if (part === undefined) continue;
    const value = 'property' in part ? facts.customProperty(part.property) : facts.variable(part.variable);
    if (value === null) return null;
    text += i === 0 ? value : `:${value}`;
  }
  return text;
};
