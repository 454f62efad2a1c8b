import { randomUUID } from 'node:crypto';
import { ApiNotFound } from '../../src/apis/apis.problems.js';
import { LiveApiNeedsPublisher } from '../../src/apis/apis-for-change.js';
import {
  DocumentContentNotFound,
  DocumentExists,
  DocumentNotFound,
  DocumentParameterMissing,
  IllegalDocumentName,
  InvalidDocumentVisibility,
} from '../../src/apis/documents/documents.problems.js';
import { BadRequest, Forbidden, PreconditionFailed, Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body, RequestOptions } from '../support/client.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';

interface Document {
  readonly documentId: string;
  readonly name: string;
  readonly fileName: string;
}
interface List {
  readonly count: number;
  readonly list: readonly Document[];
  readonly pagination: { readonly total: number; readonly next: string };
}

let admin: Actor;
let creator: Actor;
let apiId: string;
beforeAll(async () => {
  ({ admin } = await given.organization());
  creator = await given.user({ roles: ['Internal/creator'], by: admin });
});
beforeEach(async () => {
  ({ id: apiId } = await given.api({ by: admin }));
});

const GUIDE = { name: 'Guide', type: 'HOWTO', summary: 'How it goes', sourceType: 'INLINE', visibility: 'API_LEVEL' };
const ONE = '/apis/{apiId}/documents/{documentId}';

const add = (by: Actor, body: Body = GUIDE) => by.publisher<Document>('POST /apis/{apiId}/documents', { path: { apiId }, body });
const added = async (body: Body = {}): Promise<Document> => expected(await add(admin, { ...GUIDE, ...body }), 201);
const list = async (query: RequestOptions['query'] = {}) =>
  expected(await admin.publisher<List>('GET /apis/{apiId}/documents', { path: { apiId }, query }), 200);
const on = (by: Actor, operation: string, documentId: string, options: RequestOptions = {}) =>
  by.publisher(operation, { path: { apiId, documentId }, ...options });
const read = (documentId: string) => on(admin, `GET ${ONE}`, documentId);
const content = (documentId: string, options: RequestOptions = {}) =>
  admin.publisher<unknown>(`GET ${ONE}/content`, { path: { apiId, documentId }, ...options });
const store = (documentId: string, form: RequestOptions['form']) => on(admin, `POST ${ONE}/content`, documentId, { form });

describe('a document', () => {
  it('is created with all its fields', async () => {
    const answer = await add(admin, { ...GUIDE, inlineContent: 'in short' });

    const { documentId } = expected(answer, 201);
    expect(answer.headers['location']).toContain(`/apis/${apiId}/documents/${documentId}`);
    expect(answer.body).toMatchObject({ ...GUIDE, inlineContent: 'in short', fileName: '', sourceUrl: '', createdBy: admin.username });
    expect((await read(documentId)).body).toEqual(answer.body);
  });

  it('of another type or with an address keeps what only such have', async () => {
    const { documentId } = await added({ type: 'OTHER', otherTypeName: 'Memo', sourceType: 'URL', sourceUrl: 'https://example.com/a b' });

    expect((await read(documentId)).body).toMatchObject({ otherTypeName: 'Memo', sourceUrl: 'https://example.com/a b' });
  });

  it('is replaced, and takes back what a read gave', async () => {
    const { documentId } = await added();
    const { body, headers } = await read(documentId);

    const answer = await on(admin, `PUT ${ONE}`, documentId, { body: { ...body, summary: null, type: 'SAMPLES' } });

    expect(answer).toMatchObject({ status: 200, body: { name: 'Guide', summary: null, type: 'SAMPLES' } });
    expect(answer.headers['etag']).not.toBe(headers['etag']);
    expect((await read(documentId)).body).toEqual(answer.body);
  });

  it('is deleted', async () => {
    const { documentId } = await added();

    expect((await on(admin, `DELETE ${ONE}`, documentId)).status).toBe(200);

    expect(await read(documentId)).toFailWith(DocumentNotFound(documentId));
    expect((await list()).count).toBe(0);
  });

  it('goes with its API', async () => {
    const { documentId } = await added();
    expected(await store(documentId, { inlineContent: 'text' }), 201);

    expect((await admin.publisher('DELETE /apis/{apiId}', { path: { apiId } })).status).toBe(200);

    expect(await read(documentId)).toFailWith(ApiNotFound(apiId));
  });
});

