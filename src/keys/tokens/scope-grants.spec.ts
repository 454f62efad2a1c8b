import { grantedScopes, type ScopeJudgement, scopesIn } from './scope-grants.js';

const judgement: ScopeJudgement = {
  restScopes: new Set(['apim:api_view', 'service_catalog:service_view']),
  roles: ['Internal/creator', 'Readers'],
  bindings: new Map([
    ['device_1', ['owners']],
    ['pets:read', ['readers']],
    ['pets:write', ['writers', 'owners']],
    ['pets:open', []],
  ]),
  applicationScopes: ['orders:all', 'pets:write:app'],
  isAllowed: (scope) => scope.startsWith('device_'),
  refusesUnknown: false,
  hasIdentity: true,
};

describe('the scopes of a token', () => {
  it.each([
    ['nothing was asked for', '', ['default']],
    ['a scope no role of the user opens', 'pets:write', ['default']],
    ['a bound scope, role names compared without regard to case', 'pets:read', ['pets:read']],
    ['a known scope without roles', 'pets:open', ['pets:open']],
    ['an unknown scope, granted verbatim', 'Some:Thing', ['Some:Thing']],
    [
      'a scope of the REST APIs that the roles open',
      'apim:api_view service_catalog:service_view',
      ['apim:api_view', 'service_catalog:service_view'],
    ],
    ['one they do not', 'apim:admin apim_analytics:admin service_catalog:service_write', ['default']],
    ['an unknown one of the REST APIs', 'apim:no_such_thing', ['default']],
    ['an identity scope that no role of the user opens', 'internal_user_mgt_list', ['default']],
    ['a mixture: what is not permitted is dropped', 'apim:admin pets:write pets:read x', ['pets:read', 'x']],
    ['an application scope', 'orders:all', ['orders:all']],
    ['a bound scope that the installation grants to everyone', 'device_1', ['device_1']],
    ['openid', 'openid', ['openid']],
    ['the same scope twice', 'x x', ['x']],
  ])('%s', (_, requested, granted) => expect(grantedScopes(scopesIn(requested), judgement)).toEqual(granted));

  it('opens no scope of the REST APIs through the application or the installation', () => {
    const generous = { ...judgement, applicationScopes: ['apim:admin'], isAllowed: () => true };

    expect(grantedScopes(['apim:admin', 'internal_user_mgt_create'], generous)).toEqual(['default']);
  });

  it('leaves out openid where there is no user', () =>
    expect(grantedScopes(['openid', 'x'], { ...judgement, hasIdentity: false })).toEqual(['x']));

  it('are no unknown ones where those are restricted; a known one without roles, and what the installation grants, stay open', () => {
    const strict = { ...judgement, refusesUnknown: true };

    expect(grantedScopes(scopesIn('Some:Thing pets:open device_7 orders:all openid'), strict)).toEqual([
      'pets:open',
      'device_7',
      'orders:all',
      'openid',
    ]);
  });
});
