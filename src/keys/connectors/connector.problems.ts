import { problem } from '../../domain/problem.js';

const OUT_OF_BAND = 'Operation not implemented for custom Key Manager for Out-of-Band type';
export const OutOfBand = problem(501, 901413, OUT_OF_BAND, OUT_OF_BAND);
/** The key manager answered with a refusal; its own words are the description. */
export const RefusedByKeyManager = problem(400, 900967, 'The key manager refused the request', '%s');
/** It did not answer, or with something that is no answer. The reference promises a prompt, clean failure (`reference/devportal.md` §6). */
export const KeyManagerUnreachable = problem(409, 900967, 'The key manager cannot be used', '%s');
