import { SUPER_TENANT } from '../domain/organization.js';
import { Problem } from '../domain/problem.js';
import {
  checkGatewayType,
  checkOperations,
  checkScopeNames,
  checkTransports,
  contextTemplateOf,
  distinctOperations,
  isPropertyAllowed,
  nameOf,
} from './api-rules.js';

/** The code of the problem a call throws; undefined when it throws none. */
const codeOf = (call: () => unknown): number | undefined => {
  try {
    call();
    return undefined;
  } catch (err) {
    if (err instanceof Problem) return err.code;
    throw err;
  }
};

describe('names', () => {
  it('are trimmed, with single blanks inside', () => {
    expect(nameOf('  Pizza \t  Shack ')).toBe('Pizza Shack');
  });

  it('are not blank', () => {
    expect(codeOf(() => nameOf('   '))).toBe(400);
  });
});

describe('contexts', () => {
  it.each([
    [SUPER_TENANT, '/pizza', '/pizza/{version}'],
    [SUPER_TENANT, 'pizza', '/pizza/{version}'],
    [SUPER_TENANT, '/pizza/{version}', '/pizza/{version}'],
    [SUPER_TENANT, '/{version}/pizza', '/{version}/pizza'],
    [SUPER_TENANT, '/pizza/a(b)c;d_e-f.g', '/pizza/a(b)c;d_e-f.g/{version}'],
    ['a.com', '/t/a.com/pizza', '/pizza/{version}'],
    ['a.com', '/pizza', '/pizza/{version}'],
    [SUPER_TENANT, '/t', '/t/{version}'],
    [SUPER_TENANT, '/tea/pot', '/tea/pot/{version}'],
  ])('of %s: %s is the template %s', (organization, context, template) => {
    expect(contextTemplateOf(organization, context)).toBe(template);
  });

  it.each([
    '/',
    '',
    '/a b',
    '/a*',
    '/a/',
    '/a//b',
    '/a(b',
    '/a)b(',
    '/{id}',
    '/a{version}',
    '/{version}/{version}',
    '/{version',
    '/../a',
    '/a/.',
    '/t/b.com/a',
    '/t/b.com',
  ])('refuses %j', (context) => {
    expect(codeOf(() => contextTemplateOf('a.com', context))).toBe(900253);
  });

  it('keep the super tenant off the paths of tenants', () => {
    expect(codeOf(() => contextTemplateOf(SUPER_TENANT, '/t/a.com/pizza'))).toBe(900253);
  });
});

describe('operations', () => {
  it.each([
    ['HTTP', { target: '', verb: 'GET' }, 902032],
    ['HTTP', { target: '/a', verb: null }, 902031],
    ['HTTP', { target: '/a', verb: 'TRACE' }, 903201],
    ['HTTP', { target: '/a', verb: 'get' }, undefined],
    ['GRAPHQL', { target: 'pets', verb: 'GET' }, 903202],
    ['GRAPHQL', { target: 'pets', verb: 'QUERY' }, undefined],
    ['WS', { target: '/a', verb: 'SUBSCRIBE' }, undefined],
  ] as const)('of %s %j: %s', (type, operation, code) => {
    expect(codeOf(() => checkOperations(type, [operation]))).toBe(code);
  });

  it('with the same target and verb are one, the first', () => {
    const operations = [
      { target: '/a', verb: 'GET', scopes: ['x'] },
      { target: '/a', verb: 'PUT', scopes: [] },
      { target: '/a', verb: 'GET', scopes: [] },
    ];

    expect(distinctOperations(operations)).toEqual(operations.slice(0, 2));
  });
});

describe('custom properties', () => {
  it.each([
    [{ name: 'colour', value: 'red', display: true }, true],
    [{ name: 'colour', value: '', display: false }, true],
    [{ name: null, value: 'red', display: true }, false],
    [{ name: 'colour', value: null, display: true }, false],
    [{ name: 'colour', value: 'red' }, false],
    [{ name: 'two words', value: 'red', display: true }, false],
    [{ name: 'Provider', value: 'red', display: true }, false],
    [{ name: 'n'.repeat(81), value: 'red', display: true }, false],
    [{ name: 'n'.repeat(80), value: 'v'.repeat(900), display: true }, true],
    [{ name: 'colour', value: 'v'.repeat(901), display: true }, false],
  ])('%j: %s', (property, allowed) => {
    expect(isPropertyAllowed(property)).toBe(allowed);
  });
});

it.each([
  [['http', 'HTTPS'], undefined],
  [['ftp'], 903205],
])('transports %j: %s', (transports, code) => {
  expect(codeOf(() => checkTransports(transports))).toBe(code);
});

it.each([
  ['read:pets', undefined],
  ['apim:admin', 901004],
  ['service_catalog:x', 901004],
  ['apim', undefined],
])('scope %s: %s', (name, code) => {
  expect(codeOf(() => checkScopeNames([name]))).toBe(code);
});

it.each([
  ['wso2/synapse', 'SOAP', undefined],
  ['wso2/apk', 'GRAPHQL', undefined],
  ['wso2/apk', 'SOAP', 902007],
  ['nothing', 'HTTP', 902007],
] as const)('gateway type %s for %s: %s', (gatewayType, type, code) => {
  expect(codeOf(() => checkGatewayType(gatewayType, type))).toBe(code);
});
