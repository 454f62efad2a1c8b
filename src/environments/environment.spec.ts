import { mayDeployTo } from './environment.js';

it.each([
  ['PUBLIC', ['gold'], ['silver'], true],
  ['ALLOW', ['gold'], ['gold'], true],
  ['ALLOW', ['gold'], ['silver'], false],
  ['ALLOW', ['Internal/everyone'], [], true],
  ['DENY', ['gold'], ['gold'], false],
  ['DENY', ['gold'], ['silver'], true],
] as const)('permission %s %j, caller holding %j: %s', (permissionType, roles, held, expected) => {
  expect(mayDeployTo({ permissions: { permissionType, roles } }, { roles: held })).toBe(expected);
});
