import { Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body } from '../support/client.js';
import { given } from '../support/given.js';

const SCRIPT = 'x-mediation-script';
const pet = { type: 'object', properties: { name: { type: 'string', example: 'Rex' } } };
const responses = { 200: { description: 'OK', content: { 'application/json': { schema: pet } } } };
const PETS = {
  openapi: '3.0.1',
  info: { title: 'Pets', version: '1.0.0' },
  paths: { '/pets': { get: { responses }, post: { responses: { 201: { description: 'Made' } } } } },
};
type Definition = { readonly paths: Readonly<Record<string, Readonly<Record<string, Body>>>> };

let admin: Actor;
beforeAll(async () => {
  ({ admin } = await given.organization());
});

const mocked = (endpointImplementationType: string) =>
  given.api({ by: admin, definition: PETS, with: { endpointImplementationType, endpointConfig: null } });
const generate = (apiId: string, by = admin) => by.publisher<Definition>('POST /apis/{apiId}/generate-mock-scripts', { path: { apiId } });
const generated = (apiId: string, by = admin) =>
  by.publisher<{ list: readonly { path: string; verb: string; content: string }[] }>('GET /apis/{apiId}/generated-mock-scripts', {
    path: { apiId },
  });
const definitionOf = async (apiId: string): Promise<Definition> =>
  expected(await admin.publisher<Definition>('GET /apis/{apiId}/swagger', { path: { apiId } }), 200);
const scriptOf = ({ paths }: Definition, path: string, verb: string) => paths[path]?.[verb]?.[SCRIPT];

describe('generating', () => {
  it('gives every operation a script and keeps it in the definition', async () => {
    const { id } = await given.api({ by: admin, definition: PETS });

    const answer = await generate(id);

    expect(answer.status).toBe(200);
    expect(scriptOf(answer.body, '/pets', 'get')).toMatch(/Rex/);
    expect(scriptOf(answer.body, '/pets', 'post')).toMatch(/"201"/);
    expect(await definitionOf(id)).toEqual(answer.body);
  });

  it('lists the scripts by path and verb', async () => {
    const { id } = await given.api({ by: admin, definition: PETS });
    const scripts = expected(await generate(id), 200);

    const { body } = await generated(id);

    expect(body.list).toEqual([
      { path: '/pets', verb: 'GET', content: scriptOf(scripts, '/pets', 'get') },
      { path: '/pets', verb: 'POST', content: scriptOf(scripts, '/pets', 'post') },
    ]);
  });

  it.each([
    ['generating', generate],
    ['listing', generated],
  ])('%s refuses the wrong scope and hides other tenants and unknown APIs', async (_, ask) => {
    const { id } = await mocked('INLINE');
    const other = (await given.organization()).admin;

    expect(await ask(id, admin.withScopes('apim:api_view'))).toFailWith(Unauthenticated());
    expect(await ask(id, other)).toFailWith({ status: 404, code: 900308 });
    expect(await ask('nonsense')).toFailWith({ status: 404, code: 900308 });
  });

  it('finds nothing to mock in an API without a definition', async () => {
    const { id } = await given.api({
      by: admin,
      with: { type: 'WS', operations: [{ target: '/a', verb: 'SUBSCRIBE' }], endpointConfig: null },
    });

    expect(await generate(id)).toFailWith({ status: 404, code: 404 });
  });
});

describe('an API that answers with mocks', () => {
  it.each(['INLINE', 'MOCKED_OAS'])('has a script for every operation from the start: %s', async (type) => {
    const { id } = await mocked(type);

    const definition = await definitionOf(id);

    expect([scriptOf(definition, '/pets', 'get'), scriptOf(definition, '/pets', 'post')]).toEqual([expect.any(String), expect.any(String)]);
  });

  it.each([
    ['INLINE', 'var mine;'],
    ['MOCKED_OAS', expect.stringMatching(/Rex/)],
  ])('%s: a script of its author is %s after a change, and a new operation gets one', async (type, script) => {
    const { id } = await mocked(type);
    const path = { apiId: id };
    const own = { responses, [SCRIPT]: 'var mine;' };
    const definition = JSON.stringify({ ...PETS, paths: { '/pets': { get: own }, '/new': { put: { responses } } } });

    const answer = await admin.publisher<Definition>('PUT /apis/{apiId}/swagger', { path, form: { apiDefinition: definition } });

    expect(scriptOf(answer.body, '/pets', 'get')).toEqual(script);
    expect(scriptOf(answer.body, '/new', 'put')).toEqual(expect.stringMatching(/Rex/));
  });

  it('can be published without any backend', async () => {
    const { id } = await mocked('INLINE');

    const answer = await admin.publisher('POST /apis/change-lifecycle', { query: { apiId: id, action: 'Publish' } });

    expect(answer.status).toBe(200);
  });

  it('keeps its scripts from subscribers', async () => {
    const api = await given.publishedApi({ by: admin, definition: PETS, with: { endpointImplementationType: 'INLINE' } });

    const { body } = await admin.devportal('GET /apis/{apiId}/swagger', { path: { apiId: api.id } });

    expect(JSON.stringify(body)).not.toContain(SCRIPT);
  });
});
