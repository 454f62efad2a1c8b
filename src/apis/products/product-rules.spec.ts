import type { Api, ApiOperation, ApiScope } from '../../domain/api.js';
import { lostUses, partsOf, refuseDuplicates, refuseUnfit, resourcesOf } from './product-rules.js';
import { DuplicateResource, MemberKindUnsupported, MemberStateUnsupported } from './products.problems.js';

const operation = (resource: string, scopes: readonly string[] = []): ApiOperation => {
  const [verb = '', target = ''] = resource.split(' ');
  const flows = { request: [], response: [], fault: [] };
  return { target, verb, authType: 'Application', throttlingPolicy: 'Gold', scopes, operationPolicies: flows, operationHubPolicies: [] };
};
const scope = (name: string): ApiScope => ({ name, displayName: name, description: '', bindings: [], shared: false });
const api = (id: string, operations: readonly ApiOperation[], scopes: readonly string[] = []) =>
  // Of the details only what is looked at.
  [id, { id, name: `Api ${id}`, version: '1', details: { operations, scopes: scopes.map(scope) } as unknown as Api['details'] }] as const;
const wanted = (apiId: string, resource: string) => ({ apiId, ...operation(resource) });

describe('partsOf', () => {
  const apis = new Map([
    api('a', [operation('GET /x', ['read']), operation('POST /x')], ['read', 'write']),
    api('b', [operation('GET /y')]),
  ]);

  it('takes the wanted operations in their order, with their scopes and the members they come from', () => {
    const parts = partsOf([wanted('b', 'GET /y'), wanted('a', 'GET /x')], apis);

    expect(parts).toEqual({
      operations: [
        { ...operation('GET /y'), apiId: 'b' },
        { ...operation('GET /x', ['read']), apiId: 'a' },
      ],
      scopes: [scope('read')],
      members: [
        { apiId: 'b', name: 'Api b', version: '1' },
        { apiId: 'a', name: 'Api a', version: '1' },
      ],
    });
    expect(resourcesOf(parts)).toEqual([
      { apiId: 'b', target: '/y', verb: 'GET' },
      { apiId: 'a', target: '/x', verb: 'GET' },
    ]);
  });

  it.each([
    ['a resource the API does not have', wanted('a', 'PUT /x')],
    ['a resource of another API', wanted('b', 'GET /x')],
    ['an API that is not there', wanted('c', 'GET /x')],
  ])('leaves out %s, and an API of which nothing is left', (_, resource) => {
    expect(partsOf([resource], apis)).toEqual({ operations: [], scopes: [], members: [] });
  });
});

it.each([
  [['GET /x', 'POST /x', 'GET /y'], null],
  [['GET /x', 'GET /x'], DuplicateResource('/x', 'GET')],
] as const)('of %j the second of two alike is refused', (resources, refusal) => {
  const refuse = () => refuseDuplicates(resources.map((resource, at) => wanted(String(at), resource)));

  if (refusal === null) expect(refuse).not.toThrow();
  else expect(refuse).toThrow(refusal);
});

it.each([
  ['CREATED', null, null],
  ['PUBLISHED', null, null],
  ['PROTOTYPED', null, MemberStateUnsupported('PROTOTYPED')],
  ['BLOCKED', null, MemberStateUnsupported('BLOCKED')],
  ['DEPRECATED', null, MemberStateUnsupported('DEPRECATED')],
  ['RETIRED', null, MemberStateUnsupported('RETIRED')],
  ['PUBLISHED', { subtype: 'AIAPI' }, MemberKindUnsupported('AIAPI')],
] as const)('an API that is %s with the subtype %j may be a member or not', (status, subtypeConfiguration, refusal) => {
  const details = { subtypeConfiguration } as unknown as Api['details']; // only this is looked at
  const refuse = () => refuseUnfit({ status, details });

  if (refusal === null) expect(refuse).not.toThrow();
  else expect(refuse).toThrow(refusal);
});

it('tells which used resources are gone', () => {
  const uses = [
    { productId: 'p', target: '/x', verb: 'GET' },
    { productId: 'p', target: '/y', verb: 'GET' },
    { productId: 'q', target: '/y', verb: 'GET' },
  ];

  expect(lostUses(uses, [operation('GET /x'), operation('POST /y')])).toEqual(uses.slice(1));
});
