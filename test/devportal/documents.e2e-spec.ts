import { randomUUID } from 'node:crypto';
import { ApiNotFound } from '../../src/apis/apis.problems.js';
import { DocumentContentNotFound, DocumentNotFound } from '../../src/apis/documents/documents.problems.js';
import { Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import { type Body, NOBODY, type RequestOptions } from '../support/client.js';
import { given } from '../support/given.js';

interface List {
  readonly count: number;
  readonly list: readonly Body[];
  readonly pagination: { readonly total: number };
}

const ONE = '/apis/{apiId}/documents/{documentId}';
const OPERATIONS = ['GET /apis/{apiId}/documents', `GET ${ONE}`, `GET ${ONE}/content`] as const;
const TEXT = { name: 'Guide', type: 'HOWTO', summary: 'How it goes', sourceType: 'MARKDOWN', visibility: 'API_LEVEL' };

let admin: Actor;
let domain: string;
let member: Actor;
beforeAll(async () => {
  ({ admin, domain } = await given.organization());
  member = await given.user({ roles: ['Internal/subscriber'], by: admin });
});

/** A document with a text, of an API in the state that the action leads to. */
const documented = async (properties: Body = {}, action: string | undefined = 'Publish') => {
  const { id: apiId } = await given.api({ by: admin, with: properties });
  if (action) expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId, action } }), 200);
  const documentId = await document(apiId, TEXT);
  const path = { apiId, documentId };
  expected(await admin.publisher(`POST ${ONE}/content`, { path, form: { inlineContent: '# Hello' } }), 201);
  return path;
};

const document = async (apiId: string, body: Body): Promise<string> =>
  expected(await admin.publisher<{ documentId: string }>('POST /apis/{apiId}/documents', { path: { apiId }, body }), 201).documentId;

const guest = (): RequestOptions => ({ as: NOBODY, headers: { 'x-wso2-tenant': domain } });

it('shows the documents of an API to members and guests', async () => {
  const path = await documented();
  await document(path.apiId, { ...TEXT, name: 'Another', type: 'OTHER', otherTypeName: 'Memo', summary: null });

  for (const options of [{ path }, { path, ...guest() }]) {
    const all = expected(await member.devportal<List>('GET /apis/{apiId}/documents', options), 200);
    expect(all).toMatchObject({ count: 2, pagination: { total: 2 } });
    expect(all.list.map(({ name, otherTypeName }) => [name, otherTypeName])).toEqual([
      ['Another', 'Memo'],
      ['Guide', ''],
    ]);
    const one = await member.devportal(`GET ${ONE}`, options);
    const { name, type, summary, sourceType } = TEXT;
    expect(one.body).toEqual({ documentId: path.documentId, name, type, summary, sourceType, sourceUrl: '', otherTypeName: '' });
    const content = await member.devportal<string>(`GET ${ONE}/content`, options);
    expect(content).toMatchObject({ status: 200, body: '# Hello' });
    const again = {
      ...options,
      headers: { ...('headers' in options ? options.headers : {}), 'if-none-match': String(content.headers['etag']) },
    };
    expect((await member.devportal(`GET ${ONE}/content`, again)).status).toBe(304);
  }
});

it('gives a page of the list', async () => {
  const { apiId } = await documented();
  await document(apiId, { ...TEXT, name: 'Zebra' });

  const answer = await member.devportal<List>('GET /apis/{apiId}/documents', { path: { apiId }, query: { limit: 1, offset: 1 } });

  expect(expected(answer, 200)).toMatchObject({ count: 1, list: [{ name: 'Zebra' }], pagination: { total: 2 } });
  expect(await member.devportal('GET /apis/{apiId}/documents', { path: { apiId }, query: { limit: 'x' } })).toFailWith({ status: 400 });
});

it('leads to an address and gives files for download', async () => {
  const { apiId } = await documented();
  const link = await document(apiId, { ...TEXT, name: 'Link', sourceType: 'URL', sourceUrl: 'https://example.com/docs' });
  const file = await document(apiId, { ...TEXT, name: 'File', sourceType: 'FILE' });
  const content = (documentId: string) => member.devportal<unknown>(`GET ${ONE}/content`, { path: { apiId, documentId } });

  expect(await content(link)).toMatchObject({ status: 303, headers: { location: 'https://example.com/docs' } });
  expect(await content(file)).toFailWith(DocumentContentNotFound(file));
  const form = { file: { file: '<script>', name: 'page.html', type: 'text/html' } };
  expected(await admin.publisher(`POST ${ONE}/content`, { path: { apiId, documentId: file }, form }), 201);

  const got = await content(file);
  expect(got).toMatchObject({ status: 200, body: '<script>', headers: { 'content-type': 'text/html' } });
  expect(got.headers['content-disposition']).toMatch(/^attachment; filename="page\.html"/);
});

it('hides the documents of an API that the viewer may not see', async () => {
  const path = await documented({ visibility: 'RESTRICTED', visibleRoles: ['admin'] });

  for (const operation of OPERATIONS) {
    expect(await member.devportal(operation, { path })).toFailWith(ApiNotFound(path.apiId));
    expect(await member.devportal(operation, { path, ...guest() })).toFailWith(ApiNotFound(path.apiId));
    expect((await admin.devportal<unknown>(operation, { path })).status).toBe(200);
  }
});

it('refuses the documents of an API that is not published', async () => {
  const path = await documented({}, '');

  for (const operation of OPERATIONS) expect(await member.devportal(operation, { path })).toFailWith({ status: 403, code: 403 });
});

it('hides the documents of another tenant', async () => {
  const path = await documented();
  const { admin: stranger } = await given.organization();

  for (const operation of OPERATIONS) {
    expect(await stranger.devportal(operation, { path })).toFailWith(ApiNotFound(path.apiId));
    expect(await stranger.devportal(operation, { path, as: NOBODY })).toFailWith(ApiNotFound(path.apiId));
  }
});

it('refuses unknown documents and credentials', async () => {
  const { apiId } = await documented();
  const other = await documented();
  const unknown = randomUUID();

  for (const operation of OPERATIONS.slice(1)) {
    expect(await member.devportal(operation, { path: { apiId, documentId: unknown } })).toFailWith(DocumentNotFound(unknown));
    expect(await member.devportal(operation, { path: { ...other, apiId } })).toFailWith(DocumentNotFound(other.documentId));
    const injected = { apiId, documentId: `${unknown};alert(1)` };
    expect(await member.devportal(operation, { path: injected })).toFailWith(Unauthenticated());
  }
  const as = { bearer: 'nonsense' };
  for (const operation of OPERATIONS) expect(await member.devportal(operation, { path: other, as })).toFailWith(Unauthenticated());
});
