import { RE2JS } from 're2js';
import { type Claims, claimsOf } from '../credentials/claims.js';
import type { Exchange } from '../exchange.js';
import { ClaimMismatch, ClaimMissing, type Refusal } from '../refusal.js';
import type { BuiltInPolicy } from './flows.js';
import { isOn, textOr } from './parameters.js';

/** What a claim of the caller's token has to be. */
interface ClaimRule {
  readonly claim: string;
  readonly value: string;
  /** Null: the values have to be the same. */
  readonly pattern: RE2JS | null;
  /** Any value will do. */
  readonly takesAny: boolean;
}

const DEFAULT_CLAIM = 'aut';
const DEFAULT_VALUE = 'APPLICATION';

/**
 * Lets a request pass whose token has the claim, with the value that is asked for. With a regular expression both values have to match it as a whole,
 * and need not be the same (`reference/mediation.md` §8).
 */
export const jwtClaimBasedAccessValidator: BuiltInPolicy = {
  request: (parameters) => {
    const expression = parameters['accessVerificationClaimValueRegex'];
    const rule: ClaimRule = {
      claim: textOr(parameters, 'accessVerificationClaim', DEFAULT_CLAIM),
      value: textOr(parameters, 'accessVerificationClaimValue', DEFAULT_VALUE),
      pattern: typeof expression === 'string' && expression !== '' ? patternOf(expression) : null,
      takesAny: isOn(parameters, 'shouldAllowValidation'),
    };
    // The value that was configured is the same for every request.
    const isRefused = rule.pattern !== null && !rule.pattern.matches(rule.value);
    return (exchange) => judge(exchange, rule, isRefused);
  },
};

const judge = ({ token }: Exchange, { claim, value, pattern, takesAny }: ClaimRule, isRefused: boolean): Refusal | undefined => {
  const held = token === null ? undefined : textIn(claimsOf(token), claim);
  if (held === undefined) return ClaimMissing;
  if (takesAny) return undefined;
  const matches = pattern === null ? held === value : !isRefused && pattern.matches(held);
  return matches ? undefined : ClaimMismatch;
};

/** A claim as text, lists and objects as their JSON; undefined when the token does not have it. */
const textIn = (claims: Claims, name: string): string | undefined => {
  const value = Object.hasOwn(claims, name) ? claims[name] : undefined;
  if (value === undefined || value === null) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};

const PATTERNS_MAX = 500;
const patterns = new Map<string, RE2JS>();

/** Compiled once: a sequence has its parameters at each request anew. Runs in linear time whatever the expression. */
const patternOf = (expression: string): RE2JS => {
  const known = patterns.get(expression);
  if (known !== undefined) return known;
  if (patterns.size >= PATTERNS_MAX) patterns.clear();
  const pattern = compiled(expression);
  patterns.set(expression, pattern);
  return pattern;
};

const compiled = (expression: string): RE2JS => {
  try {
    return RE2JS.compile(expression);
  } catch (err) {
    throw new Error(`'accessVerificationClaimValueRegex' is no regular expression that can run here (no look-around, no back references)`, {
      cause: err,
    });
  }
};
