import type { LinkedEndpoint, Operation } from '../link.js';
import type { Policy } from '../pipeline.js';
import { NoEndpoint, NoProductionEndpoint, NoSandboxEndpoint, Suspended } from '../refusal.js';

/** Chooses the backend by the credential's key type (`reference/gateway.md` §6). */
export const endpoint = ({ backend }: Pick<Operation, 'backend'>): Policy => {
  const { production, sandbox } = backend;
  if (production === null && sandbox === null) return () => NoEndpoint;
  return isPlain(production) && isPlain(sandbox) ? plain(production, sandbox) : chosen(production, sandbox);
};

/** Nothing stands between the request and this endpoint. */
const isPlain = (endpoint: LinkedEndpoint | null): boolean => endpoint === null || endpoint.health === null;

const plain =
  (production: LinkedEndpoint | null, sandbox: LinkedEndpoint | null): Policy =>
  (exchange) => {
    const chosen = exchange.keyType === 'SANDBOX' ? sandbox : production;
    if (chosen === null) return exchange.keyType === 'SANDBOX' ? NoSandboxEndpoint : NoProductionEndpoint;
    exchange.endpoint = chosen;
    return undefined;
  };

const chosen = (production: LinkedEndpoint | null, sandbox: LinkedEndpoint | null): Policy => {
  const byKeyType = plain(production, sandbox);
  return (exchange) => {
    const refusal = byKeyType(exchange);
    if (refusal !== undefined) return refusal;
    return exchange.endpoint?.health?.isUsable(exchange.startedAt) === false ? Suspended : undefined;
  };
};
