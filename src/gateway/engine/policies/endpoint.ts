import type { Operation } from '../link.js';
import type { Policy } from '../pipeline.js';
import { NoEndpoint, NoProductionEndpoint, NoSandboxEndpoint } from '../refusal.js';

/** Chooses the backend by the credential's key type (`reference/gateway.md` §6). */
export const endpoint = ({ backend }: Pick<Operation, 'backend'>): Policy => {
  const { production, sandbox } = backend;
  if (production === null && sandbox === null) return () => NoEndpoint;
  return (exchange) => {
    const chosen = exchange.keyType === 'SANDBOX' ? sandbox : production;
    if (chosen === null) return exchange.keyType === 'SANDBOX' ? NoSandboxEndpoint : NoProductionEndpoint;
    exchange.endpoint = chosen;
    return undefined;
  };
};
