import { claimsIn } from './claim-dialects.js';

const claims = { emailaddress: 'ann@example.com', 'custom:colour': 'red', 'identity/emailVerified': 'true', country: '' };

it('names the local claims by their URIs, and leaves out what is empty or no claim', () =>
  expect(claimsIn('http://wso2.org/claims', claims)).toEqual([
    { uri: 'http://wso2.org/claims/emailaddress', value: 'ann@example.com' },
    { uri: 'http://wso2.org/claims/identity/emailVerified', value: 'true' },
  ]));

it('names those of OpenID Connect by their short names', () =>
  expect(claimsIn('http://wso2.org/oidc/claim', claims)).toEqual([{ uri: 'email', value: 'ann@example.com' }]));

it('knows no other dialect', () => expect(claimsIn('urn:example', claims)).toBeUndefined());
