import type { Policy } from '../pipeline.js';
import { WrongAudience } from '../refusal.js';

/** A token must be meant for one of the API's audiences. */
export const audience =
  (audiences: ReadonlySet<string>): Policy =>
  ({ token, apiKey, isTest }) =>
    isTest || apiKey !== null || token?.audiences.some((name) => audiences.has(name)) ? undefined : WrongAudience;
