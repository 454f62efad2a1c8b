import { CLAIM_NAMES_BY_SCOPE, type ClaimSource, claimsOf } from './user-claims.js';

const anna = (claims: Record<string, string> = {}, roles = ['admin', 'Internal/creator', 'Internal/everyone']): ClaimSource => ({
  account: { name: 'anna', organization: 'acme.com', roles },
  user: { claims, modifiedAt: new Date('2026-01-02T03:04:05.678Z') },
});

it.each([
  ['no scope', ['openid'], {}, {}],
  ['an unknown one', ['orders:read', 'constructor', '__proto__'], {}, {}],
  ['email', ['email'], { emailaddress: 'a@x.com', 'identity/emailVerified': 'TRUE' }, { email: 'a@x.com', email_verified: true }],
  ['email of one who has none', ['email'], { emailaddress: '' }, {}],
  ['phone', ['phone'], { telephone: '+1', 'identity/phoneVerified': 'false' }, { phone_number: '+1', phone_number_verified: false }],
  ['the mobile phone first', ['phone'], { telephone: '+1', mobile: '+2' }, { phone_number: '+2' }],
  ['address', ['address'], { locality: 'Kandy', country: 'LK' }, { address: { locality: 'Kandy', country: 'LK' } }],
  ['address of one who has none', ['address'], {}, {}],
  ['groups, which are roles of the store', ['groups'], {}, { groups: ['admin'] }],
  ['roles', ['roles'], {}, { roles: ['admin', 'Internal/creator', 'Internal/everyone'] }],
  ['several', ['email', 'groups'], { emailaddress: 'a@x.com' }, { email: 'a@x.com', groups: ['admin'] }],
])('shows for %s', (_, scopes, claims, expected) => expect(claimsOf(anna(claims), scopes)).toEqual(expected));

it('shows a profile', () => {
  const claims = {
    givenname: 'Anna',
    lastname: 'Bell',
    nickname: 'An',
    dob: '1990-01-01',
    local: 'en_GB',
    timeZone: 'Europe/Oslo',
    url: 'https://a.b',
  };

  expect(claimsOf(anna(claims), ['profile'])).toEqual({
    name: 'Anna Bell',
    family_name: 'Bell',
    given_name: 'Anna',
    nickname: 'An',
    preferred_username: 'anna@acme.com',
    username: 'anna@acme.com',
    website: 'https://a.b',
    birthdate: '1990-01-01',
    zoneinfo: 'Europe/Oslo',
    locale: 'en_GB',
    updated_at: 1_767_323_045,
  });
});

it('leaves out a list without members', () => expect(claimsOf(anna({}, ['Internal/everyone']), ['groups'])).toEqual({}));

it('names the claims of each scope', () => {
  expect(Object.keys(CLAIM_NAMES_BY_SCOPE)).toEqual(['openid', 'profile', 'email', 'phone', 'address', 'groups', 'roles']);
  expect(CLAIM_NAMES_BY_SCOPE['email']).toEqual(['email', 'email_verified']);
});
