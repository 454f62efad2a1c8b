import { ProductNotFound } from '../../src/apis/apis.problems.js';
import { DocumentExists, DocumentNotFound } from '../../src/apis/documents/documents.problems.js';
import { ThumbnailExtension } from '../../src/apis/thumbnails/thumbnails.problems.js';
import { PreconditionFailed, Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body, RequestOptions } from '../support/client.js';
import { type GivenApi, given } from '../support/given.js';
import { png } from '../support/pictures.js';
import { on, product, read } from './products.js';

let admin: Actor;
let stranger: Actor;
let api: GivenApi;
let id: string;
beforeAll(async () => {
  ({ admin } = await given.organization());
  ({ admin: stranger } = await given.organization());
  api = await given.api({ by: admin });
});
beforeEach(async () => {
  ({ id } = await product(admin, []));
});

const DOCUMENTS = '/api-products/{apiProductId}/documents';
const ONE = `${DOCUMENTS}/{documentId}`;
const THUMBNAIL = '/api-products/{apiProductId}/thumbnail';
const GUIDE = { name: 'Guide', type: 'HOWTO', summary: 'How it goes', sourceType: 'INLINE', visibility: 'API_LEVEL' };

const added = async (body: Body = {}): Promise<string> =>
  expected(await on<{ documentId: string }>(admin, `POST ${DOCUMENTS}`, id, { body: { ...GUIDE, ...body } }), 201).documentId;
const one = <T = Body>(by: Actor, operation: string, documentId: string, options: RequestOptions = {}) =>
  on<T>(by, operation, id, { path: { documentId }, ...options });

describe('documents of a product', () => {
  it('are added, listed, read, changed and deleted', async () => {
    const answer = await on<{ documentId: string }>(admin, `POST ${DOCUMENTS}`, id, { body: GUIDE });
    const { documentId } = expected(answer, 201);

    const listed = await on(admin, `GET ${DOCUMENTS}`, id, { query: { limit: 1 } });
    const shown = await one(admin, `GET ${ONE}`, documentId);
    const changed = await one(admin, `PUT ${ONE}`, documentId, { body: { ...GUIDE, summary: 'Other' } });
    const deleted = await one(admin, `DELETE ${ONE}`, documentId);

    expect(answer.headers['location']).toBe(`/api-products/${id}/documents/${documentId}`);
    expect(listed).toMatchObject({ status: 200, body: { count: 1, list: [{ documentId, name: 'Guide' }], pagination: { total: 1 } } });
    expect(shown).toMatchObject({ status: 200, body: answer.body });
    expect(changed).toMatchObject({ status: 200, body: { summary: 'Other' } });
    expect(deleted.status).toBe(200);
    expect(await one(admin, `GET ${ONE}`, documentId)).toFailWith(DocumentNotFound(documentId));
  });

  it('have content: a text, a file, an address', async () => {
    const text = await added();
    const file = await added({ name: 'File', sourceType: 'FILE' });
    const link = await added({ name: 'Link', sourceType: 'URL', sourceUrl: 'https://example.com/' });

    const stored = await one(admin, `POST ${ONE}/content`, text, { form: { inlineContent: 'Hello' } });
    expected(await one(admin, `POST ${ONE}/content`, file, { form: { file: { file: 'abc', name: 'a.txt', type: 'text/plain' } } }), 201);

    expect(stored.status).toBe(201);
    expect(stored.headers['location']).toBe(`/api-products/${id}/documents/${text}/content`);
    expect(await one<unknown>(admin, `GET ${ONE}/content`, text)).toMatchObject({ status: 200, body: 'Hello' });
    expect(await one<unknown>(admin, `GET ${ONE}/content`, file)).toMatchObject({ status: 200, body: 'abc' });
    expect(await one(admin, `GET ${ONE}/content`, link)).toMatchObject({ status: 303, headers: { location: 'https://example.com/' } });
  });

  it('honour If-Match', async () => {
    const documentId = await added();
    const headers = { 'if-match': '"other"' };

    expect(await one(admin, `PUT ${ONE}`, documentId, { body: GUIDE, headers })).toFailWith(PreconditionFailed());
    expect(await one(admin, `POST ${ONE}/content`, documentId, { form: { inlineContent: 'x' }, headers })).toFailWith(PreconditionFailed());
    expect(await one(admin, `DELETE ${ONE}`, documentId, { headers })).toFailWith(PreconditionFailed());
    expect((await one(admin, `GET ${ONE}`, documentId)).status).toBe(200);
  });

  it('are refused with a name that is taken, bad input, an unknown product, a wrong scope', async () => {
    const documentId = await added();
    const body = { ...GUIDE, name: 'Second' };
    const content = { form: { inlineContent: 'x' } };

    expect(await on(admin, `POST ${DOCUMENTS}`, id, { body: GUIDE })).toFailWith(DocumentExists());
    expect((await on(admin, `POST ${DOCUMENTS}`, id, { body: { ...body, type: 'POEM' } })).status).toBe(400);
    expect((await one(admin, `PUT ${ONE}`, documentId, { body: { ...body, sourceType: 'AIR' } })).status).toBe(400);
    expect((await one(admin, `POST ${ONE}/content`, documentId, { form: {} })).status).toBe(400);
    expect(await on(admin, `POST ${DOCUMENTS}`, api.id, { body })).toFailWith(ProductNotFound(api.id));
    for (const [by, refusal] of [
      [stranger, ProductNotFound(id)],
      [admin.withScopes('apim:subscribe'), Unauthenticated()],
    ] as const) {
      expect(await on(by, `GET ${DOCUMENTS}`, id)).toFailWith(refusal);
      expect(await on(by, `POST ${DOCUMENTS}`, id, { body })).toFailWith(refusal);
      expect(await one(by, `GET ${ONE}`, documentId)).toFailWith(refusal);
      expect(await one(by, `PUT ${ONE}`, documentId, { body })).toFailWith(refusal);
      expect(await one(by, `DELETE ${ONE}`, documentId)).toFailWith(refusal);
      expect(await one(by, `GET ${ONE}/content`, documentId)).toFailWith(refusal);
      expect(await one(by, `POST ${ONE}/content`, documentId, content)).toFailWith(refusal);
    }
  });
});

