import type { PolicyContent } from '../operation-policy.entity.js';
import { policyContent } from '../policy-content.js';
import { AI_GUARDRAIL_POLICIES } from './ai-guardrail-policies.js';
import { AI_ROUTING_POLICIES } from './ai-routing-policies.js';
import { FOREIGN_GATEWAY_POLICIES } from './foreign-gateway-policies.js';
import { HEADER_POLICIES } from './header-policies.js';
import { MESSAGE_POLICIES } from './message-policies.js';
import { PROTECTION_POLICIES } from './protection-policies.js';
import type { ShippedPolicy } from './shipped-policy.js';

/** What a shipped policy's template says in place of what the gateway has built in. */
const noteOf = ({ name, version }: Pick<PolicyContent, 'name' | 'version'>): string =>
  `${name} ${version} is built into the gateway; this file stands for it.`;

const templateOf = (policy: Pick<PolicyContent, 'name' | 'version'>): string => `{# ${noteOf(policy)} #}\n`;

/** Whether the template is the one by which a shipped policy, of this release or an earlier one, says that the gateway has it built in. */
export const isShippedTemplate = (policy: Pick<PolicyContent, 'name' | 'version' | 'synapse'>): boolean =>
  policy.synapse === templateOf(policy);

const contentOf = ({ definitions, category = 'Mediation', ...specification }: ShippedPolicy): PolicyContent => {
  return policyContent(
    { category, ...specification },
    definitions.includes('j2') ? templateOf(specification) : null,
    definitions.includes('gotmpl') ? `{{/* ${noteOf(specification)} */}}\n` : null,
  );
};

/** What every tenant starts with: the complete list of `reference/operation-policies.csv`. */
export const SHIPPED_POLICIES: readonly PolicyContent[] = [
  ...HEADER_POLICIES,
  ...MESSAGE_POLICIES,
  ...PROTECTION_POLICIES,
  ...AI_ROUTING_POLICIES,
  ...AI_GUARDRAIL_POLICIES,
  ...FOREIGN_GATEWAY_POLICIES,
].map(contentOf);

/**
 * The shipped policy that a policy of another installation stands for. Texts and templates differ from vendor to vendor; a policy of a shipped name and
 * version that takes the same parameters is the one this gateway has built in.
 */
export const shippedAlike = ({ name, version, specification }: PolicyContent): PolicyContent | undefined => {
  const parameters = namesOf(specification);
  return SHIPPED_POLICIES.find(
    (shipped) => shipped.name === name && shipped.version === version && namesOf(shipped.specification) === parameters,
  );
};

const namesOf = ({ policyAttributes }: PolicyContent['specification']): string =>
  JSON.stringify(policyAttributes.map(({ name }) => name).sort());
