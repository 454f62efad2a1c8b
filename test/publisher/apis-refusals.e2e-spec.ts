import {
  ApiContextExists,
  ApiExists,
  ApiNameExists,
  AsyncNotCreatable,
  ContextOfOtherApi,
  EndpointCredentialMissing,
  EndpointUrlMissing,
  InvalidApiThrottlingPolicy,
  InvalidCategory,
  InvalidEndpointConfig,
  InvalidEndpointSecurity,
  InvalidEndpointUrl,
  InvalidGatewayType,
  InvalidHttpMethod,
  InvalidProperties,
  InvalidRoles,
  InvalidTier,
  KeyManagersNoList,
  KeyManagerUnknown,
  MalformedContext,
  NameTooLong,
  NoKeyManager,
  OperationWithoutTarget,
  OperationWithoutVerb,
  ProviderUnknown,
  ReservedScope,
  ScopeOfOtherApi,
  ScopeRoleUnknown,
  UnsupportedTransport,
} from '../../src/apis/apis.problems.js';
import { BadRequest } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body } from '../support/client.js';
import { given } from '../support/given.js';
import type { ExpectedProblem } from '../support/matchers.js';

let admin: Actor;
beforeAll(async () => {
  ({ admin } = await given.organization());
});

const DISALLOWED = 'One or more request body parameters contain disallowed values.';
const URL_OK = 'http://127.0.0.1:9';
const scope = (name: string, bindings: readonly string[] = []) => ({ scope: { name, bindings }, shared: false });
const secured = (security: object) => ({
  endpoint_type: 'http',
  production_endpoints: { url: URL_OK },
  endpoint_security: { production: security },
});

const REFUSALS: readonly (readonly [string, Body, ExpectedProblem])[] = [
  ['null among the scopes', { scopes: [null] }, { status: 400, code: 400, description: 'Validation Error' }],
  ['a list among the scopes', { scopes: [[]] }, { status: 400, code: 400, description: DISALLOWED }],
  ['a scope that is a list', { scopes: [{ scope: [] }] }, { status: 400, code: 400, description: DISALLOWED }],
  ['a scope without a body', { scopes: [{}] }, { status: 400, code: 400, description: 'Validation Error' }],
  ['null among the operations', { operations: [null] }, { status: 400, code: 400, description: 'Validation Error' }],
  ['a blank name', { name: '  ' }, { status: 400, code: 400, description: 'Validation Error' }],
  ['no name', { name: undefined }, { status: 400, code: 400, description: 'Validation Error' }],
  ['a name with forbidden characters', { name: 'a/b' }, { status: 400, code: 400, description: 'Validation Error' }],
  ['a long name', { name: 'n'.repeat(61) }, NameTooLong()],
  ['no context', { context: undefined }, { status: 400, code: 400, description: 'Validation Error' }],
  ['a malformed context', { context: '/a b' }, MalformedContext],
  ['a context below another tenant', { context: '/t/other.com/a' }, MalformedContext],
  ['no version', { version: undefined }, { status: 400, code: 400, description: 'Validation Error' }],
  ['a long version', { version: 'v'.repeat(31) }, { status: 400, code: 400, description: 'Validation Error' }],
  ['a version with a slash', { version: '1/2' }, { status: 400, code: 400, description: 'Validation Error' }],
  ['an unknown property', { colour: 'red' }, BadRequest("Unrecognized property 'colour'")],
  ['a wrong type', { tags: 'food' }, BadRequest(DISALLOWED)],
  ['a word outside an enumeration', { visibility: 'SECRET' }, BadRequest(DISALLOWED)],
  ['an unknown plan', { policies: ['Platinum'] }, InvalidTier()],
  ['an unknown API-level policy', { apiThrottlingPolicy: 'Platinum' }, InvalidApiThrottlingPolicy()],
  [
    'an unknown operation policy',
    { operations: [{ target: '/a', verb: 'GET', throttlingPolicy: 'Platinum' }] },
    InvalidApiThrottlingPolicy(),
  ],
  ['an unknown visible role', { visibility: 'RESTRICTED', visibleRoles: ['nobody'] }, InvalidRoles()],
  ['a restricted API without roles', { visibility: 'RESTRICTED' }, InvalidRoles()],
  ['an unknown access role', { accessControl: 'RESTRICTED', accessControlRoles: ['nobody'] }, InvalidRoles()],
  ['restricted access without roles', { accessControl: 'RESTRICTED' }, InvalidRoles()],
  ['a reserved property', { additionalProperties: [{ name: 'Tags', value: 'x', display: true }] }, InvalidProperties],
  ['a property without value', { additionalPropertiesMap: { colour: { name: 'colour' } } }, InvalidProperties],
  ['an unknown category', { categories: ['food'] }, InvalidCategory],
  ['type ASYNC', { type: 'ASYNC' }, AsyncNotCreatable()],
  ['a gateway that does not serve the type', { type: 'SOAP', gatewayType: 'wso2/apk' }, InvalidGatewayType],
  ['a malformed endpoint', { endpointConfig: { endpoint_type: 'http', production_endpoints: { url: 'x' } } }, InvalidEndpointUrl()],
  ['an endpoint without address', { endpointConfig: { endpoint_type: 'http', production_endpoints: {} } }, EndpointUrlMissing('http')],
  ['a session without end', { endpointConfig: { endpoint_type: 'http', sessionTimeOut: 'never' } }, InvalidEndpointConfig()],
  ['an unknown endpoint security', { endpointConfig: secured({ type: 'MAGIC' }) }, InvalidEndpointSecurity('production')],
  ['an endpoint security without password', { endpointConfig: secured({ type: 'BASIC', username: 'a' }) }, EndpointCredentialMissing],
  ['key managers that are no list', { keyManagers: 'all' }, KeyManagersNoList()],
  ['no known key manager', { keyManagers: ['X'] }, NoKeyManager()],
  ['one unknown key manager', { keyManagers: ['X', 'Resident Key Manager'] }, KeyManagerUnknown()],
  ['an unknown transport', { transport: ['ftp'] }, UnsupportedTransport('ftp')],
  ['an operation without target', { operations: [{ verb: 'GET' }] }, OperationWithoutTarget()],
  ['an operation without verb', { operations: [{ target: '/a' }] }, OperationWithoutVerb('/a')],
  ['an unknown verb', { operations: [{ target: '/a', verb: 'FETCH' }] }, InvalidHttpMethod('FETCH', '/a')],
  ['a reserved scope', { scopes: [scope('apim:admin')] }, ReservedScope()],
  ['a scope bound to an unknown role', { scopes: [scope('a', ['nobody'])] }, ScopeRoleUnknown('nobody')],
  ['an unknown provider', { provider: 'nobody' }, ProviderUnknown()],
  ['a character that cannot be stored', { description: 'a\u0000b' }, BadRequest(DISALLOWED)],
  ['half a character', { description: 'a\ud800b' }, BadRequest(DISALLOWED)],
];

