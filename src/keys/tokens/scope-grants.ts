/** What a grant's scopes are judged by. */
export interface ScopeJudgement {
  /** Scopes of the REST APIs that the user's roles open. */
  readonly restScopes: ReadonlySet<string>;
  readonly roles: readonly string[];
  /** Roles bound to the scopes of APIs; a scope that is absent, or bound to no role, is open. */
  readonly bindings: ReadonlyMap<string, readonly string[]>;
  /** Scopes of the application itself: granted on request whatever the roles are. */
  readonly applicationScopes: readonly string[];
  /** Whether the installation grants the scope to everyone. */
  readonly isAllowed: (scope: string) => boolean;
  /** Whether a scope that nobody has bound is refused unless the installation grants it. */
  readonly refusesUnknown: boolean;
  /** Whether `openid` has a meaning: only a user's token has an identity. */
  readonly hasIdentity: boolean;
}

/** The scope of a token to which nothing else was granted. */
export const DEFAULT_SCOPE = 'default';
const OPENID = 'openid';
/** Scopes of the management and identity APIs: opened by the tenant's scope to role map and by nothing else. */
const REST_SCOPE = /^((apim|apim_analytics|service_catalog):|internal_)/;

/** The scopes named in a request, in order and once each. */
export const scopesIn = (text: string | undefined): readonly string[] => [
  ...new Set((text ?? '').split(/\s+/).filter((scope) => scope !== '')),
];

/** Which of the requested scopes are granted; what is not permitted is left out, never refused (`reference/key-manager.md` §7). */
export const grantedScopes = (requested: readonly string[], judgement: ScopeJudgement): readonly string[] => {
  const held = new Set(judgement.roles.map((role) => role.toLowerCase()));
  const isOpen = (scope: string): boolean => {
    if (scope === OPENID) return judgement.hasIdentity;
    if (REST_SCOPE.test(scope)) return judgement.restScopes.has(scope);
    if (judgement.applicationScopes.includes(scope) || judgement.isAllowed(scope)) return true;
    const roles = judgement.bindings.get(scope);
    if (roles === undefined) return !judgement.refusesUnknown;
    return roles.length === 0 || roles.some((role) => held.has(role.toLowerCase()));
  };
  const granted = requested.filter(isOpen);
  return granted.length > 0 ? granted : [DEFAULT_SCOPE];
};
