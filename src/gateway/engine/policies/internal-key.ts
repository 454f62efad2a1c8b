import { verifyInternalKey } from '../credentials/internal-key.js';
import type { LinkedApi } from '../link.js';
import type { Policy } from '../pipeline.js';
import { NotSubscribed } from '../refusal.js';
import type { Snapshot } from '../snapshot.js';
import type { Grants } from '../throttling/grants.js';

/**
 * Lets a publisher's test key open the API it was made for, whatever the API's state and security, without a subscription: a wrong one is refused at
 * once (`reference/key-manager.md` §5). Asked only for requests that present one.
 */
export const internalKey =
  (api: LinkedApi, snapshot: Snapshot, grants: Grants): Policy =>
  (exchange) => {
    const keyManager = snapshot.residentKeyManager(api.organization);
    const key = keyManager && exchange.internalKey !== null ? verifyInternalKey(exchange.internalKey, keyManager, exchange.now) : undefined;
    if (key === undefined || snapshot.isRevoked(key.token)) return api.challenges.invalid;
    if (!key.apiIds.includes(api.document.apiId)) return NotSubscribed;
    exchange.isTest = true;
    exchange.keyType = key.keyType;
    exchange.grant = grants.forTest(api, key.keyType);
    return undefined;
  };
