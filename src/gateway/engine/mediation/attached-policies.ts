import type { AttachedPolicyDocument, PolicyCarrierDocument, PolicyFlowsDocument } from '../../../domain/gateway-documents.js';

/**
 * Attached policies with the texts that users have written, which documents keep apart. What is attached more than once with the same parameters is one
 * object, so that it is compiled once.
 */
export class AttachedPolicies {
  private readonly known = new Map<string, AttachedPolicyDocument>();

  /** @throws Error for a policy whose text or whose secrets are not at hand. */
  of(flows: PolicyFlowsDocument, carrier: PolicyCarrierDocument): PolicyFlowsDocument {
    const all = (policies: readonly AttachedPolicyDocument[]) => policies.map((policy) => this.whole(policy, carrier));
    return { request: all(flows.request), response: all(flows.response), fault: all(flows.fault) };
  }

  private whole(policy: AttachedPolicyDocument, { definitions }: PolicyCarrierDocument): AttachedPolicyDocument {
    const { name, definitionKey, parameters, secrets } = policy;
    if (secrets === null) throw new Error(`the secret parameters of the policy '${name}' cannot be opened`);
    if (definitionKey === undefined) return policy;
    const definition = definitions?.[definitionKey];
    if (definition === undefined) throw new Error(`the text of the policy '${name}' is missing`);
    const key = JSON.stringify([name, definitionKey, parameters]);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const whole = { ...policy, definition: definition.text, language: definition.language };
    this.known.set(key, whole);
    return whole;
  }
}

/** The flows one after the other; undefined when there is none. */
export const joined = (...flows: readonly (PolicyFlowsDocument | undefined)[]): PolicyFlowsDocument | undefined => {
  const some = flows.filter((each) => each !== undefined);
  if (some.length <= 1) return some[0];
  return {
    request: some.flatMap(({ request }) => request),
    response: some.flatMap(({ response }) => response),
    fault: some.flatMap(({ fault }) => fault),
  };
};
