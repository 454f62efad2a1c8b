import { BadRequest, type Problem, problem } from '../../domain/problem.js';

export const UnsupportedLanguage = (language: string, offered: readonly string[]): Problem =>
  BadRequest(`SDKs are not generated for the language '${language}'. The languages are ${offered.join(', ')}.`);

export const NothingToGenerateFrom = (): Problem => BadRequest('SDKs are generated from an OpenAPI definition, and this API has none.');

export const SdkNotGenerated = (language: string, reason: string): Problem =>
  BadRequest(`The SDK for the language '${language}' could not be generated. ${reason}`);

const Refused = problem(429, 429, 'Too Many Requests', 'Too many SDKs are being generated. Try again in some seconds.');

/** 429 with `Retry-After`. */
export const TooManySdks = (): Problem => {
  const refusal = Refused();
  refusal.headers = { 'Retry-After': '10' };
  return refusal;
};
