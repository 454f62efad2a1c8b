import type { LinkedApi, Operation } from '../link.js';
import { NoMethod, NoResource, type Refusal } from '../refusal.js';
import { haveSameRules, otherReadings } from './path-readings.js';

/** The operation a request addresses, and whether it is a preflight that the gateway answers itself. */
export interface Selection {
  readonly operation: Operation;
  readonly isPreflight: boolean;
}

/** The part of a path below the API's route as operations are matched with it: `/` when empty, without a trailing slash. */
export const resourcePath = (rest: string): string => {
  if (rest === '' || rest === '/') return '/';
  return rest.endsWith('/') ? rest.slice(0, -1) : rest;
};

/**
 * Chooses the operation, or says why there is none (`reference/gateway.md` §4 and §12). `OPTIONS` is chosen by the method a preflight asks
 * for: the gateway answers it where the resource declares no `OPTIONS` of its own and cross-origin rules are in force. A path that a backend may take for
 * an operation with other rules matches nothing.
 */
export const selectOperation = (
  api: LinkedApi,
  method: string,
  path: string,
  search: string,
  requestedMethod: string | null,
  hasCors: boolean,
): Operation | Selection | Refusal => {
  const selected = choose(api, method, path, search, requestedMethod, hasCors);
  if (!('pipeline' in selected)) return selected;
  for (const reading of otherReadings(path)) {
    const other = choose(api, method, reading, search, requestedMethod, hasCors);
    if ('pipeline' in other && !haveSameRules(selected, other)) return NoResource;
  }
  return selected;
};

const choose = (
  api: LinkedApi,
  method: string,
  path: string,
  search: string,
  requestedMethod: string | null,
  hasCors: boolean,
): Operation | Selection | Refusal => {
  const { matcher } = api;
  if (method !== 'OPTIONS') return matcher.find(method, path, search) ?? (matcher.findAny(path, search) ? NoMethod : NoResource);
  const asked = requestedMethod === null ? undefined : matcher.find(requestedMethod.toUpperCase(), path, search);
  const declared = asked?.verbs.includes('OPTIONS') || asked === undefined ? matcher.find('OPTIONS', path, search) : undefined;
  if (declared !== undefined) return declared;
  if (asked !== undefined) return { operation: asked, isPreflight: hasCors };
  const any = matcher.findAny(path, search);
  if (any === undefined) return NoResource;
  return hasCors ? NoMethod : any;
};
