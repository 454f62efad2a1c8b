import { setHeader } from '../front/headers.js';
import type { Answer, BuiltInPolicy } from './flows.js';

/** `{"fault":{…}}` of a fault's parts, its code as a number (`reference/mediation.md` §8). Ends the flow. */
const asJsonFault = (answer: Answer): 'done' => {
  const { code, type, message, description }: Readonly<Record<string, unknown>> = JSON.parse(answer.body?.toString() ?? '{}');
  const number = Number(code);
  const fault = { code: Number.isFinite(number) ? number : code, type, message, description };
  answer.body = Buffer.from(JSON.stringify({ fault }));
  setHeader(answer.headers, 'Content-Type', 'content-type', 'application/json');
  return 'done';
};

export const jsonFault: BuiltInPolicy = { fault: () => asJsonFault };

export const debugJsonFault: BuiltInPolicy = {
  fault:
    (_parameters, { log }) =>
    (answer, exchange) => {
      log.message('FAULT_MESSAGE', exchange, answer.headers, answer.status);
      return asJsonFault(answer);
    },
};
