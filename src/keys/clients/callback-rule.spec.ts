import { isCallbackAllowed } from './callback-rule.js';

describe('a plain callback', () => {
  it.each([
    ['https://a.com/cb', 'https://a.com/cb', true],
    ['https://a.com/cb', 'https://a.com/cb/', false],
    ['https://a.com/cb', 'https://a.com/cb?x=1', false],
    ['https://a.com', 'https://aXcom', false],
    ['http://127.0.0.1/cb', 'http://127.0.0.1:5173/cb', true],
    ['http://127.0.0.1:80/cb', 'http://127.0.0.1:5173/cb', true],
    ['http://127.0.0.1/cb', 'http://127.0.0.1:5173/other', false],
    ['http://127.0.0.1/cb', 'http://127.0.0.1.evil.com/cb', false],
    ['http://localhost/cb', 'http://localhost:5173/cb', false],
    ['', '', false],
  ] as const)('%s and %s: %s', (registered, uri, allowed) => expect(isCallbackAllowed(registered, uri)).toBe(allowed));
});

describe('a pattern', () => {
  it.each([
    ['regexp=(https://a.com/cb|https://b.org/cb)', 'https://a.com/cb', true],
    ['regexp=(https://a.com/cb|https://b.org/cb)', 'https://b.org/cb', true],
    ['regexp=(https://a.com/cb|https://b.org/cb)', 'https://c.net/cb', false],
    ['regexp=(https://a.com/cb|https://b.org/cb)', 'https://aXcom/cb', false],
    ['regexp=https://a.com/cb|https://b.org/cb', 'https://evil.com/?https://b.org/cb', false],
    ['regexp=https://a.com/.*', 'https://a.com/any/thing', true],
    ['regexp=https://.+\\.a.com/cb', 'https://x.a.com/cb', true],
    ['regexp=https://.+\\.a.com/cb', 'https://x.aXcom/cb', false],
    ['regexp=https://.{3}.com/cb', 'https://abc.com/cb', true],
    ['regexp=https://a.com/cb?x=1', 'https://a.com/cb?x=1', true],
    ['regexp=https://a\\.com/cb', 'https://a.com/cb', true],
    ['regexp=(unclosed', 'unclosed', false],
  ] as const)('%s and %s: %s', (registered, uri, allowed) => expect(isCallbackAllowed(registered, uri)).toBe(allowed));

  it('is a pure regular expression when literal characters are not enforced', () =>
    expect(isCallbackAllowed('regexp=https://a.com/cb', 'https://aXcom/cb', false)).toBe(true));

  it('takes no time on a pattern made to explode', () => expect(isCallbackAllowed('regexp=(a*)*b', 'a'.repeat(50_000))).toBe(false));
});
