import type { JsonObject } from './json-document.js';
import { validateOpenApi } from './validate-openapi.js';

const info = { title: 'Pets', version: '1.0' };
const responses = { 200: { description: 'OK' } };
const v3 = (paths: object, more: object = {}): JsonObject => ({ openapi: '3.0.3', info, paths, ...more });

it.each([
  ['Swagger 2.0', { swagger: '2.0', info, paths: { '/a': { get: { responses } } } }],
  [
    'Swagger 2.0 with shared parameters',
    {
      swagger: '2.0',
      info,
      parameters: { id: { name: 'id', in: 'path', required: true, type: 'string' } },
      definitions: { Pet: { type: 'object', properties: { parent: { $ref: '#/definitions/Pet' } } } },
      paths: {
        '/a/{id}': {
          parameters: [{ $ref: '#/parameters/id' }],
          get: { responses: { 200: { description: 'OK', schema: { $ref: '#/definitions/Pet' } } } },
        },
      },
    },
  ],
  ['OpenAPI 3.0', v3({ '/a': { get: { responses } } })],
  ['OpenAPI 3.1', { openapi: '3.1.0', info, paths: { '/a': { get: { responses } } } }],
  ['OpenAPI 3.1 with web hooks only', { openapi: '3.1.0', info, webhooks: { pet: { post: { responses } } } }],
  [
    'a schema that holds itself',
    v3({}, { components: { schemas: { Pet: { type: 'object', properties: { parent: { $ref: '#/components/schemas/Pet' } } } } } }),
  ],
  ['a reference to another file', v3({ '/a': { get: { responses: { 200: { $ref: 'http://127.0.0.1:1/other.yaml#/x' } } } } })],
  [
    'what looks like a reference in an example',
    v3({}, { components: { schemas: { Pet: { type: 'object', example: { $ref: '#/nowhere' } } } } }),
  ],
])('accepts %s', async (_, document) => {
  expect(await validateOpenApi(document as JsonObject)).toEqual([]);
});

it.each([
  ['no version', { info, paths: {} }, 903206, /version element/],
  ['an unknown version', { openapi: '4.0.0', info, paths: {} }, 900754, /4\.0\.0/],
  ['no paths', { openapi: '3.0.1', info }, 900762, /paths/],
  ['no title', { openapi: '3.0.1', info: { version: '1' }, paths: {} }, 900762, /^#\/info: .*title/],
  ['an unknown key', v3({ '/a': { get: { responses, colour: 'red' } } }), 900762, /^#\/paths\/~1a\/get: .*colour/],
  ['an operation without responses', { swagger: '2.0', info, paths: { '/a': { get: {} } } }, 900761, /^#\/paths\/~1a\/get: .*responses/],
  ['a path parameter nobody declares', { swagger: '2.0', info, paths: { '/a/{id}': { get: { responses } } } }, 900761, /id/],
  [
    'a reference that leads nowhere',
    v3({ '/a': { get: { responses: { 200: { $ref: '#/components/responses/X' } } } } }),
    900762,
    /^#\/paths\/~1a\/get\/responses\/200: .*X leads nowhere/,
  ],
  ['an unknown key in 3.1', { openapi: '3.1.0', info, paths: {}, colour: 'red' }, 900762, /colour/],
])('says where: %s', async (_, document, code, place) => {
  const [first] = await validateOpenApi(document as JsonObject);

  expect(first).toMatchObject({ code, description: expect.stringMatching(place) });
});

it('lists every fault', async () => {
  const findings = await validateOpenApi(v3({ '/a': { get: { responses, x: 1 }, put: { responses, y: 2 } } }));

  expect(findings.map(({ description }) => description.split(':')[0])).toEqual(
    expect.arrayContaining(['#/paths/~1a/get', '#/paths/~1a/put']),
  );
});

it('takes no longer when schemas share schemas', async () => {
  const schemas = Object.fromEntries(
    Array.from({ length: 40 }, (_, level) => [
      `S${level}`,
      {
        type: 'object',
        properties: Object.fromEntries(
          ['a', 'b'].map((name) => [name, level === 0 ? { type: 'string' } : { $ref: `#/components/schemas/S${level - 1}` }]),
        ),
      },
    ]),
  );

  // Written out, these are 2^40 schemas.
  expect(await validateOpenApi(v3({}, { components: { schemas } }))).toEqual([]);
});
