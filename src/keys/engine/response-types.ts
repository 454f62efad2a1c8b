import type { ResponseType } from 'oidc-provider';

/** What `response_type` may ask of the engine, in its spelling, and the grants a client needs for it (`reference/key-manager.md` §2). */
const NEEDED: ReadonlyMap<ResponseType, readonly string[]> = new Map<ResponseType, readonly string[]>([
  ['code', ['authorization_code']],
  ['none', ['authorization_code']],
  ['id_token', ['implicit']],
  ['id_token token', ['implicit']],
  ['code id_token', ['authorization_code', 'implicit']],
  ['code token', ['authorization_code', 'implicit']],
  ['code id_token token', ['authorization_code', 'implicit']],
]);

/** The response types of the engine that these grants open. */
export const responseTypesOf = (grants: Iterable<string>): readonly ResponseType[] => {
  const held = new Set(grants);
  return [...NEEDED].filter(([, needed]) => needed.every((grant) => held.has(grant))).map(([type]) => type);
};

/** What clients may ask for: `token` alone is the engine's `id_token token`, of which one half is left out. */
export const listedResponseTypes = (grants: Iterable<string>): readonly string[] =>
  responseTypesOf(grants).flatMap((type) => (type === 'id_token token' ? ['token', type] : [type]));
