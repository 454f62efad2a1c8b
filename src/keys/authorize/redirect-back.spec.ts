import { departureOf, isRedirectUri, redirectBack } from './redirect-back.js';

it.each([
  ['https://a.com/cb', true],
  ['http://127.0.0.1:8080/cb?x=1', true],
  ['com.example.app:/cb', true],
  ['https://a.com/cb#f', false],
  ['https://a.com/cb#', false],
  ['/cb', false],
  ['javascript:alert(1)', false],
  ['JavaScript:alert(1)', false],
  ['data:text/html,x', false],
  ['https://a.com/\r\nSet-Cookie: x', false],
  [' https://a.com/', false],
  ['', false],
])('%p is a redirect URI: %s', (text, is) => expect(isRedirectUri(text)).toBe(is));

describe('an answer', () => {
  const asked = { redirect_uri: 'https://a.com/cb?kept=1', state: 'a b&c' };

  it('goes into the query, beside what is there', () =>
    expect(redirectBack({ ...asked, response_type: 'code' }, { error: 'e' })).toEqual({
      kind: 'url',
      url: 'https://a.com/cb?kept=1&error=e&state=a+b%26c',
    }));

  it('goes into the fragment where tokens would', () =>
    expect(redirectBack({ ...asked, response_type: 'token' }, { error: 'e' })).toEqual({
      kind: 'url',
      url: 'https://a.com/cb?kept=1#error=e&state=a+b%26c',
    }));

  it('goes into a form where the client wants one', () => {
    const form = { kind: 'form', action: asked.redirect_uri, fields: { code: 'c', state: 'a b&c' } };

    expect(redirectBack({ ...asked, response_mode: 'form_post' }, { code: 'c' })).toEqual(form);
    expect(departureOf({ ...asked, response_mode: 'form_post' }, 'https://a.com/cb#code=c&state=a+b%26c')).toEqual(form);
  });
});
