import { RE2JS } from 're2js';
import { StartError } from '../platform/config/config-error.js';
import type { AccessRuleConfig } from '../platform/config/sections/access-control.config.js';

/** One entry of `resource.access_control`, ready to be looked at. */
export interface AccessRule {
  /** How messages call it: which entry of the list it is, and its pattern. */
  readonly name: string;
  readonly isSecure: boolean;
  readonly isDenied: boolean;
  readonly permissions: readonly string[];
  readonly scopes: readonly string[];
  readonly matches: (method: string, path: string) => boolean;
}

/** @throws StartError for a pattern that is none of RE2, and for an entry that contradicts itself. */
export const accessRules = (entries: readonly AccessRuleConfig[]): readonly AccessRule[] => entries.map(ruleOf);

/** The first of the rules that is about this request decides. The path is without its query. */
export const ruleFor = (rules: readonly AccessRule[], method: string, path: string): AccessRule | undefined => {
  if (rules.length === 0) return undefined;
  const spellings = spellingsOf(path);
  return rules.find((rule) => spellings.some((spelling) => rule.matches(method, spelling)));
};

const ruleOf = ({ context, secure, httpMethod, permissions, scopes, deny }: AccessRuleConfig, at: number): AccessRule => {
  const name = `resource.access_control, entry ${at + 1} (context = ${JSON.stringify(context)})`;
  if (!secure && !deny && (permissions.length > 0 || scopes.length > 0))
    throw new StartError(`${name}: secure = false lets anybody in, so it cannot ask for permissions or scopes`);
  const pattern = compiled(name, context);
  const methods = new Set(httpMethod.split(',').map((method) => method.trim().toUpperCase()));
  const isOf = (method: string): boolean => methods.has('ALL') || methods.has(method) || (method === 'HEAD' && methods.has('GET'));
  return {
    ...{ name, isSecure: secure, isDenied: deny, permissions, scopes },
    matches: (method, path) => isOf(method) && pattern.matches(path),
  };
};

/** In time linear in the path, whatever the pattern. */
const compiled = (name: string, context: string): RE2JS => {
  try {
    return RE2JS.compile(context);
  } catch (err) {
    throw new StartError(`${name}: ${(err as Error).message}; patterns are those of RE2, without look-around and back references`, {
      cause: err,
    }); // it throws errors only
  }
};

/** How else the same resource can be asked for: nobody gets past a rule by a slash at the end or by escapes. */
const spellingsOf = (path: string): readonly string[] => {
  const bare = path.length > 1 ? path.replace(/\/$/, '') : path;
  const plain = unescaped(bare);
  return [...new Set([bare, `${bare}/`, plain, `${plain}/`])];
};

const unescaped = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // no operation takes it
  }
};
