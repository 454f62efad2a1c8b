import { parseKeyTemplate } from './key-template.js';

it.each([
  ['$userId', [{ variable: 'userId' }]],
  ['$userId:$apiContext:$apiVersion', [{ variable: 'userId' }, { variable: 'apiContext' }, { variable: 'apiVersion' }]],
  [
    '$resourceKey:$appTenant:$apiTenant:$appId',
    [{ variable: 'resourceKey' }, { variable: 'appTenant' }, { variable: 'apiTenant' }, { variable: 'appId' }],
  ],
  [' $clientIp ', [{ variable: 'clientIp' }]],
  ['$apiContext:$customProperty.truck-type', [{ variable: 'apiContext' }, { property: 'truck-type' }]],
] as const)('reads %s', (template, parts) => {
  expect(parseKeyTemplate(template)).toEqual(parts);
});

it.each([
  ['', "''"],
  ['userId', "'userId'"],
  ['$userid', "'$userid'"],
  ['$userId:', "''"],
  ['$userId-$appId', "'$userId-$appId'"],
  ['$userId : $appId', "'$userId '"],
  ['$customProperty', "'$customProperty'"],
  ['$customProperty.', "'$customProperty.'"],
  ['$customProperty.a b', "'$customProperty.a b'"],
])('refuses %s and names the part', (template, part) => {
  expect(() => parseKeyTemplate(template)).toThrow(`${part} is none of $resourceKey, $userId, $apiContext`);
});

it('refuses what never ends', () => {
  expect(() => parseKeyTemplate(Array.from({ length: 30 }, () => '$userId').join(':'))).toThrow('more than 20 parts');
});
