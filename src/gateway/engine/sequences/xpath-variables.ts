import { DefinitionError, type Json, JsonValue, type Message, type Scope, type Value } from './message.js';

const SCOPES: ReadonlyMap<string, Scope> = new Map<string, Scope>([
  ['ctx', 'default'],
  ['axis2', 'axis2'],
  ['trp', 'transport'],
  ['operation', 'operation'],
  ['var', 'var'],
]);
const REFUSED: ReadonlySet<string> = new Set(['func', 'system', 'registry', 'env', 'file']);

/** How a variable with a prefix is read (`reference/mediation.md` §7.1). @throws DefinitionError for one that is refused. */
export const readVariable = (variable: string): ((message: Message) => Value | null) => {
  const colon = variable.indexOf(':');
  const prefix = variable.slice(0, Math.max(0, colon));
  const name = variable.slice(colon + 1);
  if (prefix === '' || REFUSED.has(prefix)) throw new DefinitionError(`the variable '$${variable}' is not known`);
  if (prefix === 'url') return (message) => message.query(name);
  const scope = SCOPES.get(prefix);
  if (scope !== undefined) return (message) => message.get(scope, name);
  return (message) => {
    const held = message.get('default', prefix);
    return held instanceof JsonValue ? memberOf(held.json, name) : null;
  };
};

const memberOf = (json: Json, name: string): Value | null => {
  if (typeof json !== 'object' || json === null || Array.isArray(json) || !Object.hasOwn(json, name)) return null;
  const value = (json as { readonly [key: string]: Json })[name] ?? null;
  return typeof value === 'object' && value !== null ? new JsonValue(value) : value;
};
