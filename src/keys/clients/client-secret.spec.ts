import { hashOf, isOneOf, newClientId, newClientSecret } from './client-secret.js';

it('makes ids and secrets that mean the same in a header, a form and a shell', () => {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    expect(newClientId()).toMatch(/^\w{28}$/);
    expect(newClientSecret()).toMatch(/^\w{44}$/);
  }
});

it.each([
  ['the secret itself', 's3cret', true],
  ['another one', 's3creT', false],
  ['none', '', false],
  ['one that holds a percent sign, as it is', 'a%b+c', true],
  ['the same in form encoding', 'a%25b%2Bc', true],
])('compares %s', (_, secret, matches) => expect(isOneOf(secret, [hashOf('s3cret'), hashOf('a%b+c')])).toBe(matches));
