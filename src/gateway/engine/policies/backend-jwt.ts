import type { BackendJwts } from '../credentials/backend-jwts.js';
import { removeLookalikes } from '../front/headers.js';
import type { Operation } from '../link.js';
import type { Policy } from '../pipeline.js';
import { Unauthenticatable } from '../refusal.js';

/**
 * Tells the backend who calls, by a signed token in a header of its own (`reference/key-manager.md` §11): for calls with an access token or an API key. A
 * header of that name which the client sent never goes on, however it is spelled.
 */
export const backendJwt = ({ api }: Pick<Operation, 'api'>, jwts: BackendJwts): Policy => {
  const { header } = jwts;
  const lower = header.toLowerCase();
  return (exchange) => {
    removeLookalikes(exchange.outbound, lower);
    const holder = exchange.token ?? exchange.apiKey;
    if (holder === null || exchange.grant === null) return undefined;
    const jwt = jwts.of(holder, api, exchange.grant, exchange.now);
    if (typeof jwt === 'string') {
      exchange.outbound.push(header, jwt);
      return undefined;
    }
    return jwt.then((signed) => {
      if (signed === null) return Unauthenticatable;
      exchange.outbound.push(header, signed);
      return undefined;
    });
  };
};