describe('the thumbnail of a product', () => {
  const put = (by: Actor, form: RequestOptions['form'], options: RequestOptions = {}) =>
    on(by, `PUT ${THUMBNAIL}`, id, { form, ...options });
  const picture = { file: { file: png(), name: 'a.png', type: 'image/png' } };

  it('is stored and streamed, and 204 while there is none', async () => {
    const before = await on(admin, `GET ${THUMBNAIL}`, id);
    const answer = await put(admin, picture);
    const after = await on<Buffer>(admin, `GET ${THUMBNAIL}`, id);

    expect(before.status).toBe(204);
    expect(answer).toMatchObject({ status: 201, body: { relativePath: `/api-products/${id}/thumbnail`, mediaType: 'image/png' } });
    expect(after.status).toBe(200);
    expect(Buffer.compare(after.body, png())).toBe(0);
    expect((await read(admin, id))['hasThumbnail']).toBe(true);
  });

  it('survives an update', async () => {
    expected(await put(admin, picture), 201);

    expected(await on(admin, 'PUT /api-products/{apiProductId}', id, { body: await read(admin, id) }), 200);

    expect((await read(admin, id))['hasThumbnail']).toBe(true);
  });

  it('is refused where it is none, for an unknown product and with a wrong scope', async () => {
    expect((await put(admin, {})).status).toBe(400);
    expect(await put(admin, { file: { file: 'x', name: 'a.txt' } })).toFailWith(ThumbnailExtension());
    expect(await put(admin, picture, { headers: { 'if-match': '"other"' } })).toFailWith(PreconditionFailed());
    for (const [by, refusal] of [
      [stranger, ProductNotFound(id)],
      [admin.withScopes('apim:subscribe'), Unauthenticated()],
    ] as const) {
      expect(await put(by, picture)).toFailWith(refusal);
      expect(await on(by, `GET ${THUMBNAIL}`, id)).toFailWith(refusal);
    }
  });
});
