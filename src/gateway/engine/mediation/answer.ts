import type { Exchange } from '../exchange.js';
import { setHeader } from '../headers.js';
import { Refusal } from '../refusal.js';
import type { Answer, AnswerFlow } from './flows.js';

/** Runs a flow over an answer; a refusal is to be answered in its place. */
export const runAnswerFlow = ({ steps }: AnswerFlow, answer: Answer, exchange: Exchange): Refusal | undefined => {
  for (const step of steps) {
    const outcome = step(answer, exchange);
    if (outcome === 'done') return undefined;
    if (outcome instanceof Refusal) return outcome;
  }
  return undefined;
};

/** The fault as the API's fault policies leave it. */
export const mediatedFault = (flow: AnswerFlow, refusal: Refusal, exchange: Exchange): Answer => {
  const answer: Answer = { status: refusal.status, headers: [...refusal.headers], body: refusal.body };
  runAnswerFlow(flow, answer, exchange);
  setHeader(answer.headers, 'Content-Length', 'content-length', String(answer.body?.length ?? 0));
  return answer;
};
