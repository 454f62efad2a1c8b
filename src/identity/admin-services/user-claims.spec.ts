import { UserDraft } from '../scim/user-draft.js';
import { UserEntity } from '../users/user.entity.js';
import { claimsOf, claimValue, setClaim } from './user-claims.js';

const CLAIMS = 'http://wso2.org/claims/';
const user = (further: Partial<UserEntity> = {}): UserEntity =>
  Object.assign(new UserEntity(), {
    ...{ id: 'id-1', organization: 'acme.com', name: 'anna', claims: {}, locked: false, disabled: false },
    ...{ failedLogins: 0, lockouts: 0, unlockAt: null, createdAt: new Date(0), modifiedAt: new Date(1_000) },
    ...further,
  });
const ROLES = ['admin', 'Internal/everyone'];

it.each<[string, Partial<UserEntity>, string | undefined]>([
  ['username', {}, 'anna'],
  ['userid', {}, 'id-1'],
  ['role', {}, 'admin,Internal/everyone'],
  ['created', {}, '1970-01-01T00:00:00.000Z'],
  ['mobile', { claims: { mobile: '+1' } }, '+1'],
  ['organizationId', { claims: { 'custom:organizationId': 'a' } }, 'a'],
  ['organizationId', { claims: { organizationId: 'b', 'custom:organizationId': 'a' } }, 'b'],
  ['mobile', {}, undefined],
  ['active', { disabled: true }, 'false'],
  ['identity/accountLocked', {}, 'false'],
  ['identity/accountLocked', { unlockAt: new Date(Date.now() + 60_000) }, 'true'],
  ['identity/accountState', { disabled: true }, 'DISABLED'],
  ['identity/failedLoginAttempts', { failedLogins: 2, claims: { 'identity/failedLoginAttempts': '7' } }, '2'],
  ['constructor', {}, undefined],
])('%s of %j is %s', (claim, state, value) => expect(claimValue(user(state), ROLES, CLAIMS + claim)).toBe(value));

it('lists each claim once, and those without a value not at all', () => {
  const claims = claimsOf(user({ claims: { mobile: '+1', 'custom:mobile': '+2', 'identity/emailVerified': 'true' } }), ROLES);

  expect(claims.filter(({ uri }) => uri.endsWith('mobile'))).toEqual([{ uri: `${CLAIMS}mobile`, value: '+1' }]);
  expect(claims).toContainEqual({ uri: `${CLAIMS}identity/emailVerified`, value: 'true' });
  expect(claims.map(({ uri }) => uri)).not.toContain(`${CLAIMS}identity/unlockTime`);
});

it('sets claims, locks and disables, and takes claims away', () => {
  const draft = new UserDraft('anna', user({ claims: { title: 'Dr', 'custom:title': 'Prof' } }));

  setClaim(draft, `${CLAIMS}mobile`, '+1');
  setClaim(draft, `${CLAIMS}identity/accountLocked`, 'TRUE');
  setClaim(draft, `${CLAIMS}active`, 'false');
  setClaim(draft, `${CLAIMS}title`, '');

  expect(draft.change).toEqual({ claims: { mobile: '+1' }, locked: true, disabled: true });
});

it('opens what failed logins have locked', () => {
  const draft = new UserDraft('anna', user({ locked: true }));

  setClaim(draft, `${CLAIMS}identity/accountLocked`, undefined);

  expect(draft.change).toMatchObject({ locked: false, forgetFailures: true });
});

it.each([
  ['urn:x', /30005/],
  [CLAIMS, /30005/],
  [`${CLAIMS}username`, /kept by the server/],
  [`${CLAIMS}roles`, /kept by the server/],
  [`${CLAIMS}identity/accountState`, /kept by the server/],
])('refuses to set %s', (uri, text) => {
  expect(() => setClaim(new UserDraft('anna'), uri, 'x')).toThrow(text);
});
