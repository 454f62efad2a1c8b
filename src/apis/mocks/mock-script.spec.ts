import { createContext, runInContext } from 'node:vm';
import type { JsonObject } from '../definitions/json-document.js';
import { mockFindings } from './check-mocks.js';
import { mocksIn } from './read-mocks.js';
import { generatedMocks, MOCK_SCRIPT, writeMocks } from './write-mocks.js';

/** What the script of an operation does when the gateway runs it. */
const run = (script: string, query: string | null = null, accept: string | null = null) => {
  const properties: Record<string, unknown> = { 'query.param.responseCode': query, AcceptHeader: accept };
  const set: Record<string, unknown> = {};
  const mc = {
    getProperty: (name: string) => properties[name] ?? null,
    setProperty: (name: string, value: unknown) => {
      set[name] = value;
    },
    setPayloadJSON: (payload: unknown) => {
      set['json'] = JSON.parse(JSON.stringify(payload));
    },
    setPayloadXML: (payload: unknown) => {
      set['xml'] = payload;
    },
  };
  runInContext(script, createContext({ mc }));
  return set;
};
const json = (status: string, payload: unknown) => ({ HTTP_SC: status, CONTENT_TYPE: 'application/json', json: payload });
const xml = (status: string, payload: string) => ({ HTTP_SC: status, CONTENT_TYPE: 'application/xml', xml: payload });

const v3 = (responses: object, components: object = {}): JsonObject => ({
  openapi: '3.0.1',
  info: { title: 'Pets', version: '1' },
  paths: { '/pets': { get: { responses } } },
  components,
});
const scriptOf = (document: JsonObject): string => [...generatedMocks(document)][0]?.content ?? '';

const content = (mediaTypes: object) => ({ description: 'd', content: mediaTypes });
const MENU = v3({
  404: content({ 'application/json': { example: { code: 404 } } }),
  200: content({
    'application/json': { schema: { type: 'object', properties: { name: { type: 'string', example: 'Rex' }, age: { type: 'integer' } } } },
    'application/xml': { example: '<pet/>' },
  }),
  204: { description: 'nothing' },
  '5XX': content({ 'application/problem+json': { examples: { first: { value: { oops: true } } } } }),
});

it.each([
  [null, null, json('200', { name: 'Rex', age: 0 })],
  [null, 'application/json', json('200', { name: 'Rex', age: 0 })],
  [null, 'application/xml', xml('200', '<pet/>')],
  [null, 'text/html,application/xml;q=0.9,application/json', json('200', { name: 'Rex', age: 0 })],
  [null, 'image/png', json('200', { name: 'Rex', age: 0 })],
  ['404', null, json('404', { code: 404 })],
  ['404', 'text/xml', json('404', { code: 404 })],
  ['204', null, json('204', {})],
  ['503', null, json('503', { oops: true })],
  ['418', null, json('501', { code: 501, description: 'Not Implemented' })],
  ['418', 'application/xml', xml('501', '<response><code>501</code><description>Not Implemented</description></response>')],
  ['constructor', null, json('501', { code: 501, description: 'Not Implemented' })],
  ['"; throw 1; "', null, json('501', { code: 501, description: 'Not Implemented' })],
])('answers responseCode %s and Accept %s', (query, accept, expected) => {
  expect(run(scriptOf(MENU), query, accept)).toEqual(expected);
});

const DEFAULTED = v3({ default: content({ 'application/json': { example: { message: 'else' } } }) });

it.each([
  [null, json('200', { message: 'else' })],
  ['409', json('409', { message: 'else' })],
  ['nonsense', json('200', { message: 'else' })],
])('answers responseCode %s with the default response', (query, expected) => {
  expect(run(scriptOf(DEFAULTED), query)).toEqual(expected);
});

it('reads the examples and schemas of Swagger 2.0', () => {
  const document = {
    swagger: '2.0',
    produces: ['application/xml', 'application/json'],
    definitions: { Pet: { type: 'object', xml: { name: 'pet' }, properties: { name: { type: 'string', example: 'Rex' } } } },
    paths: {
      '/pets': {
        get: {
          responses: {
            200: { description: 'd', schema: { $ref: '#/definitions/Pet' } },
            400: { description: 'd', examples: { 'application/json': { bad: true } } },
          },
        },
      },
    },
  };

  expect(run(scriptOf(document))).toEqual(json('200', { name: 'Rex' }));
  expect(run(scriptOf(document), null, 'application/xml')['xml']).toMatch(/<name>Rex<\/name>/);
  expect(run(scriptOf(document), '400')).toEqual(json('400', { bad: true }));
});

