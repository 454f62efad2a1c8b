import type { IncomingMessage } from 'node:http';
import { clientAddress } from './client-address.js';

/** The only part of a request that is looked at. */
const from = (remoteAddress: string): IncomingMessage => ({ socket: { remoteAddress } }) as IncomingMessage;

it.each([
  [[], '10.0.0.1', '1.2.3.4', '10.0.0.1'],
  [['10.0.0.0/8'], '10.0.0.1', '1.2.3.4, 10.0.0.7', '1.2.3.4'],
  [['10.0.0.0/8'], '::ffff:10.0.0.1', '1.2.3.4', '1.2.3.4'],
  [['10.0.0.0/8'], '11.0.0.1', '1.2.3.4', '11.0.0.1'],
  [['10.0.0.1'], '10.0.0.1', 'nonsense', '10.0.0.1'],
  [['10.0.0.1'], '10.0.0.1', null, '10.0.0.1'],
  [['fd00::/8'], 'fd00::1', '2001:db8::1', '2001:db8::1'],
])('trusting %j, a request from %s for %j comes from %s', (trusted, own, forwardedFor, expected) => {
  expect(clientAddress(trusted)({ request: from(own), forwardedFor })).toBe(expected);
});

it.each([['proxy.example.com'], ['300.1.1.1'], ['']])('does not take %j for an address', (entry) => {
  expect(() => clientAddress([entry])).toThrow('neither an address nor a network');
});
