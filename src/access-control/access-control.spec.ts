import { AccessRuleConfig } from '../platform/config/sections/access-control.config.js';
import { accessRules, ruleFor } from './access-rules.js';
import { type Access, type DeclaredResource, samplePath, takes } from './declared-resource.js';
import { checkedRules } from './impossible-rules.js';

const rules = (...entries: readonly Partial<AccessRuleConfig>[]) =>
  accessRules(entries.map((entry) => ({ ...new AccessRuleConfig(), ...entry })));
const resource = (access: Access, path = '/a/{id}', method = 'GET'): DeclaredResource => ({ method, path, access, scopes: [] });

it.each([
  ['(.*)/scim2/Users', 'GET', '/scim2/Users', true],
  ['(.*)/scim2/Users', 'GET', '/t/a.com/scim2/Users', true],
  ['/scim2/Users', 'GET', '/t/a.com/scim2/Users', false],
  ['/scim2/Users', 'GET', '/scim2/Users/7', false],
  ['/scim2/Users', 'GET', '/scim2/Users/', true],
  ['/scim2/Users/(.*)', 'GET', '/scim2/Users', true],
  ['/scim2/Users/seven', 'GET', '/scim2/Users/s%65ven', true],
  ['/scim2/Users/[^/]+', 'GET', '/scim2/Users/a%2Fb', true],
  ['/scim2/Users', 'GET', '/SCIM2/Users', false],
  ['/%', 'GET', '/%', true],
])('%s is, asked by %s %s, the pattern of it: %s', (context, method, path, isOf) =>
  expect(ruleFor(rules({ context }), method, path) !== undefined).toBe(isOf));

it.each([
  ['all', 'DELETE', true],
  ['GET, POST', 'POST', true],
  ['get', 'GET', true],
  ['GET', 'HEAD', true],
  ['POST', 'GET', false],
])('methods %s are those of %s: %s', (httpMethod, method, isOf) =>
  expect(ruleFor(rules({ context: '/a', httpMethod }), method, '/a') !== undefined).toBe(isOf));

it('has the first entry decide', () => {
  const [first, second] = rules({ context: '/a/b', httpMethod: 'GET' }, { context: '/a/(.*)' });

  expect(
    ruleFor(
      [first, second].flatMap((rule) => rule ?? []),
      'GET',
      '/a/b',
    ),
  ).toBe(first);
  expect(
    ruleFor(
      [first, second].flatMap((rule) => rule ?? []),
      'PUT',
      '/a/b',
    ),
  ).toBe(second);
});

it('takes time linear in the path for patterns that would take for ever otherwise', () => {
  const started = performance.now();

  ruleFor(rules({ context: '(/a*)*b' }), 'GET', `/${'a'.repeat(5_000)}`);

  expect(performance.now() - started).toBeLessThan(2_000);
});

it.each([
  [{ context: '(' }, /entry 1 \(context = "\("\): .*RE2/],
  [{ context: '/a(?=b)' }, /RE2/],
  [{ context: '/a', secure: false, scopes: ['apim:admin'] }, /lets anybody in/],
])('%p does not start', (entry, message) => expect(() => rules(entry)).toThrow(message));

describe('an entry that is about a resource', () => {
  it.each([
    [{ secure: false }, 'anonymous', undefined],
    [{ secure: false }, 'request', undefined],
    [{ secure: false }, 'user', /cannot be honoured for GET \/a\/\{id\}: it works for a caller/],
    [{ secure: false }, 'own', /guarded by a credential of its own/],
    [{ secure: true }, 'anonymous', undefined],
    [{ secure: true, scopes: ['s'] }, 'user', undefined],
    [{ secure: true }, 'own', undefined],
    [{ secure: true, permissions: ['/permission'] }, 'own', /neither scopes nor permissions/],
    [{ secure: true }, 'request', /no place for a user/],
    [{ deny: true }, 'user', undefined],
    [{ deny: true, secure: false }, 'own', undefined],
  ] as const)('with %p for what is open to %s', (entry, access, message) => {
    const checked = () => checkedRules(rules({ context: '/a/(.*)', ...entry }), [resource(access)], true);

    if (message) expect(checked).toThrow(message);
    else expect(checked()).toEqual([]);
  });

  it('needs users, where there are none', () => {
    expect(() => checkedRules(rules({ context: '/a/(.*)' }), [resource('anonymous')], false)).toThrow(/knows no users/);
  });

  it('is told of where there is no such resource, or an entry before it takes them all', () => {
    const warnings = checkedRules(rules({ context: '/a/(.*)' }, { context: '/a/x' }, { context: '/b' }), [resource('user')], true);

    expect(warnings).toEqual([expect.stringMatching(/entry 2 .*is about no resource/), expect.stringMatching(/entry 3 /)]);
  });
});

it('finds a resource by its path', () => {
  expect(samplePath({ path: '/t/{tenant}/apis/{apiId}' })).toMatch(/^\/t\/carbon.super\/apis\/[\da-f-]{36}$/);
  expect(takes(resource('user'), 'HEAD', '/a/7/')).toBe(true);
  expect(takes(resource('user'), 'PUT', '/a/7')).toBe(false);
  expect(takes(resource('user'), 'GET', '/a/7/b')).toBe(false);
});
