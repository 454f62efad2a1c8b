import { join } from 'node:path';
import { Pool } from 'pg';
import { Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import { type Body, type FormField, NOBODY } from '../support/client.js';
import { given } from '../support/given.js';
import { server } from '../support/server.js';

const database = new Pool({ host: join(server.dataDir, 'postgres'), user: 'gatehouse', database: 'postgres', max: 1 });
afterAll(() => database.end());

interface Hit {
  readonly type: string;
  readonly name: string;
  readonly id: string;
}
interface List {
  readonly count: number;
  readonly list: readonly Hit[];
  readonly pagination: Readonly<Record<string, unknown>>;
}

const DEFINITION = {
  openapi: '3.0.1',
  info: { title: 'Bakery', version: '1', description: 'Sells_bread and\nrolls, fresh from the oven.' },
  paths: { '/loaves/{loafId}': { get: { summary: 'Looks for a Sauerteig loaf', responses: { 200: { description: 'ok' } } } } },
};

let admin: Actor;
let ann: Actor;
let bakeryId: string;
let hiddenId: string;
beforeAll(async () => {
  ({ admin } = await given.organization());
  ann = await given.user({ roles: ['Internal/creator'], by: admin });
  ({ id: bakeryId } = await given.api({
    by: admin,
    definition: DEFINITION,
    with: {
      name: 'Bakery',
      context: '/bakery',
      version: '1.0',
      displayName: 'Corner bakery',
      description: 'Brezn for ÉLODIE',
      tags: ['breakfast'],
      additionalProperties: [{ name: 'Town', value: 'Zwiesel', display: true }],
      businessInformation: { businessOwner: 'Olga', businessOwnerEmail: 'olga@example.com' },
    },
  }));
  await given.api({ by: admin, with: { name: 'Dairy', context: '/dairy', version: '2.0', description: 'Milk for the bakery' } });
  ({ id: hiddenId } = await given.api({
    by: admin,
    with: {
      name: 'Secret',
      context: '/secret',
      version: '1.0',
      description: 'Oktopus',
      accessControl: 'RESTRICTED',
      accessControlRoles: ['admin'],
    },
  }));
});

const search = async (query: string | undefined, by = admin, window: Body = {}): Promise<List> =>
  expected(await by.publisher<List>('GET /search', { query: { ...window, ...(query !== undefined && { query }) } }), 200);
const found = async (query: string | undefined, by = admin) => (await search(query, by)).list.map(({ type, name }) => `${type} ${name}`);

const document = async (apiId: string, name: string, sourceType: string, content: FormField, more: Body = {}): Promise<string> => {
  const body = { name, type: 'HOWTO', sourceType, visibility: 'API_LEVEL', ...more };
  const { documentId } = expected(
    await admin.publisher<{ documentId: string }>('POST /apis/{apiId}/documents', { path: { apiId }, body }),
    201,
  );
  const form = { [sourceType === 'FILE' ? 'file' : 'inlineContent']: content };
  expected(await admin.publisher('POST /apis/{apiId}/documents/{documentId}/content', { path: { apiId, documentId }, form }), 201);
  return documentId;
};

// The definition of an API that was made without one repeats its description.
const BAKERY = ['API Bakery', 'DEFINITION Bakery'];
const DAIRY = ['API Dairy', 'DEFINITION Dairy'];

it.each([
  ['bakery', [...BAKERY, ...DAIRY]],
  ['BAKERY', [...BAKERY, ...DAIRY]],
  ['content:bakery', [...BAKERY, ...DAIRY]],
  ['baker', []],
  ['baker*', [...BAKERY, ...DAIRY]],
  ['*aker*', [...BAKERY, ...DAIRY]],
  ['*rez*', ['API Bakery']],
  ['*milk* *ry', DAIRY],
  ['b*y m*', DAIRY],
  ['élodie', ['API Bakery']],
  ['zwiesel', ['API Bakery']],
  ['olga', ['API Bakery']],
  ['breakfast', ['API Bakery']],
  ['sauerteig', ['DEFINITION Bakery']],
  ['loaf sauerteig', ['DEFINITION Bakery']],
  ['"sauerteig loaf"', ['DEFINITION Bakery']],
  ['"loaf sauerteig"', []],
  ['/loaves/{loafId}', ['DEFINITION Bakery']],
  ['bread', []],
  ['sells_bread', ['DEFINITION Bakery']],
  ['rolls', ['DEFINITION Bakery']],
  ['content:milk content:sauerteig', ['DEFINITION Bakery', ...DAIRY]],
  ['name:bakery', ['API Bakery']],
  ['name:a', ['API Bakery', 'API Dairy']],
  ['content:bakery name:dairy', DAIRY],
  ['content:sauerteig tag:breakfast', ['DEFINITION Bakery']],
  ['content:sauerteig tag:dinner', []],
  ['display-name:corner', ['API Bakery']],
  ['description:élodie', ['API Bakery']],
  ['tags:break', ['API Bakery']],
  ['version:2', ['API Dairy']],
  ['contextTemplate:/{version}', ['API Bakery', 'API Dairy', 'API Secret']],
  ['town:zwie', ['API Bakery']],
  ['town:y', []],
  ['type:APIProduct', []],
  ['type:HTTP', ['API Bakery', 'API Dairy', 'API Secret']],
  [undefined, ['API Bakery', 'API Dairy', 'API Secret']],
  ['***', ['API Bakery', 'DEFINITION Bakery', 'API Dairy', 'DEFINITION Dairy', 'API Secret', 'DEFINITION Secret']],
  ['!?', []],
  ["'; DROP TABLE apis; --", []],
  ['content:%', []],
  ['a\0b', []],
  ['\ud83d', []],
])('finds with %j', async (query, hits) => {
  expect([...(await found(query))].sort()).toEqual([...hits].sort());
});

it('shows an API', async () => {
  const { list } = await search('name:bakery');

  expect(list).toEqual([
    {
      id: bakeryId,
      name: 'Bakery',
      type: 'API',
      transportType: 'HTTP',
      displayName: 'Corner bakery',
      description: 'Brezn for ÉLODIE',
      context: `/t/${admin.organization}/bakery`,
      contextTemplate: `/t/${admin.organization}/bakery/{version}`,
      version: '1.0',
      provider: admin.username,
      status: 'CREATED',
      thumbnailUri: null,
      hasThumbnail: false,
      advertiseOnly: false,
      gatewayVendor: 'wso2',
      gatewayType: 'wso2/synapse',
      monetizedInfo: false,
      businessOwner: 'Olga',
      businessOwnerEmail: 'olga@example.com',
      TechnicalOwner: null,
      TechnicalOwnerEmail: null,
      egress: false,
      createdTime: expect.stringMatching(/^\d{13}$/),
      updatedTime: expect.stringMatching(/^\d{13}$/),
    },
  ]);
});

it('shows a definition with its API', async () => {
  const { list } = await search('sauerteig');

  expect(list).toEqual([
    {
      id: bakeryId,
      name: 'Bakery',
      type: 'DEFINITION',
      transportType: 'HTTP',
      apiName: 'Bakery',
      apiDisplayName: 'Corner bakery',
      apiVersion: '1.0',
      apiContext: `/t/${admin.organization}/bakery`,
      apiUUID: bakeryId,
      apiProvider: admin.username,
      apiType: 'HTTP',
      associatedType: 'API',
      createdTime: expect.stringMatching(/^\d{13}$/),
      updatedTime: expect.stringMatching(/^\d{13}$/),
    },
  ]);
});

describe('documents', () => {
  it('are found by the words of their text, and shown with their API', async () => {
    const id = await document(bakeryId, 'Kneading', 'MARKDOWN', '# Kneading\nUse a *Teigschaber*.', { summary: 'By hand' });

    const { list, count } = await search('teigschaber');

    expect(count).toBe(1);
    expect(list).toEqual([
      {
        id,
        name: 'Kneading',
        type: 'DOC',
        transportType: null,
        docType: 'HOWTO',
        summary: 'By hand',
        sourceType: 'MARKDOWN',
        sourceUrl: '',
        otherTypeName: null,
        visibility: 'API_LEVEL',
        apiName: 'Bakery',
        apiDisplayName: 'Corner bakery',
        apiVersion: '1.0',
        apiProvider: admin.username,
        apiUUID: bakeryId,
        associatedType: 'API',
        createdTime: expect.stringMatching(/^\d{13}$/),
        updatedTime: expect.stringMatching(/^\d{13}$/),
      },
    ]);
  });

  it.each([
    ['plain.txt', 'text/plain', 'Weizenmehl', ['weizenmehl']],
    ['data.json', 'application/json', '{"grain":"Dinkelmehl"}', ['dinkelmehl', 'grain']],
    ['data.yaml', 'application/octet-stream', 'grain: Roggenmehl\n', ['roggenmehl']],
    ['data.csv', 'text/csv', 'a;Hafermehl;b\n', ['hafermehl']],
    ['data.xml', 'application/xml', '<flour kind="Maismehl">fine</flour>', ['maismehl', 'fine']],
    ['page.html', 'text/html', '<p class="Tagmehl">Reis<b>mehl</b> &amp; Buchweizen</p>', ['buchweizen']],
  ])('are found by the words of the file %s', async (name, type, file, words) => {
    const document_ = `${name.replace('.', ' ')} file`;
    await document(bakeryId, document_, 'FILE', { file, name, type });

    for (const word of words) expect(await found(word)).toEqual([`DOC ${document_}`]);
    expect(await found('tagmehl')).toEqual([]);
  });

  it.each([
    ['a PDF', '%PDF-1.7 Blaetterteig'],
    ['bytes that are no UTF-8', new Uint8Array([0x42, 0x6c, 0x61, 0xff, 0x74, 0xc3])],
    ['bytes with NUL', 'Blaetterteig\0Blaetterteig'],
  ])('that are %s are found by name only', async (title, file) => {
    await document(bakeryId, `Pastry as ${title}`, 'FILE', { file, name: 'pastry.bin' });

    expect(await found('blaetterteig')).toEqual([]);
    expect(await found(`doc:pastry as ${title}`)).toEqual([`DOC Pastry as ${title}`]);
  });

  it('are found by a part of the name or by a word of the text with doc:, and nothing else is', async () => {
    await document(bakeryId, 'Storage', 'INLINE', 'Keep the Vorteig cool');

    expect(await found('doc:orag')).toEqual(['DOC Storage']);
    expect(await found('doc:vorteig')).toEqual(['DOC Storage']);
    expect(await found('doc:bakery')).toEqual([]);
  });

  it('lead to their API in the list of APIs', async () => {
    await document(bakeryId, 'Cooling', 'INLINE', 'On the Kuchengitter');

    const { list } = expected(await admin.publisher<List>('GET /apis', { query: { query: 'doc:kuchengitter' } }), 200);

    expect(list.map(({ name }) => name)).toEqual(['Bakery']);
  });

  it('lead to their API in the portal those who may read them', async () => {
    const api = await given.api({
      by: admin,
      with: { name: 'Counter', additionalProperties: [{ name: 'Shelf', value: 'Regal', display: false }] },
    });
    expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId: api.id, action: 'Publish' } }), 200);
    const documentId = await document(api.id, 'Opening hours', 'INLINE', 'Ladenschluss');
    const guest = { as: NOBODY, headers: { 'x-wso2-tenant': admin.organization } };
    const inPortal = async (query: string, options = {}) =>
      expected(await ann.devportal<List>('GET /apis', { query: { query }, ...options }), 200).list.map(({ name }) => name);
    expect(await inPortal('doc:ladenschluss', guest)).toEqual(['Counter']);

    await database.query("UPDATE api_documents SET visibility = 'PRIVATE' WHERE id = $1", [documentId]);

    expect(await inPortal('doc:ladenschluss', guest)).toEqual([]);
    expect(await inPortal('doc:ladenschluss')).toEqual(['Counter']);
    expect(await inPortal('shelf:regal')).toEqual([]);
    expect(await inPortal('name:counter')).toEqual(['Counter']);
  });

  it('are found by what they hold now, and not once they are gone', async () => {
    const documentId = await document(bakeryId, 'Draft', 'INLINE', 'Quarkstollen');
    const path = { apiId: bakeryId, documentId };
    const form = { inlineContent: 'Mohnstollen' };

    expected(await admin.publisher('POST /apis/{apiId}/documents/{documentId}/content', { path, form }), 201);

    expect(await found('quarkstollen')).toEqual([]);
    expect(await found('mohnstollen')).toEqual(['DOC Draft']);
    expected(await admin.publisher('DELETE /apis/{apiId}/documents/{documentId}', { path }), 200);
    expect(await found('mohnstollen')).toEqual([]);
  });
});