it('go along into a new version, and live there on their own', async () => {
  const { documentId } = await added();
  expected(await store(documentId, { inlineContent: 'text' }), 201);
  await added({ name: 'Link', sourceType: 'URL', sourceUrl: 'https://example.com/' });

  const copy = await admin.publisher<{ id: string }>('POST /apis/copy-api', { query: { apiId, newVersion: '2.0.0' } });

  const path = { apiId: expected(copy, 201).id };
  const { list: copied } = expected(await admin.publisher<List>('GET /apis/{apiId}/documents', { path }), 200);
  expect(copied.map(({ name }) => name)).toEqual(['Guide', 'Link']);
  expect((await on(admin, `DELETE ${ONE}`, documentId)).status).toBe(200);
  const guide = { ...path, documentId: copied[0]?.documentId ?? '' };
  expect(guide.documentId).not.toBe(documentId);
  expect(await admin.publisher<unknown>(`GET ${ONE}/content`, { path: guide })).toMatchObject({ status: 200, body: 'text' });
});

it('lists documents by name, a page at a time', async () => {
  for (const name of ['B', 'C', 'A']) await added({ name });

  const first = await list({ limit: 2 });
  const second = await list({ limit: 2, offset: 2 });

  expect(first.list.map(({ name }) => name)).toEqual(['A', 'B']);
  expect(first).toMatchObject({ count: 2, pagination: { total: 3, next: `/apis/${apiId}/documents?limit=2&offset=2` } });
  expect(second.list.map(({ name }) => name)).toEqual(['C']);
});

it('tells whether a name is taken', async () => {
  await added();
  const validate = (name?: string) => admin.publisher('POST /apis/{apiId}/documents/validate', { path: { apiId }, query: { name } });

  expect((await validate('Guide')).status).toBe(200);
  expect(await validate('Other')).toFailWith(DocumentNotFound('Other'));
  expect(await validate()).toFailWith(BadRequest('The name must not be empty.'));
});

describe('refuses', () => {
  it.each([
    ['no name', { name: undefined }, { status: 400, code: 400, description: 'Validation Error' }],
    ['an unknown type', { type: 'NOVEL' }, { status: 400, code: 400 }],
    ['an unknown source', { sourceType: 'TAPE' }, { status: 400, code: 400 }],
    ['an empty summary', { summary: '' }, { status: 400, code: 400 }],
    ['an unknown field', { extra: 1 }, { status: 400, code: 400 }],
    ['illegal characters in the name', { name: 'a<b' }, IllegalDocumentName()],
    ['another type without its name', { type: 'OTHER' }, DocumentParameterMissing()],
    ['an address that is missing', { sourceType: 'URL' }, DocumentParameterMissing()],
    ['an address that is none', { sourceType: 'URL', sourceUrl: 'javascript:alert(1)' }, BadRequest('Invalid document sourceUrl Format')],
    ['a visibility that is not offered', { visibility: 'OWNER_ONLY' }, InvalidDocumentVisibility('OWNER_ONLY')],
  ])('%s', async (_, change, refusal) => {
    const { documentId } = await added({ name: 'First' });
    const before = (await read(documentId)).body;

    expect(await add(admin, { ...GUIDE, ...change })).toFailWith(refusal);
    expect(await on(admin, `PUT ${ONE}`, documentId, { body: { ...GUIDE, ...change } })).toFailWith(refusal);

    expect((await list()).count).toBe(1);
    expect((await read(documentId)).body).toEqual(before);
  });

  it('a second document of one name, also when both come at once', async () => {
    const answers = await Promise.all([add(admin), add(admin)]);

    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(answers.find(({ status }) => status === 409)).toFailWith(DocumentExists());
    const { documentId } = await added({ name: 'Other' });
    expect(await on(admin, `PUT ${ONE}`, documentId, { body: GUIDE })).toFailWith(DocumentExists());
  });

  it('a change of what was changed meanwhile', async () => {
    const { documentId } = await added();
    const etag = String((await read(documentId)).headers['etag']);
    expected(await store(documentId, { inlineContent: 'new' }), 201);
    const headers = { 'if-match': etag };

    expect(await on(admin, `PUT ${ONE}`, documentId, { headers, body: { ...GUIDE, summary: 'x' } })).toFailWith(PreconditionFailed);
    expect(await on(admin, `POST ${ONE}/content`, documentId, { headers, form: { inlineContent: 'x' } })).toFailWith(PreconditionFailed);
    expect(await on(admin, `DELETE ${ONE}`, documentId, { headers })).toFailWith(PreconditionFailed);
    expect((await content(documentId)).body).toBe('new');
  });

  it('unknown documents and APIs', async () => {
    const id = randomUUID();

    for (const unknown of [id, 'nothing']) {
      expect(await read(unknown)).toFailWith(DocumentNotFound(unknown));
      expect(await content(unknown)).toFailWith(DocumentNotFound(unknown));
      expect(await on(admin, `PUT ${ONE}`, unknown, { body: GUIDE })).toFailWith(DocumentNotFound(unknown));
      expect(await on(admin, `DELETE ${ONE}`, unknown)).toFailWith(DocumentNotFound(unknown));
      expect(await store(unknown, { inlineContent: 'x' })).toFailWith(DocumentNotFound(unknown));
    }
    expect(await admin.publisher('GET /apis/{apiId}/documents', { path: { apiId: id } })).toFailWith(ApiNotFound(id));
    expect(await read(`${id};alert(1)`)).toFailWith(Unauthenticated());
  });

  it('the document of another API', async () => {
    const { documentId } = await added();
    const other = await given.api({ by: admin });

    expect(await admin.publisher(`GET ${ONE}`, { path: { apiId: other.id, documentId } })).toFailWith(DocumentNotFound(documentId));
    expect(await admin.publisher(`DELETE ${ONE}`, { path: { apiId: other.id, documentId } })).toFailWith(DocumentNotFound(documentId));
  });
});

