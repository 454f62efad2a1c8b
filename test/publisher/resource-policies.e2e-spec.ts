import { randomUUID } from 'node:crypto';
import { ApiNotFound } from '../../src/apis/apis.problems.js';
import { UnusableDefinition } from '../../src/apis/policies/policies.problems.js';
import { ResourcePolicyNotFound } from '../../src/apis/resource-policies/resource-policies.problems.js';
import { BadRequest, PreconditionFailed, Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import { type ArchiveContents, exported, importArchive, imported, unzip } from '../support/archives.js';
import type { Body, RequestOptions } from '../support/client.js';
import { given } from '../support/given.js';
import { unique } from '../support/unique.js';

let admin: Actor;
let apiId: string;
beforeAll(async () => {
  ({ admin } = await given.organization());
  ({ id: apiId } = await given.api({ by: admin }));
});

const ALL = '/apis/{apiId}/resource-policies';
const ONE = `${ALL}/{resourcePolicyId}`;
const list = (query: RequestOptions['query'], by = admin) => by.publisher(`GET ${ALL}`, { path: { apiId }, query: query ?? {} });
const on = (operation: string, resourcePolicyId: string, by = admin) =>
  by.publisher(operation, { path: { apiId, resourcePolicyId }, ...(operation.startsWith('PUT') && { body: { content: '<log/>' } }) });

describe('an API that does not translate to SOAP', () => {
  it.each(['in', 'out'])('has no resource policies of type %s', async (sequenceType) => {
    const answer = await list({ sequenceType, resourcePath: '/pets', verb: 'GET' });

    expect(expected(answer, 200)).toEqual({ list: [], count: 0 });
  });

  it.each([undefined, 'both', ''])('is not asked for the sequence type %j', async (sequenceType) => {
    expect(await list({ sequenceType })).toFailWith(BadRequest);
  });

  it('is not asked by parameters that are no texts', async () => {
    expect(await list({ sequenceType: 'in', verb: ['GET', 'PUT'] })).toFailWith(BadRequest);
    expect(await list({ sequenceType: 'in', resourcePath: 'a\0b' })).toFailWith(BadRequest);
  });

  it.each([randomUUID(), 'x'])('does not know the resource policy %s', async (id) => {
    expect(await on(`GET ${ONE}`, id)).toFailWith(ResourcePolicyNotFound(id));
    expect(await on(`PUT ${ONE}`, id)).toFailWith(ResourcePolicyNotFound(id));
  });

  it('is unknown to other tenants', async () => {
    const { admin: stranger } = await given.organization();

    expect(await list({ sequenceType: 'in' }, stranger)).toFailWith(ApiNotFound(apiId));
    expect(await on(`GET ${ONE}`, randomUUID(), stranger)).toFailWith(ApiNotFound(apiId));
    expect(await on(`PUT ${ONE}`, randomUUID(), stranger)).toFailWith(ApiNotFound(apiId));
  });

  it('needs its scopes', async () => {
    const subscriber = admin.withScopes('apim:subscribe');
    const viewer = admin.withScopes('apim:api_view');

    expect(await list({ sequenceType: 'in' }, subscriber)).toFailWith(Unauthenticated);
    expect(await on(`GET ${ONE}`, randomUUID(), subscriber)).toFailWith(Unauthenticated);
    expect(await on(`PUT ${ONE}`, randomUUID(), viewer)).toFailWith(Unauthenticated);
  });
});

describe('an API that translates to SOAP', () => {
  const SEQUENCES: ArchiveContents = {
    'SoapToRest/in/pets%2F%7Bid%7D_get.xml': '<property name="in" value="GET"/>',
    'SoapToRest/out/pets%2F%7Bid%7D_get.xml': '<property name="out" value="GET"/>',
    'SoapToRest/in/pets_post.xml': '<property name="in" value="POST"/>',
  };
  /** The archive of an API of the type, without its folder. */
  const archiveOf = async (type: string, further: ArchiveContents = SEQUENCES): Promise<ArchiveContents> => {
    const files = await unzip(await exported(admin, { apiId, format: 'JSON' }));
    const [, object] = [...files].find(([path]) => path.endsWith('/api.json')) ?? [];
    const { data, ...about } = JSON.parse(String(object));
    const name = unique('Soap');
    const operations = [
      { target: '/pets/{id}', verb: 'GET' },
      { target: '/pets', verb: 'POST' },
    ];
    return { 'api.json': JSON.stringify({ ...about, data: { ...data, name, context: `/${name}`, type, operations } }), ...further };
  };
  const sequencesOf = async (query: RequestOptions['query']): Promise<ArchiveContents> => {
    const files = await unzip(await exported(admin, { apiId: soap, ...query }));
    return Object.fromEntries(
      [...files].flatMap(([path, bytes]) => (path.includes('SoapToRest') ? [[path.slice(path.indexOf('/') + 1), String(bytes)]] : [])),
    );
  };
  interface Sequence extends Body {
    readonly id: string;
  }
  const sequences = async (query: RequestOptions['query'], of = soap): Promise<readonly Sequence[]> =>
    expected(await admin.publisher<{ list: readonly Sequence[] }>(`GET ${ALL}`, { path: { apiId: of }, query: query ?? {} }), 200).list;
  const one = (operation: string, resourcePolicyId: string, options: RequestOptions = {}, by = admin) =>
    by.publisher(`${operation} ${ONE}`, { ...options, path: { apiId: soap, resourcePolicyId } });

  let soap: string;
  beforeEach(async () => {
    ({ id: soap } = await imported(admin, await archiveOf('SOAPTOREST')));
  });

  it('has those that its archive brought, by their direction, resource and verb', async () => {
    const of = async (query: RequestOptions['query']) =>
      (await sequences(query)).map(({ resourcePath, httpVerb }) => `${httpVerb} ${resourcePath}`);

    expect(await of({ sequenceType: 'in' })).toEqual(['post pets', 'get pets/{id}']);
    expect(await of({ sequenceType: 'out' })).toEqual(['get pets/{id}']);
    expect(await of({ sequenceType: 'in', resourcePath: '/pets/{id}', verb: 'GET' })).toEqual(['get pets/{id}']);
    expect(await of({ sequenceType: 'in', verb: 'DELETE' })).toEqual([]);
  });

  it('shows one, and changes its content', async () => {
    const [sequence] = await sequences({ sequenceType: 'out' });
    const id = sequence?.id ?? '';

    const before = await one('GET', id);
    const change = { ...sequence, httpVerb: 'PUT', content: '<log/><respond/>' };
    const changed = await one('PUT', id, { body: change, headers: { 'if-match': before.headers['etag'] ?? '' } });

    expect(expected(before, 200)).toEqual({
      id,
      httpVerb: 'get',
      resourcePath: 'pets/{id}',
      content: '<property name="out" value="GET"/>',
    });
    expect(expected(changed, 200)).toEqual({ ...before.body, content: '<log/><respond/>' });
    expect((await one('GET', id)).body).toEqual(changed.body);
  });

  it('refuses content that is no sequence, and a change of what somebody else changed', async () => {
    const [sequence] = await sequences({ sequenceType: 'out' });
    const id = sequence?.id ?? '';

    expect(await one('PUT', id, { body: { content: '<log>' } })).toFailWith(UnusableDefinition);
    expect(await one('PUT', id, { body: {} })).toFailWith(UnusableDefinition);
    expect(await one('PUT', id, { body: { content: '<log/>' }, headers: { 'if-match': '"stale"' } })).toFailWith(PreconditionFailed);
    expect(await one('PUT', id, { body: { content: '<log/>' } }, admin.withScopes('apim:api_view'))).toFailWith(Unauthenticated);
    expect(await sequences({ sequenceType: 'out' })).toEqual([sequence]);
  });

  it('gives them back in its archive, and those of a revision in the archive of that', async () => {
    const [sequence] = await sequences({ sequenceType: 'out' });
    const path = { apiId: soap };
    const { id: revisionId } = expected(await admin.publisher<{ id: string }>('POST /apis/{apiId}/revisions', { path, body: {} }), 201);
    expected(await one('PUT', sequence?.id ?? '', { body: { content: '<log/>' } }), 200);

    expect(await sequencesOf({})).toEqual({ ...SEQUENCES, 'SoapToRest/out/pets%2F%7Bid%7D_get.xml': '<log/>' });
    expect(await sequencesOf({ revisionNumber: 1 })).toEqual(SEQUENCES);
    expected(await admin.publisher('POST /apis/{apiId}/restore-revision', { path, query: { revisionId } }), 201);
    expect(await sequencesOf({})).toEqual(SEQUENCES);
  });

  it('brings them to a new version, which changes its own alone', async () => {
    const query = { apiId: soap, newVersion: '2.0.0' };
    const { id: next } = expected(await admin.publisher<{ id: string }>('POST /apis/copy-api', { query }), 201);
    const [copy] = await sequences({ sequenceType: 'out' }, next);

    const path = { apiId: next, resourcePolicyId: copy?.id ?? '' };
    expected(await admin.publisher(`PUT ${ONE}`, { path, body: { content: '<log/>' } }), 200);

    expect(await sequences({ sequenceType: 'out' })).toMatchObject([{ content: '<property name="out" value="GET"/>' }]);
    expect(await sequences({ sequenceType: 'out' }, next)).toMatchObject([{ content: '<log/>' }]);
  });

  it('is made of an archive whose sequences are XML, and an API of another type has none', async () => {
    const broken = { 'SoapToRest/in/pets_post.xml': '<log>' };

    expect(await importArchive(admin, await archiveOf('SOAPTOREST', broken))).toFailWith(UnusableDefinition);
    const { id } = await imported(admin, await archiveOf('HTTP'));
    expect(await sequences({ sequenceType: 'in' }, id)).toEqual([]);
  });
});
