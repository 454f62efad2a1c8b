import type { Exchange } from '../exchange.js';
import { setHeader } from '../front/headers.js';
import { soapFault, tellInSoap } from '../front/soap-faults.js';
import { Refusal } from '../refusal.js';
import type { Answer, AnswerFlow, AnswerStep } from './flows.js';

type Outcome = Awaited<ReturnType<AnswerStep>>;

/** Runs a flow over an answer; a refusal is to be answered in its place. A promise only where a step waits for something. */
export const runAnswerFlow = (
  { steps }: AnswerFlow,
  answer: Answer,
  exchange: Exchange,
): Refusal | undefined | Promise<Refusal | undefined> => {
  const outcome = runFrom(0, steps, answer, exchange);
  return outcome instanceof Promise ? outcome.then(refusalOf) : refusalOf(outcome);
};

const runFrom = (first: number, steps: readonly AnswerStep[], answer: Answer, exchange: Exchange): Outcome | Promise<Outcome> => {
  for (let i = first; i < steps.length; i += 1) {
    const step = steps[i];
    if (step === undefined) break;
    const { recorder } = exchange;
    const outcome = recorder === null ? step(answer, exchange) : recorder.run(step, answer, exchange);
    if (outcome instanceof Promise) return outcome.then((settled) => settled ?? runFrom(i + 1, steps, answer, exchange));
    if (outcome !== undefined) return outcome;
  }
  return undefined;
};

const refusalOf = (outcome: Outcome): Refusal | undefined => (outcome instanceof Refusal ? outcome : undefined);

/** An answer of the gateway's own as the flow leaves it; what the flow refuses replaces it. */
export const mediatedAnswer = (flow: AnswerFlow, refusal: Refusal, exchange: Exchange): Answer | Promise<Answer> => {
  const answer: Answer = { status: refusal.status, headers: [...refusal.headers], body: refusal.body };
  const finished = (outcome: Outcome): Answer => {
    if (outcome instanceof Refusal) {
      const { status, headers, body } = soapFault(outcome, exchange) ?? outcome;
      return { status, headers: [...headers], body };
    }
    // A fault that no policy has answered is told as the gateway tells it.
    if (outcome === undefined && refusal.kind === 'fault') tellInSoap(answer, exchange);
    if (answer.status !== 204 && answer.status !== 304)
      setHeader(answer.headers, 'Content-Length', 'content-length', String(answer.body?.length ?? 0));
    return answer;
  };
  const outcome = runFrom(0, flow.steps, answer, exchange);
  return outcome instanceof Promise ? outcome.then(finished) : finished(outcome);
};
