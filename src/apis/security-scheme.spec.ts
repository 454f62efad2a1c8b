import { securitySchemeOf } from './security-scheme.js';

it.each([
  [null, ['oauth_basic_auth_api_key_mandatory', 'oauth2']],
  [[], ['oauth2', 'oauth_basic_auth_api_key_mandatory']],
  [['nonsense'], ['oauth2', 'oauth_basic_auth_api_key_mandatory']],
  [['api_key'], ['api_key', 'oauth_basic_auth_api_key_mandatory']],
  [
    ['oauth2', 'basic_auth', 'oauth_basic_auth_api_key_mandatory'],
    ['oauth2', 'basic_auth', 'oauth_basic_auth_api_key_mandatory'],
  ],
  [
    ['oauth_basic_auth_api_key_mandatory', 'oauth2'],
    ['oauth_basic_auth_api_key_mandatory', 'oauth2'],
  ],
  [
    ['oauth_basic_auth_api_key_optional', 'oauth2'],
    ['oauth2', 'oauth_basic_auth_api_key_mandatory'],
  ],
  [['mutualssl'], ['mutualssl', 'mutualssl_mandatory']],
  [
    ['mutualssl', 'oauth2'],
    ['mutualssl', 'oauth2', 'oauth_basic_auth_api_key_mandatory'],
  ],
  [
    ['mutualssl', 'oauth2', 'mutualssl_mandatory', 'oauth_basic_auth_api_key_optional'],
    ['mutualssl', 'oauth2', 'mutualssl_mandatory', 'oauth_basic_auth_api_key_optional'],
  ],
])('%j becomes %j', (words, expected) => {
  expect(securitySchemeOf(words, false)).toEqual(expected);
});

it('is api_key for an AI API', () => {
  expect(securitySchemeOf(['oauth2'], true)).toEqual(['api_key', 'oauth_basic_auth_api_key_mandatory']);
});
