import { hostPatterns, isProxied } from './proxied-hosts.js';

it.each([
  ['', '', 'api.example.com', true],
  ['localhost|*.intern.example', '', 'localhost', false],
  ['localhost|*.intern.example', '', 'db.intern.example', false],
  ['localhost, *.intern.example', '', 'DB.Intern.Example', false],
  ['localhost|*.intern.example', '', 'intern.example', true],
  ['10.*', '', '10.1.2.3', false],
  ['10.*', '', '110.1.2.3', true],
  ['', '*.partner.example', 'api.partner.example', true],
  ['', '*.partner.example', 'api.other.example', false],
  ['secret.partner.example', '*.partner.example', 'secret.partner.example', false],
  ['*', '', 'api.example.com', false],
  ['::1', '', '[::1]', false],
  ['a*a', '', 'a', true],
] as const)('except %j, only %j: %s goes through the proxy: %s', (except, only, host, expected) => {
  expect(isProxied({ except: hostPatterns(except), only: hostPatterns(only) }, host)).toBe(expected);
});