it.each([
  ['a circle', { Pet: { type: 'object', properties: { parent: { $ref: '#/components/schemas/Pet' }, name: { type: 'string' } } } }],
  [
    'schemas that would grow for ever',
    Object.fromEntries(
      ['Pet', ...Array.from({ length: 30 }, (_, level) => `S${level}`)].map((name, level) => [
        name,
        {
          type: 'object',
          properties: Object.fromEntries(Array.from({ length: 30 }, (_, part) => [`p${part}`, { $ref: `#/components/schemas/S${level}` }])),
        },
      ]),
    ),
  ],
  ['a reference that leads nowhere', { Pet: { $ref: '#/components/schemas/Nowhere' } }],
  [
    'a name that is no name',
    { Pet: { type: 'object', properties: JSON.parse('{"__proto__": {"type": "string"}, "a": {"type": "string"}}') } },
  ],
])('copes with %s', (_, schemas) => {
  const document = v3({ 200: content({ 'application/json': { schema: { $ref: '#/components/schemas/Pet' } } }) }, { schemas });

  const script = scriptOf(document);

  expect(run(script)).toMatchObject({ HTTP_SC: '200', json: expect.any(Object) });
  expect(script.length).toBeLessThan(1_000_000);
});

it('has a script for every operation, in order', () => {
  const document = v3({});
  document['paths'] = { '/b': { post: {}, get: { responses: {} } }, '/a': { get: {} } };

  expect([...generatedMocks(document)].map(({ path, verb }) => `${verb} ${path}`)).toEqual(['POST /b', 'GET /b', 'GET /a']);
});

it('leaves the scripts of others alone when only missing ones are wanted', () => {
  const document: JsonObject = v3({});
  document['paths'] = { '/a': { get: { [MOCK_SCRIPT]: 'mine' }, put: { responses: {} } } };

  writeMocks(document, 'missing');

  expect(document['paths']).toMatchObject({
    '/a': { get: { [MOCK_SCRIPT]: 'mine' }, put: { [MOCK_SCRIPT]: expect.stringContaining('501') } },
  });
});

it('is read back, also with payloads that somebody changed', () => {
  const document = structuredClone(MENU);
  writeMocks(document, 'all');
  const operation = (document['paths'] as { '/pets': { get: Record<string, string> } })['/pets'].get;
  operation[MOCK_SCRIPT] = operation[MOCK_SCRIPT]?.replace('"Rex"', '"Tom"') ?? '';

  expect(mocksIn(document)).toEqual({
    'GET /pets': {
      usual: '200',
      responses: {
        '200': { json: '{"name":"Tom","age":0}', xml: '<pet/>' },
        '204': {},
        '404': { json: '{"code":404}' },
        '5XX': { json: '{"oops":true}' },
      },
    },
  });
});

it.each([
  ['written by hand', () => "mc.setProperty('HTTP_SC', '200');"],
  ['with something added', (script: string) => `${script}\nmc.setProperty('HTTP_SC', '418');`],
  ['with another choice', (script: string) => script.replace("status = '501'", "status = '404'")],
  ['whose payloads are no plain data', (script: string) => script.replace('"Rex"', 'name()')],
])('is for the gateway to run when it is one %s', (_, change) => {
  const document = structuredClone(MENU);
  writeMocks(document, 'all');
  const operation = (document['paths'] as { '/pets': { get: Record<string, string> } })['/pets'].get;
  const script = change(operation[MOCK_SCRIPT] ?? '');
  operation[MOCK_SCRIPT] = script;

  expect(mocksIn(document)).toEqual({ 'GET /pets': { usual: '501', responses: {}, script } });
});

it.each([
  ['a mistake', 'var a = ;', /SyntaxError: .*\(line 1\)/],
  ['E4X', 'var a = 1;\nmc.setPayloadXML(<a/>);', /SyntaxError: .*\(line 2\)/],
  ['no end', `'${'x'.repeat(70_000)}'`, /may have/],
])('is left out and named with its line when it has %s', (_, script, mistake) => {
  const document = { paths: { '/a/{b}': { get: { [MOCK_SCRIPT]: script, responses: {} } } } };

  expect(mocksIn(document)).toEqual({});
  expect(mockFindings(document)).toEqual([
    { code: 400, message: 'Bad Request', description: expect.stringMatching(/^\/paths\/~1a~1\{b\}\/get\/x-mediation-script: /) },
  ]);
  expect(mockFindings(document)[0]?.description).toMatch(mistake);
});

it('has no mistake when it is a generated one, however long', () => {
  const long = v3({ 200: content({ 'application/json': { example: 'x'.repeat(100_000) } }) });
  writeMocks(long, 'all');

  expect(mockFindings(long)).toEqual([]);
});
