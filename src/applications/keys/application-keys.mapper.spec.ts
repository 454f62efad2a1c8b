import { masked } from '../../keys/clients/secret-mask.js';
import { fromKeyChange, fromKeyRequest, fromTokenRequest, toConsumerSecretDto } from './application-keys.mapper.js';
import { SecondsInvalid } from './application-keys.problems.js';
import { validitySeconds } from './application-tokens.service.js';
import { secretOptions } from './client-secrets.service.js';

describe('a secret', () => {
  it.each([
    ['abcdefghijklmnopqrstuvwxyz', 'abc*************'],
    ['abcd', 'abc*************'],
    ['', '****************'],
    [null, '****************'],
  ])('%j is masked as %j', (secret, expected) => expect(masked(secret)).toBe(expected));

  it('tells its end in seconds since the epoch, 0 for none', () => {
    const secret = { id: 'a', description: 'mine', secret: 'abcdef', expiresAt: null };

    expect(toConsumerSecretDto(secret, 'plain')).toEqual({
      secretId: 'a',
      secretValue: 'abcdef',
      additionalProperties: { description: 'mine', expiresAt: 0 },
    });
    expect(toConsumerSecretDto({ ...secret, expiresAt: new Date(90_500) }, 'masked')).toEqual({
      secretId: 'a',
      secretValue: 'abc*************',
      additionalProperties: { description: 'mine', expiresAt: 90 },
    });
  });

  it.each([
    [{}, { description: '', expiresIn: 0 }],
    [
      { description: 'mine', expiresIn: '60' },
      { description: 'mine', expiresIn: 60 },
    ],
    [
      { description: null, expiresIn: null },
      { description: '', expiresIn: 0 },
    ],
  ])('is asked for with %j as %j', (properties, expected) => expect(secretOptions(properties)).toEqual(expected));
});

describe('a validity', () => {
  it.each([
    [undefined, undefined],
    [null, undefined],
    ['', undefined],
    ['1', 1],
    [7200, 7200],
    ['-1', -1],
  ])('of %j is %j seconds', (value, expected) => expect(validitySeconds('validityTime', value)).toBe(expected));

  it.each(['soon', '0', -2, 1.5, '1e99', 2_147_483_648, Number.MAX_SAFE_INTEGER, Number.NaN])('of %j is refused', (value) => {
    expect(() => validitySeconds('validityTime', value)).toThrow(SecondsInvalid('validityTime'));
  });
});

describe('a request', () => {
  it('for keys names each grant once and fills what is left out', () => {
    expect(fromKeyRequest({ keyType: 'SANDBOX', grantTypesToBeSupported: ['password', 'password'] })).toEqual({
      keyType: 'SANDBOX',
      keyManager: undefined,
      grantTypes: ['password'],
      callbackUrl: '',
      properties: {},
    });
  });

  it('for a change leaves alone what it does not name', () => {
    expect(fromKeyChange({})).toEqual({});
    expect(fromKeyChange({ supportedGrantTypes: [], callbackUrl: '', additionalProperties: {} })).toEqual({
      grantTypes: [],
      callbackUrl: '',
      properties: {},
    });
  });

  it('for a token takes the defaults', () => {
    expect(fromTokenRequest({})).toEqual({
      consumerSecret: undefined,
      scopes: [],
      validitySeconds: undefined,
      revokeToken: undefined,
      grantType: 'CLIENT_CREDENTIALS',
      properties: {},
    });
  });
});
