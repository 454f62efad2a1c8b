import { claimsOf, USER_NAME_CLAIMS } from '../credentials/claims.js';
import { RESIDENT_KEY_MANAGER } from '../credentials/key-manager.js';
import type { VerifiedToken } from '../credentials/tokens.js';
import type { TenantDenyRules } from '../deny/deny-rules.js';
import type { Exchange } from '../exchange.js';
import type { ClientAddress } from '../front/client-address.js';
import type { LinkedApi } from '../link.js';
import type { Policy } from '../pipeline.js';
import { MessageBlocked } from '../refusal.js';
import type { Snapshot } from '../snapshot.js';

/** Turns away what a deny policy of the API's tenant is about (`reference/throttling.md` §6), before any limit is charged. */
export const deny = (
  { organization, document: { path } }: LinkedApi,
  snapshot: Pick<Snapshot, 'denyRules' | 'application'>,
  clientAddress: ClientAddress,
): Policy => {
  const rules = snapshot.denyRules.of(organization);

  const isDenied = (exchange: Exchange): boolean =>
    rules.denyApi(path) ||
    (rules.hasApplications && isApplicationDenied(exchange)) ||
    (rules.hasUsers && isUserDenied(exchange, rules)) ||
    (!rules.addresses.isEmpty && isAddressDenied(clientAddress(exchange)));

  const isApplicationDenied = ({ grant }: Exchange): boolean => {
    const application = grant === null || grant.applicationId === null ? undefined : snapshot.application(grant.applicationId);
    return application !== undefined && rules.denyApplication(application.owner, application.name);
  };

  /** A connection that is gone by now has no address any more. */
  const isAddressDenied = (address: string): boolean => address !== '' && rules.addresses.deny(address);

  return (exchange) => (rules.isEmpty || !isDenied(exchange) ? undefined : MessageBlocked);
};

const isUserDenied = ({ token, testKey, apiKey, user, client }: Exchange, rules: TenantDenyRules): boolean => {
  const presented = token ?? testKey;
  if (presented !== null) return isHolderDenied(presented, rules);
  const name = apiKey?.facts.owner ?? user?.name ?? client?.name;
  return name !== undefined && rules.denyUserName(name);
};

const isHolderDenied = (token: VerifiedToken, rules: TenantDenyRules): boolean =>
  rules.denyUserId(token.entityId) || rules.denyUserName(token.subject) || isNamedOutside(token, rules);

/** Tokens of our own name nobody but by `sub` and an id. Of opaque ones their key manager has told it. */
const isNamedOutside = (token: VerifiedToken, rules: TenantDenyRules): boolean => {
  if (token.keyManager.document.name === RESIDENT_KEY_MANAGER) return false;
  if (token.verdict !== null) return token.verdict.userNames.some((name) => rules.denyUserName(name));
  const claims = claimsOf(token);
  return USER_NAME_CLAIMS.some((claim) => {
    const name = claims[claim];
    return typeof name === 'string' && rules.denyUserName(name);
  });
};
