import { addressesOf, serverOf, serversOf } from './endpoint-address.js';

it.each([
  ['https://Backend.example.com/v1?x', 'backend.example.com:443'],
  ['http://backend.example.com', 'backend.example.com:80'],
  ['wss://backend.example.com:8443/', 'backend.example.com:8443'],
  ['https://user:secret@backend.example.com', 'backend.example.com:443'],
  ['https://[::1]/x', '[::1]:443'],
  ['https://[::1]:9443', '[::1]:9443'],
  ['backend.example.com', 'backend.example.com'],
  ['backend.example.com:8443', 'backend.example.com:8443'],
  ['www.abc.com/path', 'www.abc.com'],
])('the server of %s is %s', (address, server) => expect(serverOf(address)).toBe(server));

it('finds a server by its host alone too', () => {
  expect(serversOf(['https://a/x', 'https://a/y', 'http://b:1'])).toEqual(['a:443', 'a', 'b:1', 'b']);
});

it('collects the addresses of all endpoints', () => {
  const config = {
    production_endpoints: { url: 'http://a' },
    production_failovers: [{ url: 'http://b' }, {}],
    sandbox_endpoints: [{ url: 'http://c' }],
    endpoint_security: { production: { url: 'http://d' } },
  };

  expect(addressesOf(config)).toEqual(['http://a', 'http://b', 'http://c']);
});
