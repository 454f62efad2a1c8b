import type { ApiOperation, ProductUse } from '../domain/api.js';
import { operationDtos } from './apis.mapper.js';

const FLOWS = { request: [], response: [], fault: [] };
const operation = (target: string, verb: string): ApiOperation => ({
  target,
  verb,
  authType: 'None',
  throttlingPolicy: 'Gold',
  scopes: [],
  operationPolicies: FLOWS,
  operationHubPolicies: [],
});
const use = (productId: string, target: string, verb: string): ProductUse => ({ productId, target, verb });

it('says which products offer an operation', () => {
  const operations = [operation('/a', 'GET'), operation('/a', 'PUT'), operation('/b', 'GET')];

  const shown = operationDtos(operations, [use('first', '/a', 'GET'), use('second', '/b', 'GET'), use('second', '/a', 'GET')]);

  expect(shown.map(({ usedProductIds }) => usedProductIds)).toEqual([['first', 'second'], [], ['second']]);
});

it('does so for a large API all of whose operations are offered, in no time', () => {
  const operations = Array.from({ length: 20_000 }, (_, index) => operation(`/things/${index}`, 'GET'));
  const uses = ['first', 'second'].flatMap((productId) => operations.map(({ target, verb }) => use(productId, target, verb)));
  const started = performance.now();

  const shown = operationDtos(operations, uses);

  expect(shown.at(-1)?.usedProductIds).toEqual(['first', 'second']);
  expect(performance.now() - started).toBeLessThan(1_000);
});
