import { createHash } from 'node:crypto';
import { addressOf, newRegistrationToken, versionIn, vhostAt } from './platform-gateway.js';

it.each([
  ['https://mg.example.com', 'https://mg.example.com'],
  [' https://mg.example.com:9443/ ', 'https://mg.example.com:9443'],
  ['http://mg.example.com/gw/', 'http://mg.example.com/gw'],
  ['mg.example.com', 'https://mg.example.com:8443'],
  ['mg.example.com:9443', 'https://mg.example.com:9443'],
  ['[::1]', 'https://[::1]:8443'],
])('%j is the address %s', (text, address) => expect(addressOf(text)).toBe(address));

it.each([
  '',
  ' ',
  'ftp://mg.example.com',
  'https://',
  'https://ann:secret@mg.example.com',
  'https://mg.example.com?x=1',
  'a b',
])('%j is no address', (text) => expect(addressOf(text)).toBeUndefined());

it.each([
  ['https://mg.example.com:9443/gw', { host: 'mg.example.com', httpContext: '/gw', httpPort: 80, httpsPort: 9443 }],
  ['http://mg.example.com:8080', { httpContext: '', httpPort: 8080, httpsPort: 443, wsPort: 9099, wssPort: 8099 }],
])('the virtual host at %s', (address, vhost) => expect(vhostAt(address)).toMatchObject(vhost));

it('makes tokens that are kept as hashes', () => {
  const { token, tokenId, tokenHash } = newRegistrationToken();

  expect(token).toMatch(/^[\w-]{16}\.[\w-]{44}$/);
  expect(token.split('.')[0]).toBe(tokenId);
  expect(tokenHash).toBe(createHash('sha256').update(token).digest('hex'));
});

it.each([
  [{ version: '1' }, '1'],
  [{ gatewayController: { version: '2' } }, '2'],
  [{ gatewayController: 'x' }, undefined],
])('%j names the version %s', (properties, version) => expect(versionIn(properties)).toBe(version));
