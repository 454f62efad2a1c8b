import { removeHeader, setHeader } from '../front/headers.js';
import type { BuiltInPolicy, Parameters } from './flows.js';
import { headerNameOf, headerValueOf } from './parameters.js';

/** Headers that frame a message or belong to a connection: policies do not touch them (`reference/mediation.md` §6.4). */
export const FRAMING: readonly string[] = [
  'host',
  'connection',
  'transfer-encoding',
  'content-length',
  'keep-alive',
  'te',
  'trailer',
  'upgrade',
];

type Change = (headers: string[]) => void;

const setter = (parameters: Parameters): Change => {
  const name = headerNameOf(parameters);
  const value = headerValueOf(parameters);
  const lower = name.toLowerCase();
  if (FRAMING.includes(lower)) return () => undefined;
  return (headers) => setHeader(headers, name, lower, value);
};

const remover = (parameters: Parameters): Change => {
  const lower = headerNameOf(parameters).toLowerCase();
  if (FRAMING.includes(lower)) return () => undefined;
  return (headers) => removeHeader(headers, lower);
};

const changing = (changeOf: (parameters: Parameters) => Change): BuiltInPolicy => {
  const onAnswer: BuiltInPolicy['response'] = (parameters) => {
    const change = changeOf(parameters);
    return ({ headers }) => {
      change(headers);
      return undefined;
    };
  };
  return {
    request: (parameters) => {
      const change = changeOf(parameters);
      return ({ outbound }) => {
        change(outbound);
        return undefined;
      };
    },
    response: onAnswer,
    fault: onAnswer,
  };
};

/** Sets a header to one value, in place of all that it had. */
export const addHeader = changing(setter);

/** Takes a header off, all its values. */
export const removeHeaderPolicy = changing(remover);
