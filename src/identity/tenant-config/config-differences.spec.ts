import { differences } from './config-differences.js';
import type { WholeTenantConfig } from './tenant-config-rules.js';

const config = (roles: Readonly<Record<string, string>>, keys: Readonly<Record<string, unknown>> = {}): WholeTenantConfig => ({
  ...keys,
  RESTAPIScopes: { Scope: Object.entries(roles).map(([Name, Roles]) => ({ Name, Roles })) },
});

it.each([
  ['nothing', config({ a: 'x' }, { K: [1] }), config({ a: 'x' }, { K: [1] }), [], []],
  ['the order of scopes alone', config({ a: 'x', b: 'y' }), config({ b: 'y', a: 'x' }), ['RESTAPIScopes'], []],
  ['roles of a scope', config({ a: 'x', b: 'y' }), config({ a: 'x,z', b: 'y' }), ['RESTAPIScopes'], ['a']],
  ['a scope more and one less', config({ a: 'x' }), config({ b: 'x' }), ['RESTAPIScopes'], ['a', 'b']],
  ['other keys', config({}, { K: { deep: 1 }, L: 1 }), config({}, { K: { deep: 2 }, M: 1 }), ['K', 'L', 'M'], []],
] as const)('tells %s apart', (_, before, after, keys, scopes) => {
  expect(differences(before, after)).toEqual({ keys, scopes });
});
