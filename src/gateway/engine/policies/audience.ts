import type { Policy } from '../pipeline.js';
import { WrongAudience } from '../refusal.js';

/** The token must be meant for one of the API's audiences. */
export const audience =
  (audiences: ReadonlySet<string>): Policy =>
  ({ token, isTest }) =>
    isTest || token?.audiences.some((name) => audiences.has(name)) ? undefined : WrongAudience;
