import {
  asksTokenOnly,
  authorizationParameters,
  engineParameters,
  responseModeOf,
  withHashedChallenge,
  withPromptDone,
} from './authorization-parameters.js';

const ASKED = { client_id: 'c', redirect_uri: 'https://a.com/cb', response_type: 'code', scope: 'openid a', nonce: 'n' };

describe('the parameters of an authorization request', () => {
  it('are the known ones that are not empty', () =>
    expect(authorizationParameters({ client_id: 'c', state: '', resource: 'https://x', claims: '{}', scope: 'a' })).toEqual({
      client_id: 'c',
      scope: 'a',
    }));

  it('are refused when one is given twice', () => expect(() => authorizationParameters({ state: ['a', 'b'] })).toThrow('invalid_request'));
});

it.each([
  ['code', undefined, 'query'],
  ['none', undefined, 'query'],
  ['token', undefined, 'fragment'],
  ['id_token token', undefined, 'fragment'],
  ['code id_token', undefined, 'fragment'],
  ['code', 'fragment', 'fragment'],
  ['code', 'form_post', 'form_post'],
  ['token', 'query', 'fragment'],
] as const)('%s with response_mode %s is answered in the %s', (response_type, response_mode, mode) =>
  expect(responseModeOf({ response_type, ...(response_mode && { response_mode }) })).toBe(mode));

describe('what the user has done', () => {
  it.each([
    ['login', { prompt: 'login consent', max_age: '0' }, { prompt: 'consent' }],
    ['login', { prompt: 'select_account' }, {}],
    ['consent', { prompt: 'login consent', max_age: '0' }, { prompt: 'login', max_age: '0' }],
    ['consent', { scope: 'a' }, { scope: 'a' }],
  ] as const)('%s is not asked of %p again', (done, before, after) => expect(withPromptDone(before, done)).toEqual(after));
});

describe('in the engine’s terms', () => {
  it('the scopes are those the user gets', () => expect(engineParameters(ASKED, ['a', 'default'])).toMatchObject({ scope: 'a default' }));
  it('a nonce without an identity is left out', () =>
    expect(engineParameters({ ...ASKED, scope: 'a' }, undefined)).not.toHaveProperty('nonce'));
  it('a form is made of a fragment', () =>
    expect(engineParameters({ ...ASKED, response_mode: 'form_post' }, undefined)).toMatchObject({ response_mode: 'fragment' }));
  it('an access token alone is half of a pair', () => {
    const asked = { ...ASKED, response_type: 'token', scope: 'a' };

    expect(asksTokenOnly(asked)).toBe(true);
    expect(engineParameters(asked, ['a'])).toMatchObject({ response_type: 'id_token token', scope: 'openid a', nonce: expect.any(String) });
  });
});

describe('a plain challenge', () => {
  const challenge = 'a'.repeat(43);

  it('becomes its own hash, which asks for the same verifier', () =>
    expect(withHashedChallenge({ code_challenge: challenge }, true)).toEqual({
      code_challenge: 'ZtNPunH49FD35FWYhT5Tv8I7vRKQJ8uxMaL0_9eHjNA',
      code_challenge_method: 'S256',
    }));
  it('is refused where the client may not use it', () => expect(() => withHashedChallenge({ code_challenge: challenge }, false)).toThrow());
  it('is refused when it is too short', () => expect(() => withHashedChallenge({ code_challenge: 'short' }, true)).toThrow());
  it('is not what S256 is', () => {
    const hashed = { code_challenge: challenge, code_challenge_method: 'S256' };

    expect(withHashedChallenge(hashed, false)).toBe(hashed);
  });
});
