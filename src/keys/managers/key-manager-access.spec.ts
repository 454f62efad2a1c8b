import type { Membership } from '../../identity/consumer-organizations/membership.js';
import type { KeyManagerPermissions } from './key-manager.js';
import { mayUse } from './key-manager-access.js';

const open = { permissions: { permissionType: 'PUBLIC', roles: [] }, allowedOrganizations: [] } as const;
const anybody: Membership = { kind: 'none' };

it.each<readonly [KeyManagerPermissions['permissionType'], readonly string[], readonly string[], boolean]>([
  ['PUBLIC', [], [], true],
  ['PUBLIC', ['admin'], [], true],
  ['ALLOW', ['Internal/Subscriber'], ['internal/subscriber'], true],
  ['ALLOW', ['a'], ['b'], false],
  ['ALLOW', [], ['b'], false],
  ['DENY', ['a'], ['a', 'b'], false],
  ['DENY', ['a'], ['b'], true],
])('%s for %j with the roles %j: %s', (permissionType, roles, held, expected) => {
  expect(mayUse({ roles: held }, anybody, { ...open, permissions: { permissionType, roles } })).toBe(expected);
});

it.each<readonly [readonly string[], Membership, boolean]>([
  [[], { kind: 'stranger' }, true],
  [['ALL'], { kind: 'stranger' }, true],
  [['one'], { kind: 'member', id: 'one' }, true],
  [['one'], { kind: 'member', id: 'two' }, false],
  [['one'], { kind: 'stranger' }, false],
  [['none'], { kind: 'member', id: 'one' }, false],
  [['none'], { kind: 'parent' }, true],
  [['one'], { kind: 'parent' }, true],
  [['one'], { kind: 'none' }, true],
  [['one'], { kind: 'undivided' }, true],
])('open to the organizations %j, asked by %j: %s', (allowedOrganizations, membership, expected) => {
  expect(mayUse({ roles: [] }, membership, { ...open, allowedOrganizations })).toBe(expected);
});