it('finds what an API says now, and nothing of it once it is deleted', async () => {
  const { id: apiId } = await given.api({ by: admin, with: { name: 'Passing', description: 'Kaiserschmarrn' } });
  await document(apiId, 'Passing by', 'INLINE', 'Marillenknoedel');
  expect(await found('kaiserschmarrn')).toEqual(['API Passing', 'DEFINITION Passing']);
  const api = expected(await admin.publisher<Body>('GET /apis/{apiId}', { path: { apiId } }), 200);

  expected(await admin.publisher('PUT /apis/{apiId}', { path: { apiId }, body: { ...api, description: 'Powidltascherl' } }), 200);

  expect(await found('kaiserschmarrn')).not.toContain('API Passing');
  expect(await found('content:powidltascherl')).toContain('API Passing');
  expected(await admin.publisher('DELETE /apis/{apiId}', { path: { apiId } }), 200);
  expect(await found('content:powidltascherl content:marillenknoedel')).toEqual([]);
});

it('gives one page at a time of the mixed result', async () => {
  const all = (await search('bakery')).list;

  const page = await search('bakery', admin, { limit: 1, offset: 1 });

  expect(page.list).toEqual([all[1]]);
  expect(page).toMatchObject({
    count: 1,
    pagination: { offset: 1, limit: 1, total: all.length, previous: '/search?limit=1&offset=0&query=bakery' },
  });
  expect(await search('bakery', admin, { offset: 50 })).toMatchObject({ count: 0, list: [], pagination: { total: all.length } });
});

