import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isUUID } from 'class-validator';
import type { Repository } from 'typeorm';
import type { ConditionType, DenyRuleDocument } from '../../domain/deny-rules.js';
import { parseUserName } from '../../domain/organization.js';
import { found } from '../../domain/problem.js';
import { DeniedUsers } from '../../identity/users/denied-users.js';
import { onConflict, Transactions, type Tx } from '../../platform/database/transactions.js';
import { Feed } from '../../platform/feed/feed.js';
import { conditionOf, textOf } from './conditions.js';
import { denyFilter } from './deny-filter.js';
import { ApiContextUnknown, ApplicationUnknown, DenyPolicyExists, DenyPolicyNotFound } from './deny-policies.problems.js';
import { DenyPolicyEntity } from './deny-policy.entity.js';
import type { DenyPolicy } from './deny-policy.js';
import { DenyTargetQueries } from './deny-targets.queries.js';

/** The deny policies of each tenant. */
@Injectable()
export class DenyPoliciesService {
  constructor(
    @InjectRepository(DenyPolicyEntity) private readonly policies: Repository<DenyPolicyEntity>,
    private readonly transactions: Transactions,
    private readonly feed: Feed,
    private readonly targets: DenyTargetQueries,
    private readonly users: DeniedUsers,
  ) {}

  /** Those that the query asks for, the oldest first. @throws FilterUnreadable (400). */
  async list(organization: string, query: string): Promise<readonly DenyPolicy[]> {
    const isShown = denyFilter(query);
    return (await this.policies.find({ where: { organization }, order: { createdAt: 'ASC', id: 'ASC' } })).filter(isShown);
  }

  /** @throws DenyPolicyNotFound (404). */
  async get(organization: string, id: string): Promise<DenyPolicy> {
    return found(isUUID(id) ? await this.policies.findOneBy({ organization, id }) : null, DenyPolicyNotFound, id);
  }

  /** Stores a policy and tells the gateways. @throws DenyPolicyExists (409), and the refusals of {@link conditionOf} (400) also for what does not exist */
  create(organization: string, type: ConditionType, sent: unknown, active: boolean): Promise<DenyPolicy> {
    const { value, subject, rule } = conditionOf(type, sent, organization);
    return this.transactions.run(async (tx) => {
      await this.checkTarget(tx, organization, rule);
      const policy = { id: randomUUID(), organization, type, value, subject, active, createdAt: new Date() };
      await tx.em.insert(DenyPolicyEntity, policy).catch(onConflict('deny_policies_subject', () => DenyPolicyExists(type, textOf(policy))));
      await this.announce(tx, policy);
      return policy;
    });
  }

  /** Puts a policy into force or out of it; `expects` is called with the current state and may refuse. @throws DenyPolicyNotFound (404). */
  setStatus(organization: string, id: string, active: boolean, expects: (current: DenyPolicy) => void): Promise<DenyPolicy> {
    return this.transactions.run(async (tx) => {
      const current = await this.locked(tx, organization, id);
      expects(current);
      await tx.em.update(DenyPolicyEntity, { organization, id }, { active });
      const policy = { ...current, active };
      await this.announce(tx, policy);
      return policy;
    });
  }

  /** @throws DenyPolicyNotFound (404). */
  remove(organization: string, id: string): Promise<void> {
    return this.transactions.run(async (tx) => {
      const policy = await this.locked(tx, organization, id);
      await tx.em.delete(DenyPolicyEntity, { organization, id });
      await this.announce(tx, { ...policy, active: false });
    });
  }

  private async locked(tx: Tx, organization: string, id: string): Promise<DenyPolicy> {
    const policy = isUUID(id)
      ? await tx.em.findOne(DenyPolicyEntity, { where: { organization, id }, lock: { mode: 'pessimistic_write' } })
      : null;
    return found(policy, DenyPolicyNotFound, id);
  }

  /** Users need not exist: those of other key managers are known to these alone. */
  private async checkTarget(tx: Tx, organization: string, rule: DenyRuleDocument): Promise<void> {
    if (rule.type === 'API' && !(await this.targets.hasApi(tx, organization, rule.path))) throw ApiContextUnknown();
    if (rule.type === 'APPLICATION' && !(await this.targets.hasApplication(tx, organization, parseUserName(rule.owner).name, rule.name)))
      throw ApplicationUnknown();
  }

  private async announce(tx: Tx, { id, organization, type, value, active }: DenyPolicy): Promise<void> {
    const { rule } = conditionOf(type, value, organization);
    if (rule.type === 'USER') await this.users.hold(tx, organization, rule.name);
    if (!active) {
      await this.feed.remove(tx, organization, 'deny-rule', id);
      return;
    }
    // Tokens of the resident key manager call users by their ids alone.
    const known = rule.type === 'USER' ? { ...rule, id: await this.users.idOf(tx, organization, rule.name) } : rule;
    await this.feed.put(tx, organization, 'deny-rule', id, known);
  }
}
