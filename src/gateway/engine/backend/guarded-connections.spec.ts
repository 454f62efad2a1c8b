import type { LookupFunction, Socket } from 'node:net';
import { screened } from './guarded-connections.js';

const ORIGIN = 'http://metadata.example';
const found =
  (...addresses: string[]): LookupFunction =>
  (_host, _options, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
const unknown: LookupFunction = (_host, _options, done) => done(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), '', 0);

/** Whether the proxy is asked, or why it is not. */
const outcome = (lookup: LookupFunction): Promise<string> =>
  new Promise((resolve) => {
    const connect = screened(ORIGIN, lookup, (_target, done) => done(null, {} as Socket)); // nothing is said on it
    connect({ hostname: 'proxy.example', protocol: 'http:', port: '3128' }, (...[err]) =>
      resolve(err === null ? 'asked' : String((err as NodeJS.ErrnoException).code)),
    );
  });

it.each([
  [['169.254.169.254'], 'EHOSTUNREACH'],
  [['10.0.0.1', '169.254.169.254'], 'EHOSTUNREACH'],
  [['::ffff:169.254.169.254'], 'EHOSTUNREACH'],
  [['::ffff:a9fe:a9fe'], 'EHOSTUNREACH'],
  [['fe80::1'], 'EHOSTUNREACH'],
  [['10.0.0.1'], 'asked'],
])('a policy’s host with the addresses %j is %s through a proxy', async (addresses, expected) => {
  expect(await outcome(found(...addresses))).toBe(expected);
});

it('leaves names that only the proxy knows to it', async () => {
  expect(await outcome(unknown)).toBe('asked');
});