describe('content', () => {
  it.each(['INLINE', 'MARKDOWN'])('%s is text', async (sourceType) => {
    const { documentId } = await added({ sourceType, inlineContent: 'of the metadata' });
    expect(await content(documentId)).toMatchObject({ status: 200, body: undefined });

    const answer = await store(documentId, { inlineContent: '# Grüße' });

    expect(expected(answer, 201)).toMatchObject({ documentId, inlineContent: 'of the metadata' });
    expect(answer.headers['location']).toContain(`/documents/${documentId}/content`);
    const got = await content(documentId);
    expect(got).toMatchObject({ status: 200, body: '# Grüße', headers: { 'content-type': 'text/plain; charset=utf-8' } });
    const again = await content(documentId, { headers: { 'if-none-match': String(got.headers['etag']) } });
    expect(again).toMatchObject({ status: 304, body: undefined });
  });

  it('is a file under its name, never shown in place', async () => {
    const { documentId } = await added({ sourceType: 'FILE' });
    expect(await content(documentId)).toFailWith(DocumentContentNotFound(documentId));
    const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index % 256);

    const answer = await store(documentId, { file: { file: bytes, name: 'Übersicht.pdf', type: 'application/pdf' } });

    expect(expected(answer, 201)['fileName']).toBe('Übersicht.pdf');
    const { body, headers } = await content(documentId);
    expect(body).toEqual(Buffer.from(bytes));
    expect(headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-length': '70000',
      'content-disposition': `attachment; filename="_bersicht.pdf"; filename*=UTF-8''%C3%9Cbersicht.pdf`,
      'x-content-type-options': 'nosniff',
    });
  });

  it('is elsewhere for an address', async () => {
    const { documentId } = await added({ sourceType: 'URL', sourceUrl: 'https://example.com/a b' });

    expect(await content(documentId)).toMatchObject({ status: 303, headers: { location: 'https://example.com/a%20b' } });
  });

  it('goes when the source becomes another', async () => {
    const { documentId } = await added({ sourceType: 'FILE' });
    expected(await store(documentId, { file: { file: 'x', name: 'a.txt' } }), 201);

    const answer = await on(admin, `PUT ${ONE}`, documentId, { body: GUIDE });

    expect(answer).toMatchObject({ status: 200, body: { fileName: '' } });
    expect(await content(documentId)).toMatchObject({ status: 200, body: undefined });
  });

  it.each([
    ['of the other kind', 'INLINE', { file: { file: 'x', name: 'a.txt' } }],
    ['of the other kind', 'FILE', { inlineContent: 'x' }],
    ['for an address', 'URL', { inlineContent: 'x' }],
    ['of both kinds', 'FILE', { file: { file: 'x', name: 'a.txt' }, inlineContent: 'x' }],
    ['that is missing', 'FILE', { file: undefined }],
  ])('%s is refused (%s)', async (_, sourceType, form) => {
    const { documentId } = await added({ sourceType, ...(sourceType === 'URL' ? { sourceUrl: 'http://example.com' } : {}) });
    const before = (await read(documentId)).body;

    expect(await store(documentId, form)).toFailWith({ status: 400, code: 400 });

    expect((await read(documentId)).body).toEqual(before);
  });

  it('above the limit is refused and leaves what was there', async () => {
    const { documentId } = await added({ sourceType: 'FILE' });
    expected(await store(documentId, { file: { file: 'small', name: 'a.txt', type: 'text/plain' } }), 201);

    const answer = await store(documentId, { file: { file: new Uint8Array(12 * 1_048_576), name: 'b.bin' } });

    expect(answer).toFailWith({ status: 413, code: 413 });
    expect((await content(documentId)).body).toBe('small');
    expect((await read(documentId)).body['fileName']).toBe('a.txt');
  });
});

