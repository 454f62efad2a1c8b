import type { Policy } from '../../pipeline.js';
import { OpaFailed, OpaRefused } from '../../refusal.js';
import type { BuiltInPolicy, Parameters } from '../flows.js';
import { countOf, isOn, textOf, textOr } from '../parameters.js';
import { opaInput, type Surroundings, type WantedInput } from './opa-input.js';
import type { PolicyServer, PolicyServers } from './policy-servers.js';

export interface OpaDeps extends Surroundings {
  readonly servers: Pick<PolicyServers, 'ask' | 'failed'>;
}

const CONNECTIONS = 500;
const TIMEOUT_SECONDS = 30;
const THREE_DIGITS = 999;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a header's value must not hold.
const NOT_IN_A_VALUE = /[\u0000-\u001f\u007f]|[^\u0000-\u00ff]/;

/** Asks an Open Policy Agent, by its data API, whether the request may pass (`reference/mediation.md` §8). */
export const opaPolicy: BuiltInPolicy = {
  request: (parameters, { natives: { opa } }) => opaCheck(serverOf(parameters), wantedOf(parameters), opa),
};

/** The check as a step. A refusal is the server's word; a server that gives none is a failure, never a pass. */
export const opaCheck =
  (server: PolicyServer, wanted: WantedInput, deps: OpaDeps): Policy =>
  async (exchange) => {
    try {
      const input = JSON.stringify({ input: opaInput(exchange, wanted, deps) });
      const answer = await deps.servers.ask(exchange.api?.organization ?? '', server, input);
      const result = typeof answer === 'object' && answer !== null && 'result' in answer ? answer.result : undefined;
      if (result === true) return undefined;
      if (result === false) return OpaRefused;
      deps.servers.failed(server, 'the answer has no result that is true or false');
    } catch (err) {
      deps.servers.failed(server, err instanceof Error ? err.message : String(err));
    }
    return OpaFailed;
  };

/** @throws Error that says which parameter is wrong */
const serverOf = (parameters: Parameters): PolicyServer => {
  const authorization = textOr(parameters, 'accessKey', '');
  if (NOT_IN_A_VALUE.test(authorization)) throw new Error(`'accessKey' holds characters that no header may hold`);
  return {
    url: addressOf(parameters),
    authorization: authorization === '' ? null : authorization,
    connections: countOf(parameters, 'maxOpenConnections', CONNECTIONS, THREE_DIGITS),
    timeoutMs: countOf(parameters, 'connectionTimeout', TIMEOUT_SECONDS, THREE_DIGITS) * 1_000,
  };
};

/** `<serverUrl>/<policy>[/<rule>]` */
const addressOf = (parameters: Parameters): URL => {
  const base = textOf(parameters, 'serverUrl').trim();
  if (!/^https?:\/\//i.test(base) || !URL.canParse(base)) throw new Error(`'serverUrl' is no address that begins with http:// or https://`);
  const rule = textOr(parameters, 'rule', '');
  const parts = [textOf(parameters, 'policy'), ...(rule === '' ? [] : [rule])].map((part) => part.trim().replace(/^\/+|\/+$/g, ''));
  const path = parts.map((part) => part.replace(/[?#]/g, encodeURIComponent)).join('/');
  const url = new URL(`${base.replace(/\/+$/, '')}/${path}`);
  if (url.username !== '' || url.password !== '') throw new Error(`'serverUrl' holds credentials; 'accessKey' is the place for them`);
  return url;
};

const wantedOf = (parameters: Parameters): WantedInput => ({
  sendsToken: isOn(parameters, 'sendAccessToken'),
  properties: textOr(parameters, 'additionalProperties', '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== ''),
});
