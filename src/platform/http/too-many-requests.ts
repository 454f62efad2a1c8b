import { type Problem, problem } from '../../domain/problem.js';

const Refused = problem(429, 429, 'Too Many Requests', 'Too many login attempts. Try again later.');

/** 429 with `Retry-After`: there were too many logins, whatever account they named and whatever password they carried. */
export const TooManyRequests = (retryAfterSeconds: number): Problem => {
  const refusal = Refused();
  refusal.headers = { 'Retry-After': String(Math.max(1, Math.ceil(retryAfterSeconds))) };
  return refusal;
};
