import { keyParameter } from '../credentials/api-key-parameter.js';
import type { Exchange } from '../exchange.js';
import type { Operation } from '../link.js';
import type { PipelineDeps } from '../pipeline.js';
import { AccessForbidden, NotSubscribed } from '../refusal.js';
import type { Authenticator } from './authenticate.js';

/**
 * API keys (`reference/key-manager.md` §6.1), in the API's own header or the query parameter `apikey`, neither of which goes on to the backend. A key
 * opens the API it was made for or, as a key of an application, every API; the subscription is checked later, as for tokens.
 */
export const apiKeyAuthenticator = ({ api }: Pick<Operation, 'api'>, { apiKeys, clientAddress }: PipelineDeps): Authenticator => {
  const { invalid } = api.challenges;
  const { document } = api;
  return {
    identify(exchange: Exchange) {
      const presented = exchange.presentedKey || keyParameter(exchange.rest);
      if (presented === null) return 'absent';
      const key = apiKeys.find(api, presented, exchange.now);
      if (key === undefined) return invalid;
      const { apiId, origins } = key.facts;
      if (!origins.areAll && !origins.allow(clientAddress(exchange), exchange.request.headers.referer)) return AccessForbidden;
      if (apiId !== null && apiId !== document.apiId) return NotSubscribed;
      exchange.apiKey = key;
      apiKeys.use(key, exchange.now);
      return undefined;
    },

    // Nothing of a key is left for the backend.
    strip() {},
  };
};
