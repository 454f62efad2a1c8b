import { DEFAULT_ROLES, DEFAULT_SCOPE_ROLES } from './default-scopes.js';

it('names only roles that every tenant has', () => {
  const named = new Set([...DEFAULT_SCOPE_ROLES.values()].flat());

  expect([...named].filter((role) => !DEFAULT_ROLES.has(role))).toEqual([]);
});

it.each([
  ['apim:api_publish', ['admin', 'Internal/publisher']],
  ['apim:subscribe', ['admin', 'Internal/subscriber', 'Internal/devops']],
  ['apim:organization_manage', ['admin']],
  ['apim:api_list_view', ['Internal/integration_dev']],
])('%s is opened by %j', (scope, roles) => expect(new Set(DEFAULT_SCOPE_ROLES.get(scope))).toEqual(new Set(roles)));

it('leaves the registration scope unmapped', () => expect(DEFAULT_SCOPE_ROLES.has('apim:dcr:app_manage')).toBe(false));