it('hides what the access roles of an API keep from the caller, its definition and documents too', async () => {
  await document(hiddenId, 'Recipe', 'INLINE', 'Tintenfisch');
  expect(await found('content:secret content:oktopus content:tintenfisch')).toEqual(['DOC Recipe', 'API Secret', 'DEFINITION Secret']);

  expect(await search('content:secret content:oktopus content:tintenfisch', ann)).toMatchObject({ count: 0, pagination: { total: 0 } });
  expect(await found('name:secret', ann)).toEqual([]);
  expect(await found('doc:recipe', ann)).toEqual([]);
  expect(await found('doc:kneading content:bakery name:bakery', ann)).toEqual([]);
});

it('finds nothing of another tenant', async () => {
  const { admin: stranger } = await given.organization();

  for (const query of [undefined, 'bakery', '*aker*', 'doc:a', 'name:bakery'])
    expect(await search(query, stranger)).toMatchObject({ count: 0, pagination: { total: 0 } });
});

it('refuses a bad window', async () => {
  expect(await admin.publisher('GET /search', { query: { limit: -1 } })).toFailWith({ status: 400, code: 400 });
  expect(await admin.publisher('GET /search', { query: { offset: 'x' } })).toFailWith({ status: 400, code: 400 });
});

it('needs a scope to view', async () => {
  const answer = await admin.withScopes('apim:api_create').publisher('GET /search', { query: { query: 'bakery' } });

  expect(answer).toFailWith(Unauthenticated());
});

it('takes a definition of many words', async () => {
  const words = Array.from({ length: 20_000 }, (_, index) => `wort${index.toString(36)}`).join(' ');
  const definition = { ...DEFINITION, info: { ...DEFINITION.info, description: words } };

  await given.api({ by: admin, definition, with: { name: 'Wordy' } });

  expect(await found('wortabc')).toEqual(['DEFINITION Wordy']);
  expect(await found('*rtabc*')).toEqual(['DEFINITION Wordy']);
  // All of them, each of which is looked up.
  expect(await found('*ort* wort*')).toEqual(['DEFINITION Wordy']);
});
