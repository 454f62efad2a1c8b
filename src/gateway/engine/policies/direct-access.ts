import type { SecurityRules } from '../credentials/security-rules.js';
import type { Exchange } from '../exchange.js';
import type { Operation } from '../link.js';
import type { PipelineDeps, Policy } from '../pipeline.js';
import { UserScopeMissing } from '../refusal.js';
import { audience } from './audience.js';
import { scopes } from './scopes.js';
import { subscription } from './subscription.js';

/** The checks after authentication of an API that takes callers without an application: users by password, clients by certificate. */
export const directAccess = (operation: Operation, deps: PipelineDeps, isOpen: boolean, { demandsToken }: SecurityRules): Policy => {
  const { api } = operation;
  const { grants, clientAddress } = deps;
  const usualGrant = subscription(operation, grants, clientAddress);
  const usualScopes = scopes(operation);
  const rolesWanted = rolesOf(operation);
  const usualAudience = api.audiences === null ? null : audience(api.audiences);

  /** Where tokens are optional, one that opens nothing is as good as none beside a certificate. */
  const fallsBack = (exchange: Exchange): boolean => !demandsToken && exchange.client !== null;

  const check = (exchange: Exchange) => {
    const { user } = exchange;
    exchange.grant = user === null ? null : grants.forDirect(user, api);
    exchange.keyType = exchange.grant?.keyType ?? exchange.keyType;
    const refusal = user === null ? usualGrant(exchange) : exchange.grant?.refusal;
    if (refusal !== undefined || isOpen) return refusal;
    if (user !== null) {
      const mayUse = rolesWanted === null || rolesWanted.some((role) => user.roles.has(role));
      return mayUse ? undefined : UserScopeMissing;
    }
    return (operation.scopes.length === 0 ? undefined : usualScopes(exchange)) ?? usualAudience?.(exchange);
  };

  const asClient = (exchange: Exchange) => {
    const { client } = exchange;
    if (client === null) return undefined;
    exchange.token = null;
    exchange.apiKey = null;
    exchange.user = null;
    const grant = grants.forDirect(client, api);
    exchange.grant = grant;
    exchange.keyType = grant.keyType;
    return grant.refusal;
  };

  return (exchange) => {
    if (exchange.isTest) return undefined;
    const hasToken = exchange.token !== null || exchange.apiKey !== null || exchange.user !== null;
    if (!hasToken && exchange.client !== null) return asClient(exchange);
    const refusal = check(exchange);
    return refusal !== undefined && fallsBack(exchange) ? asClient(exchange) : refusal;
  };
};

/** The roles of which a user must have one, in lower case; null when everybody may: a scope without roles is open to all. */
const rolesOf = ({ api, scopes: names }: Operation): readonly string[] | null => {
  if (names.length === 0) return null;
  const roles = names.map((name) => api.document.scopeRoles?.[name]);
  if (roles.some((each) => each?.length === 0)) return null;
  return roles.flatMap((each) => (each ?? []).map((role) => role.toLowerCase()));
};
