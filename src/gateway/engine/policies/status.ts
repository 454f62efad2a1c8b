import { ApiBlocked, type Refusal } from '../refusal.js';

/** A blocked API answers before anybody is asked for a token; part of the pipeline only while the API is blocked. */
export const status = (): Refusal => ApiBlocked;
