import { type LinkedBackend, membersOf, type Operation } from '../link.js';
import type { Policy } from '../pipeline.js';
import { variableReader } from '../routing/path-variables.js';

/** Notes what the variables of the path stand for, before policies rewrite it; undefined for an operation whose backend does not ask. */
export const pathVariables = ({ target, backend, lambda }: Pick<Operation, 'target' | 'backend' | 'lambda'>): Policy | undefined => {
  const read = lambda !== undefined || asks(backend) ? variableReader(target) : undefined;
  if (read === undefined) return undefined;
  return (exchange) => {
    exchange.variables = read(exchange.rest);
    return undefined;
  };
};

const asks = ({ production, sandbox }: LinkedBackend): boolean =>
  [...membersOf(production), ...membersOf(sandbox)].some(({ isTemplate }) => isTemplate);
