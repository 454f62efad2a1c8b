import { type Problem, problem } from '../../domain/problem.js';

const Refused = problem(429, 429, 'Too Many Requests', 'Too many %s. Try again later.');

/** 429 with `Retry-After`: there were too many of them, whatever account they named and whatever password they carried. */
export const TooManyRequests = (retryAfterSeconds: number, what: 'login attempts' | 'sign-ups' = 'login attempts'): Problem => {
  const refusal = Refused(what);
  refusal.headers = { 'Retry-After': String(Math.max(1, Math.ceil(retryAfterSeconds))) };
  return refusal;
};
