import { Refusal, Reply } from '../refusal.js';
import { nameOf } from './step-names.js';

/** One step that a request went through; times are monotonic milliseconds. */
export interface RecordedStep {
  readonly name: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly decision: string;
}

/** Notes what the steps of one request decided and how long they took. Only requests that are traced or explained have one. */
export class Recorder {
  readonly steps: RecordedStep[] = [];
  /** Whether the answer's head still waits for an explanation. */
  isToBeExplained = false;
  /** The signed explanation, once there is one. */
  explanation: string | null = null;

  note(name: string, startedAt: number, decision: string): void {
    this.steps.push({ name, startedAt, endedAt: performance.now(), decision });
  }

  /** Runs a step, whose outcome is a refusal, a word, or nothing to go on. */
  run<T, A extends readonly unknown[]>(step: (...parts: A) => T, ...parts: A): T {
    const startedAt = performance.now();
    const name = nameOf(step as (...parts: never[]) => unknown); // the name hangs on the function, whatever it takes
    const outcome = step(...parts);
    if (outcome instanceof Promise) {
      outcome.then(
        (settled: unknown) => this.note(name, startedAt, decisionOf(settled)),
        () => this.note(name, startedAt, 'failed'),
      );
    } else this.note(name, startedAt, decisionOf(outcome));
    return outcome;
  }
}

const CODE = /"code":\s*"?(\w{1,12})/;

/** What an outcome means, in words: `passed`, `refused 401 900902`, `answered 200`. */
export const decisionOf = (outcome: unknown): string => {
  if (outcome instanceof Refusal) {
    const code = CODE.exec(outcome.body.toString('latin1'))?.[1];
    const verb = outcome instanceof Reply || outcome.status < 400 ? 'answered' : 'refused';
    return code === undefined || code === String(outcome.status) ? `${verb} ${outcome.status}` : `${verb} ${outcome.status} ${code}`;
  }
  return typeof outcome === 'string' ? outcome : 'passed';
};
