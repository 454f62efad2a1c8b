import { postLogoutUrl } from './post-logout-url.js';

it.each([
  ['https://a.com', undefined, 'https://a.com'],
  ['https://a.com/out', 'x', 'https://a.com/out?state=x'],
  ['https://a.com/out?from=us', 'x', 'https://a.com/out?from=us&state=x'],
  ['https://a.com/out?', 'x', 'https://a.com/out?&state=x'],
  ['https://a.com/out', 'a b&c=d#é', 'https://a.com/out?state=a%20b%26c%3Dd%23%C3%A9'],
  ['https://a.com/aus/für€', undefined, 'https://a.com/aus/f%C3%BCr%E2%82%AC'],
  ['https://a.com/\ud800', '\ud800', 'https://a.com/%EF%BF%BD?state=%EF%BF%BD'],
  ['app://out', 'x', 'app://out?state=x'],
])('%s with the state %p is %s', (uri, state, url) => expect(postLogoutUrl(uri, state)).toBe(url));
