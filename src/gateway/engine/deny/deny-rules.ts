import type { DenyRuleDocument } from '../../../domain/deny-rules.js';
import { DeniedAddresses } from './denied-addresses.js';
import { Tally } from './tally.js';

/** The deny rules in force for the APIs of one tenant, by what they are about: however many there are, a request asks for each kind once. */
export class TenantDenyRules {
  /** Whether there is no rule at all: all that is asked in a tenant without one. */
  isEmpty = true;
  readonly addresses = new DeniedAddresses();

  private readonly rules = new Map<string, DenyRuleDocument>();
  private readonly apis = new Tally();
  /** Names of applications by their owner. */
  private readonly applications = new Map<string, Tally>();
  private readonly userNames = new Tally();
  private readonly userIds = new Tally();
  /** What names of users may end with, in lower case. */
  private readonly suffix: string;

  constructor(organization: string) {
    this.suffix = `@${organization.toLowerCase()}`;
  }

  put(key: string, rule: DenyRuleDocument | null): void {
    const before = this.rules.get(key);
    if (before !== undefined) this.forget(key, before);
    if (rule === null) this.rules.delete(key);
    else {
      this.learn(key, rule);
      this.rules.set(key, rule);
    }
    this.isEmpty = this.rules.size === 0;
  }

  get hasUsers(): boolean {
    return this.userNames.size > 0;
  }

  get hasApplications(): boolean {
    return this.applications.size > 0;
  }

  denyApi(path: string): boolean {
    return this.apis.has(path);
  }

  denyApplication(owner: string, name: string): boolean {
    return this.applications.get(owner)?.has(name) === true;
  }

  denyUserId(id: string): boolean {
    return this.userIds.has(id);
  }

  /** The name may be in any case, and with the tenant or without. */
  denyUserName(name: string): boolean {
    const lower = name.toLowerCase();
    return this.userNames.has(lower.endsWith(this.suffix) ? lower.slice(0, -this.suffix.length) : lower);
  }

  private learn(key: string, rule: DenyRuleDocument): void {
    switch (rule.type) {
      case 'API':
        this.apis.add(rule.path);
        break;
      case 'APPLICATION':
        this.learnApplication(rule.owner, rule.name);
        break;
      case 'IP':
        this.addresses.add(key, rule);
        break;
      case 'USER':
        this.userNames.add(rule.name.toLowerCase());
        if (rule.id !== null) this.userIds.add(rule.id);
        break;
    }
  }

  private learnApplication(owner: string, name: string): void {
    const names = this.applications.get(owner) ?? new Tally();
    names.add(name);
    this.applications.set(owner, names);
  }

  private forget(key: string, rule: DenyRuleDocument): void {
    switch (rule.type) {
      case 'API':
        this.apis.delete(rule.path);
        break;
      case 'APPLICATION': {
        const names = this.applications.get(rule.owner);
        names?.delete(rule.name);
        if (names?.size === 0) this.applications.delete(rule.owner);
        break;
      }
      case 'IP':
        this.addresses.delete(key, rule);
        break;
      case 'USER':
        this.userNames.delete(rule.name.toLowerCase());
        if (rule.id !== null) this.userIds.delete(rule.id);
        break;
    }
  }
}

/** The deny rules of all tenants. */
export class DenyRules {
  private readonly tenants = new Map<string, TenantDenyRules>();

  /** Those of a tenant: the same object for good, whatever rules come and go. */
  of(organization: string): TenantDenyRules {
    const known = this.tenants.get(organization);
    if (known !== undefined) return known;
    const rules = new TenantDenyRules(organization);
    this.tenants.set(organization, rules);
    return rules;
  }

  apply(organization: string, key: string, rule: DenyRuleDocument | null): void {
    this.of(organization).put(key, rule);
  }
}
