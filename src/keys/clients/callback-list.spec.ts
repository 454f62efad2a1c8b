import { callbackOf, callbacksIn } from './callback-list.js';
import { isCallbackAllowed } from './callback-rule.js';

it.each([
  [[], ''],
  [['https://a.com/cb'], 'https://a.com/cb'],
  [['regexp=(https://a.com|https://b.com)'], 'regexp=(https://a.com|https://b.com)'],
  [['https://a.com/cb', 'https://b.com/?x=(1)'], 'regexp=(https://a\\.com/cb|https://b\\.com/\\?x=\\(1\\))'],
])('%j are kept as %s and read back', (urls, callback) => {
  expect(callbackOf(urls)).toBe(callback);
  expect(callbacksIn(callback)).toEqual(urls);
});

it.each([
  'regexp=(https://a.com|https://b.com)',
  'regexp=(https://.*)',
  'regexp=https://a|b',
])('%s, which somebody else wrote, is one text', (callback) => expect(callbacksIn(callback)).toEqual([callback]));

it('allows each of several URLs and nothing like them', () => {
  const callback = callbackOf(['https://a.com/cb', 'https://b.com/?x=1']);

  expect(['https://a.com/cb', 'https://b.com/?x=1'].every((url) => isCallbackAllowed(callback, url))).toBe(true);
  expect(['https://aXcom/cb', 'https://b.com/x=1', 'https://a.com/cb|'].some((url) => isCallbackAllowed(callback, url))).toBe(false);
});
