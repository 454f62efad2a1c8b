import { type AccessTokenFacts, accessTokenClaims, refreshTokenClaims } from './token-claims.js';

const facts: AccessTokenFacts = {
  ...{ issuer: 'https://i', organization: 'acme.com', clientId: 'c1', subject: 's1', kind: 'APPLICATION_USER' },
  ...{ scope: 'a b', audiences: [], jti: 'j1', issuedAt: 10, expiresAt: 70 },
};

it('an access token is for its client', () => expect(accessTokenClaims(facts)).toMatchObject({ aud: 'c1', azp: 'c1', client_id: 'c1' }));

it('and for the audiences that the client names', () =>
  expect(accessTokenClaims({ ...facts, audiences: ['https://api', 'other'] }).aud).toEqual(['c1', 'https://api', 'other']));

it('one without end has no exp', () => {
  expect(accessTokenClaims({ ...facts, expiresAt: undefined })).not.toHaveProperty('exp');
  expect(refreshTokenClaims({ ...facts, expiresAt: undefined })).not.toHaveProperty('exp');
});

it('claims of a user take the place of none of ours', () =>
  expect(accessTokenClaims({ ...facts, claims: { sub: 'x', aud: 'y', groups: ['g'] } })).toMatchObject({
    sub: 's1',
    aud: 'c1',
    groups: ['g'],
  }));

it('a refresh token is for its issuer', () =>
  expect(refreshTokenClaims(facts)).toMatchObject({ aud: 'https://i', token_type: 'refresh_token' }));
