import type { ApiDocument, GatewayPoliciesDocument, PolicyFlowsDocument } from '../../../domain/gateway-documents.js';
import { AttachedPolicies, joined } from './attached-policies.js';
import { linkMediation, type Mediation, type MediationDeps } from './flows.js';

/**
 * Makes the policies of an API's operations ready to run: those of the gateway, then the API's, then the operation's own (`reference/mediation.md` §1.2).
 * Throws an `Error` as {@link linkMediation}.
 */
export const apiMediation = (
  document: Pick<ApiDocument, 'status' | 'policies' | 'definitions'>,
  gatewayPolicies: GatewayPoliciesDocument | undefined,
  settings: MediationDeps,
): ((ofOperation: PolicyFlowsDocument | undefined) => Mediation | null) => {
  // A blocked API answers before its policies run: one that cannot be run must not keep it from being blocked.
  if (document.status === 'BLOCKED') return () => null;
  const deps: MediationDeps = { ...settings, compiled: new Map() };
  const attached = new AttachedPolicies();
  const ofAll = joined(
    gatewayPolicies && attached.of(gatewayPolicies.policies, gatewayPolicies),
    document.policies && attached.of(document.policies, document),
  );
  const usual = linkMediation(ofAll, undefined, deps);
  return (ofOperation) => (ofOperation === undefined ? usual : linkMediation(ofAll, attached.of(ofOperation, document), deps));
};
