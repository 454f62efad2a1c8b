import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { isUUID } from 'class-validator';
import type { Repository } from 'typeorm';
import type { CustomRuleDocument } from '../../domain/custom-rules.js';
import { onConflict, Transactions, type Tx } from '../../platform/database/transactions.js';
import { Feed } from '../../platform/feed/feed.js';
import { checkFilled, checkPolicyName } from '../policy-name.js';
import { CustomRuleEntity } from './custom-rule.entity.js';
import type { CustomRule, CustomRuleContent } from './custom-rule.js';
import { InvalidQuery, RuleExists, RuleNotFound } from './custom-rules.problems.js';
import { parseKeyTemplate } from './key-template.js';
import { QueryError } from './query/query-error.js';

/** The custom rules, which only the super tenant has: other organizations are answered as ones without any. */
@Injectable()
export class CustomRulesService {
  constructor(
    @InjectRepository(CustomRuleEntity) private readonly rules: Repository<CustomRuleEntity>,
    private readonly transactions: Transactions,
    private readonly feed: Feed,
  ) {}

  /** All rules in the order of their names. */
  async list(organization: string): Promise<readonly CustomRule[]> {
    return (await this.rules.findBy({ organization })).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async byId(organization: string, id: string): Promise<CustomRule | undefined> {
    return (isUUID(id) ? await this.rules.findOneBy({ organization, id }) : null) ?? undefined;
  }

  /** The rule of this name, in its exact spelling. */
  async find(organization: string, name: string): Promise<CustomRule | undefined> {
    // Postgres refuses a zero byte in a text.
    if (name.includes('\0')) return undefined;
    return (await this.rules.findOneBy({ organization, name })) ?? undefined;
  }

  /** @throws RuleNotFound (404). */
  async get(organization: string, id: string): Promise<CustomRule> {
    const rule = await this.byId(organization, id);
    if (rule === undefined) throw RuleNotFound(id);
    return rule;
  }

  /** Creates a rule and tells the gateways. @throws RuleExists (409) and the refusals of what it says (400). */
  async create(organization: string, content: CustomRuleContent): Promise<CustomRule> {
    checkPolicyName(content.name);
    const document = await documentOf(content);
    return this.transactions.run(async (tx) => {
      const rule = { ...content, displayName: content.displayName || content.name, id: randomUUID(), organization };
      await tx.em.insert(CustomRuleEntity, rule).catch(onConflict('custom_rules_organization_name', () => RuleExists(content.name)));
      await this.feed.put(tx, organization, 'custom-rule', rule.id, document);
      return rule;
    });
  }

  /**
   * Replaces what a rule says; its name stays. `expects` is called with the current state and may refuse.
   * @throws RuleNotFound (404) and the refusals of what it says (400).
   */
  update(organization: string, id: string, content: CustomRuleContent, expects: (current: CustomRule) => void): Promise<CustomRule> {
    return this.transactions.run(async (tx) => {
      const current = await this.locked(tx, organization, id);
      expects(current);
      const { name } = current;
      const rule = { ...content, name, displayName: content.displayName || name, id, organization };
      const document = await documentOf(rule);
      await tx.em.save(CustomRuleEntity, rule);
      await this.feed.put(tx, organization, 'custom-rule', id, document);
      return rule;
    });
  }

  /** @throws RuleNotFound (404). */
  remove(organization: string, id: string): Promise<void> {
    return this.transactions.run(async (tx) => {
      await this.locked(tx, organization, id);
      await tx.em.delete(CustomRuleEntity, { id, organization });
      await this.feed.remove(tx, organization, 'custom-rule', id);
    });
  }

  private async locked(tx: Tx, organization: string, id: string): Promise<CustomRule> {
    const rule = isUUID(id)
      ? await tx.em.findOne(CustomRuleEntity, { where: { id, organization }, lock: { mode: 'pessimistic_write' } })
      : null;
    if (rule === null) throw RuleNotFound(id);
    return rule;
  }
}

/**
 * What the gateways are told. The grammar is loaded with the first rule that is saved: a server without any is up sooner.
 * @throws PropertyBlank, InvalidQuery, InvalidKeyTemplate (400).
 */
const documentOf = async ({ name, siddhiQuery, keyTemplate }: CustomRuleContent): Promise<CustomRuleDocument> => {
  checkFilled('siddhiQuery', siddhiQuery);
  checkFilled('keyTemplate', keyTemplate);
  const parts = parseKeyTemplate(keyTemplate);
  const { compileQuery } = await import('./query/compile-rule.js');
  try {
    return { name, keyTemplate: parts, ...compileQuery(siddhiQuery) };
  } catch (err) {
    if (err instanceof QueryError) throw InvalidQuery(err.message);
    throw err;
  }
};
