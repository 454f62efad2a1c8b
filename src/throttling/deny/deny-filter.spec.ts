import { Problem } from '../../domain/problem.js';
import { denyFilter } from './deny-filter.js';
import type { DenyPolicy } from './deny-policy.js';

const POLICIES: readonly (Pick<DenyPolicy, 'type' | 'value'> & { readonly id: string })[] = [
  { id: 'api', type: 'API', value: '/pets/1.0.0' },
  { id: 'longer', type: 'API', value: '/pets/1.0.0-b' },
  { id: 'app', type: 'APPLICATION', value: 'ann:R&D' },
  { id: 'ip', type: 'IP', value: { fixedIp: '10.0.0.1', invert: false } },
  { id: 'range', type: 'IPRANGE', value: { startingIp: '10.0.0.1', endingIp: '10.0.0.9', invert: true } },
  { id: 'user', type: 'USER', value: 'Ann@carbon.super' },
];

it.each([
  ['', ['api', 'longer', 'app', 'ip', 'range', 'user']],
  [' ', ['api', 'longer', 'app', 'ip', 'range', 'user']],
  ['conditionType:API', ['api', 'longer']],
  ['conditionType:"API"', ['api', 'longer']],
  ['conditionType:IP', ['ip']],
  ['conditionType:MOOD', []],
  ['conditionType:', []],
  ['conditionValue:/pets', ['api', 'longer']],
  ['conditionValue:ANN', ['app', 'user']],
  ['conditionValue:', ['api', 'longer', 'app', 'ip', 'range', 'user']],
  ['conditionValue:"/pets/1.0.0"', ['api']],
  ['conditionValue:"/pets"', []],
  ['conditionValue:"ann@carbon.super"', []],
  ['conditionValue:"10.0.0.1"', ['ip', 'range']],
  ['conditionValue:10.0.0', ['ip', 'range']],
  ['conditionValue:"{"fixedIp":"10.0.0.1","invert":false}"', ['ip']],
  ['conditionType:API&conditionValue:"/pets/1.0.0"', ['api']],
  ['conditionType:API & conditionValue: /pets/1.0.0', ['api', 'longer']],
  ['conditionValue:ann&conditionType:USER', ['user']],
  ['conditionValue:R&D', ['app']],
  ['conditionType:APPLICATION&conditionValue:"ann:R&D"', ['app']],
  ['conditionType:API&conditionType:USER', []],
])('%s shows %j', (query, ids) => {
  expect(POLICIES.filter(denyFilter(query)).map(({ id }) => id)).toEqual(ids);
});

it.each([
  'API',
  'type:API',
  'conditionType',
  'conditionType=API',
  'conditiontype:API',
  'x&conditionType:API',
])('%s is no filter', (query) => {
  expect(() => denyFilter(query)).toThrow(Problem);
  expect(() => denyFilter(query)).toThrow('900254 Provided query parameters are not valid');
});
