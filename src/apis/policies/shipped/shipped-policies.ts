import type { PolicyContent } from '../operation-policy.entity.js';
import { policyContent } from '../policy-content.js';
import { AI_GUARDRAIL_POLICIES } from './ai-guardrail-policies.js';
import { AI_ROUTING_POLICIES } from './ai-routing-policies.js';
import { FOREIGN_GATEWAY_POLICIES } from './foreign-gateway-policies.js';
import { HEADER_POLICIES } from './header-policies.js';
import { MESSAGE_POLICIES } from './message-policies.js';
import { PROTECTION_POLICIES } from './protection-policies.js';
import type { ShippedPolicy } from './shipped-policy.js';

const contentOf = ({ definitions, category = 'Mediation', ...specification }: ShippedPolicy): PolicyContent => {
  const note = `${specification.name} ${specification.version} is built into the gateway; this file stands for it.`;
  return policyContent(
    { category, ...specification },
    definitions.includes('j2') ? `{# ${note} #}\n` : null,
    definitions.includes('gotmpl') ? `{{/* ${note} */}}\n` : null,
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