describe('who may', () => {
  const ALL = (documentId: string): readonly (readonly [string, RequestOptions])[] => [
    ['GET /apis/{apiId}/documents', {}],
    ['POST /apis/{apiId}/documents', { body: { ...GUIDE, name: 'Second' } }],
    ['POST /apis/{apiId}/documents/validate', { query: { name: 'Guide' } }],
    [`GET ${ONE}`, { path: { apiId, documentId } }],
    [`PUT ${ONE}`, { path: { apiId, documentId }, body: GUIDE }],
    [`GET ${ONE}/content`, { path: { apiId, documentId } }],
    [`POST ${ONE}/content`, { path: { apiId, documentId }, form: { inlineContent: 'x' } }],
    [`DELETE ${ONE}`, { path: { apiId, documentId } }],
  ];
  const every = async (documentId: string, by: Actor, check: (answer: Awaited<ReturnType<typeof read>>, operation: string) => void) => {
    for (const [operation, options] of ALL(documentId)) check(await by.publisher(operation, { path: { apiId }, ...options }), operation);
  };

  it('nobody with a scope for something else', async () => {
    const { documentId } = await added();

    await every(documentId, admin.withScopes('apim:subscribe'), (answer) => expect(answer).toFailWith(Unauthenticated()));
    const creating = admin.withScopes('apim:document_create');
    expect((await add(creating, { ...GUIDE, name: 'Third' })).status).toBe(201);
    expect(await on(creating, `PUT ${ONE}`, documentId, { body: GUIDE })).toFailWith(Unauthenticated());
    expect(await on(admin.withScopes('apim:api_view'), `DELETE ${ONE}`, documentId)).toFailWith(Unauthenticated());
  });

  it('nobody of another tenant', async () => {
    const { documentId } = await added();
    const { admin: stranger } = await given.organization();

    await every(documentId, stranger, (answer) => expect(answer).toFailWith(ApiNotFound(apiId)));
    expect((await list()).count).toBe(1);
  });

  it('nobody whom the access roles of the API keep out', async () => {
    const api = await given.api({ by: admin, with: { accessControl: 'RESTRICTED', accessControlRoles: ['Internal/publisher'] } });
    apiId = api.id;
    const { documentId } = await added();

    await every(documentId, creator, (answer) => expect(answer).toFailWith(Forbidden('User is not authorized to access the API')));
    expect((await list()).count).toBe(1);
  });

  it('creators only until the API is published, publishers always', async () => {
    const publisher = await given.user({ roles: ['Internal/publisher'], by: admin });
    const { documentId } = expected(await add(creator), 201);
    expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId, action: 'Publish' } }), 200);

    await every(documentId, creator, (answer, operation) => {
      if (operation.startsWith('GET') || operation.includes('validate')) expect(answer.status).toBe(200);
      else expect(answer).toFailWith(LiveApiNeedsPublisher('PUBLISHED'));
    });
    await every(documentId, publisher, ({ status }) => expect(status).toBeLessThan(300));
  });
});

it('asks for a credential before it reads a body', async () => {
  const response = await admin.publisher('POST /apis/{apiId}/documents', {
    path: { apiId },
    raw: '{',
    headers: { 'content-type': 'application/json' },
    as: { basic: { username: server.admin.username, password: 'wrong' } },
  });

  expect(response).toFailWith(Unauthenticated());
});
