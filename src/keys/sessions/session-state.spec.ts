import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { cookieHeader, cookieOf } from './cookies.js';
import { browserStateOf, sessionState } from './session-state.js';

it('the session state is a hash over client, origin, browser state and salt, with the salt', () => {
  const hash = createHash('sha256').update('clienthttps://a.com:8443statesalt').digest('hex');

  expect(sessionState('client', 'https://a.com:8443/path?x=1', 'state', 'salt')).toBe(`${hash}.salt`);
  expect(sessionState('c', 'https://a.com/', 's')).not.toBe(sessionState('c', 'https://a.com/', 's'));
});

it('the browser state follows from the session and does not show it', () => {
  expect(browserStateOf('uid')).toBe(browserStateOf('uid'));
  expect(browserStateOf('uid')).not.toBe(browserStateOf('other'));
  expect(browserStateOf('uid')).not.toContain('uid');
});

describe('cookies', () => {
  const from = (cookie: string) => ({ headers: { cookie } }) as IncomingMessage; // all that is read of it

  it.each([
    ['a=1; b=2=3', 'b', '2=3'],
    ['a=1;b=2', 'b', '2'],
    ['ab=1', 'b', undefined],
    ['', 'a', undefined],
  ])('of %p, %s is %p', (header, name, value) => expect(cookieOf(from(header), name)).toBe(value));

  it('are private or not', () => {
    expect(cookieHeader('a', 'b', { isPrivate: true })).toBe('a=b; Path=/; Secure; HttpOnly; SameSite=Lax');
    expect(cookieHeader('a', '', { isPrivate: false, maxAgeSeconds: 0 })).toBe('a=; Path=/; Max-Age=0; Secure; SameSite=None');
  });
});
