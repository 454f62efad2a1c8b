import { Problem, type ProblemKind } from '../../src/domain/problem.js';
import type { Answer } from './client.js';
import { takeDeviations } from './judge.js';

/** What a refusal is compared with: a problem, a kind of problem (whose placeholders then match any text), or some of its facts. */
export type ExpectedProblem =
  | Problem
  | ProblemKind
  | { readonly status: number; readonly code?: number; readonly message?: string; readonly description?: string };

interface Facts {
  readonly status: number;
  readonly code?: number | undefined;
  readonly message?: string | undefined;
  readonly description?: string | undefined;
}

const factsOf = (expected: ExpectedProblem): Facts => {
  const problem = typeof expected === 'function' ? expected() : expected;
  if (!(problem instanceof Problem)) return problem;
  return { status: problem.status, code: problem.code, message: problem.title, description: problem.description };
};

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Equal, where `%s` and `%d` left in the expected text stand for anything. */
const fits = (template: string | undefined, actual: unknown): boolean =>
  template === undefined ||
  (typeof actual === 'string' && new RegExp(`^${template.split(/%[sd]/).map(escaped).join('[^]*')}$`).test(actual));

const toFailWith = (received: Answer<unknown>, expected: ExpectedProblem) => {
  const facts = factsOf(expected);
  const body = (typeof received.body === 'object' && received.body !== null ? received.body : {}) as Readonly<Record<string, unknown>>; // any JSON object
  const pass =
    received.status === facts.status &&
    (facts.code === undefined || body['code'] === facts.code) &&
    fits(facts.message, body['message']) &&
    fits(facts.description, body['description']);
  return {
    pass,
    message: () =>
      `expected ${pass ? 'any answer but' : 'a refusal with'} ${JSON.stringify(facts)}\nreceived ${received.status} ${JSON.stringify(received.body)}`,
  };
};

expect.extend({ toFailWith });

declare global {
  namespace jest {
    interface Matchers<R> {
      /** The answer refuses with this problem: same status, code, message and description. */
      toFailWith(expected: ExpectedProblem): R;
    }
  }
}

afterEach(async () => {
  const deviations = await takeDeviations();
  if (deviations.length > 0) throw new Error(`Answers departed from their contract:\n  ${deviations.join('\n  ')}`);
});
