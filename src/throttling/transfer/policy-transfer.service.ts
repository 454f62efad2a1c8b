import { Injectable } from '@nestjs/common';
import { BadRequest, found, Problem } from '../../domain/problem.js';
import type { User } from '../../domain/user.js';
import type { ThrottlePolicyDto } from '../dto/throttle-policy.dto.js';
import { CustomRulesService } from '../rules/custom-rules.service.js';
import { PolicyExists, PolicyNotFound } from '../throttling.problems.js';
import { ThrottlingPoliciesService } from '../throttling-policies.service.js';
import { documentOf, type PolicyDocument, readDocument } from './policy-document.js';
import { POLICY_TYPES, type PolicyKind, type PolicyType, policyKinds } from './policy-kinds.js';

/** Which policy is to be exported: the id wins over the name. */
export interface PolicyChoice {
  readonly policyId: string | undefined;
  readonly name: string | undefined;
  /** Where the name is looked for; everywhere when it is absent. */
  readonly type: string | undefined;
}

/** Carries throttling policies of all kinds between installations (`reference/admin.md` §2). */
@Injectable()
export class PolicyTransfer {
  private readonly kinds: readonly PolicyKind[];

  constructor(policies: ThrottlingPoliciesService, rules: CustomRulesService) {
    this.kinds = policyKinds(policies, rules);
  }

  /** @throws PolicyNotFound (404), NotOfSuperTenant (403), BadRequest when nothing is chosen or the type is none. */
  async export(caller: User, { policyId, name, type }: PolicyChoice): Promise<PolicyDocument> {
    const kinds = type ? this.kinds.filter((kind) => kind.type === typeOf(type)) : this.kinds;
    if (type) for (const kind of kinds) kind.admit(caller);
    if (policyId)
      return found(await this.first(this.kinds, (kind) => kind.byId(caller, policyId)), PolicyNotFound, policyId, type ?? 'all');
    if (!name) throw BadRequest('The query parameter policyId or name is missing.');
    return found(await this.first(kinds, (kind) => kind.byName(caller, name)), PolicyNotFound, name, type ?? 'all');
  }

  /**
   * Adds the policy of an exported document, or replaces the one of its name where that is asked for.
   * @throws PolicyExists (409), NotOfSuperTenant (403), BadRequest for a document that is none, what creating or changing the policy by its own operation throws.
   */
  async import(caller: User, file: Buffer, overwrite: boolean): Promise<'created' | 'replaced'> {
    const { kind, policy } = await readDocument(file, this.kinds);
    kind.admit(caller);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.put(caller, kind, policy, overwrite);
      } catch (err) {
        if (!overwrite || attempt === ATTEMPTS_MAX || !isOvertaken(err)) throw err;
      }
    }
  }

  private async put(caller: User, kind: PolicyKind, policy: ThrottlePolicyDto, overwrite: boolean): Promise<'created' | 'replaced'> {
    const known = await kind.byName(caller, policy.policyName);
    if (known?.policyId === undefined) {
      await kind.create(caller, policy);
      return 'created';
    }
    if (!overwrite) throw PolicyExists(policy.policyName);
    await kind.replace(caller, known.policyId, policy);
    return 'replaced';
  }

  private async first(
    kinds: readonly PolicyKind[],
    find: (kind: PolicyKind) => ReturnType<PolicyKind['byId']>,
  ): Promise<PolicyDocument | undefined> {
    for (const kind of kinds) {
      const policy = await find(kind);
      if (policy) return documentOf(kind, policy);
    }
    return undefined;
  }
}

/** How often one is looked for that others make and delete all the time. */
const ATTEMPTS_MAX = 5;

/** Whether somebody made the policy, or deleted it, since it was looked for. */
const isOvertaken = (err: unknown): boolean => err instanceof Problem && (err.status === 409 || err.status === 404);

/** @throws BadRequest. */
const typeOf = (text: string): PolicyType => {
  const type = POLICY_TYPES.find((one) => one === text);
  if (type === undefined) throw BadRequest(`The query parameter type must be one of ${POLICY_TYPES.join(', ')}.`);
  return type;
};
