import type { BuiltInPolicy } from './flows.js';

const onRequest =
  (text: string): NonNullable<BuiltInPolicy['request']> =>
  (_parameters, { log }) =>
  (exchange) => {
    log.message(text, exchange, exchange.outbound, null);
    return undefined;
  };

const onAnswer =
  (text: string): NonNullable<BuiltInPolicy['response']> =>
  (_parameters, { log }) =>
  ({ status, headers }, exchange) => {
    log.message(text, exchange, headers, status);
    return undefined;
  };

export const addLogMessage: BuiltInPolicy = { request: onRequest('MESSAGE'), response: onAnswer('MESSAGE'), fault: onAnswer('MESSAGE') };
export const debugRequestFlow: BuiltInPolicy = { request: onRequest('IN_MESSAGE') };
export const debugResponseFlow: BuiltInPolicy = { response: onAnswer('OUT_MESSAGE') };
