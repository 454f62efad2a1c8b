import type { KeyType } from '../../../domain/gateway-documents.js';
import type { Policy } from '../pipeline.js';
import { ProductionKeyAtSandbox, SandboxKeyAtProduction } from '../refusal.js';

/** Keeps keys of one kind from an environment that is for the other (`reference/gateway.md` §6); callers without a key pass. */
export const environmentType = (served: KeyType): Policy => {
  const refusal = served === 'SANDBOX' ? ProductionKeyAtSandbox : SandboxKeyAtProduction;
  return ({ keyType, isAnonymous }) => (isAnonymous || keyType === served ? undefined : refusal);
};