it.each(REFUSALS)('refuses %s and keeps nothing', async (_, change, problem) => {
  const body = { ...given.apiProperties(), ...change };

  expect(await admin.publisher('POST /apis', { body })).toFailWith(problem);

  const { body: list } = await admin.publisher<{ count: number }>('GET /apis', {
    query: { query: `version:${change['version'] ?? '1.0.0'}` },
  });
  expect(list.count).toBe(0);
});

it('names every broken rule', async () => {
  const answer = await admin.publisher<{ error: readonly { code: string }[] }>('POST /apis', { body: { name: 'a/b', version: '1 2' } });

  expect(answer.body.error.map(({ code }) => code)).toEqual(expect.arrayContaining(['400_name', '400_context', '400_version']));
});

it.each([
  ['no JSON', '{"name": ', BadRequest('Malformed request body.')],
  ['a list', '[]', BadRequest(DISALLOWED)],
  ['a text', '"pizza"', BadRequest(DISALLOWED)],
])('refuses a body that is %s', async (_, raw, problem) => {
  expect(await admin.publisher('POST /apis', { raw, headers: { 'content-type': 'application/json' } })).toFailWith(problem);
});

it.each(
  REFUSALS.filter(([what]) => !/name|context|version|provider|type ASYNC|gateway/.test(what)),
)('refuses %s in an update and changes nothing', async (_, change, problem) => {
  const { id } = await given.api({ by: admin, with: { version: '2.0.0' } });
  const before = expected(await admin.publisher('GET /apis/{apiId}', { path: { apiId: id } }), 200);

  expect(await admin.publisher('PUT /apis/{apiId}', { path: { apiId: id }, body: { ...before, ...change } })).toFailWith(problem);

  expect(expected(await admin.publisher('GET /apis/{apiId}', { path: { apiId: id } }), 200)).toEqual(before);
});

describe('an API beside another', () => {
  const beside = async (change: (first: Body) => Body) => {
    const by = (await given.organization()).admin;
    const first = { ...given.apiProperties(), name: 'Pizza', context: '/pizza' };
    expected(await by.publisher('POST /apis', { body: first }), 201);
    return by.publisher('POST /apis', { body: { ...first, ...change(first) } });
  };

  it.each([
    ['the same again', {}, ApiExists()],
    ['the same name and version elsewhere', { context: '/other' }, ApiExists()],
    ['the name in other letters', { name: 'PIZZA', version: '2.0', context: '/other' }, ApiNameExists('PIZZA')],
    ['the context under another name', { name: 'Pasta' }, ApiContextExists('/pizza')],
    ['the context as a template under another name', { name: 'Pasta', context: '/pizza/{version}' }, ApiContextExists('/pizza')],
    [
      'a path that is the same once the version is in it',
      { name: 'Pasta', context: '/{version}/1.0.0', version: 'pizza' },
      ApiContextExists('/{version}/1.0.0'),
    ],
  ] as const)('may not be %s', async (_, change, problem) => {
    expect(await beside(() => change)).toFailWith(problem);
  });

  it.each([
    ['another version', { version: '2.0' }],
    ['another version elsewhere', { version: '2.0', context: '/other' }],
    ['another name elsewhere', { name: 'Pasta', context: '/other' }],
  ])('may be %s', async (_, change) => {
    expect((await beside(() => change)).status).toBe(201);
  });

  it('may not be a version at the context of a third', async () => {
    const by = (await given.organization()).admin;
    expected(await by.publisher('POST /apis', { body: { ...given.apiProperties(), name: 'Pizza', context: '/pizza' } }), 201);
    expected(await by.publisher('POST /apis', { body: { ...given.apiProperties(), name: 'Pasta', context: '/pasta' } }), 201);

    const answer = await by.publisher('POST /apis', {
      body: { ...given.apiProperties(), name: 'Pizza', context: '/pasta', version: '2.0' },
    });

    expect(answer).toFailWith(ContextOfOtherApi());
  });

  it('may not take its local scope; a version of it may', async () => {
    const first = await given.api({ by: admin, with: { version: '3.0.0', scopes: [scope('take:pizza')] } });

    const other = { ...given.apiProperties(), version: '3.0.0', scopes: [scope('take:pizza')] };
    expect(await admin.publisher('POST /apis', { body: other })).toFailWith(ScopeOfOtherApi());
    const version = { ...other, name: first.name, version: '3.1.0' };
    expect((await admin.publisher('POST /apis', { body: version })).status).toBe(201);
  });
});
