import { Unauthenticated } from '../../src/domain/problem.js';
import { member, product } from '../publisher/products.js';
import { Cli } from '../server/cli.js';
import { type Actor, expected } from '../support/actor.js';
import { type Body, Client, NOBODY } from '../support/client.js';
import { given } from '../support/given.js';

interface List {
  readonly count: number;
  readonly list: readonly { readonly type: string; readonly name: string; readonly id: string }[];
  readonly pagination: { readonly total: number; readonly next: string };
}

const DEFINITION = {
  openapi: '3.0.1',
  info: { title: 'Bakery', version: '1', description: 'Sells_bread and rolls.' },
  paths: { '/loaves/{loafId}': { get: { summary: 'Looks for a Sauerteig loaf', responses: { 200: { description: 'ok' } } } } },
};

let admin: Actor;
let bakeryId: string;
let documentId: string;
const publish = async (apiId: string) =>
  expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId, action: 'Publish' } }), 200);
beforeAll(async () => {
  ({ admin } = await given.organization());
  const { id } = await given.api({
    by: admin,
    definition: DEFINITION,
    with: {
      ...{ name: 'Bakery', context: '/bakery', version: '1.0', displayName: 'Corner bakery', description: 'Brezn for ÉLODIE' },
      tags: ['breakfast'],
      additionalProperties: [
        { name: 'Town', value: 'Zwiesel', display: true },
        { name: 'Margin', value: 'Neunzig', display: false },
      ],
      businessInformation: { businessOwner: 'Olga' },
    },
  });
  bakeryId = id;
  await publish(bakeryId);
  const { id: dairyId } = await given.api({
    by: admin,
    with: { name: 'Dairy', context: '/dairy', version: '2.0', description: 'Milk for the bakery' },
  });
  await publish(dairyId);
  const menu = await product(admin, [member({ id: bakeryId }, 'GET /loaves/{loafId}')], { name: 'Menu', context: '/menu', version: '1.0' });
  const query = { apiProductId: menu.id, action: 'Publish' };
  expected(await admin.publisher('POST /api-products/change-lifecycle', { query }), 200);
  await given.api({ by: admin, with: { name: 'Unborn', context: '/unborn', version: '1.0', description: 'bakery' } });
  const path = { apiId: bakeryId };
  const body = { name: 'Kneading', type: 'HOWTO', summary: 'By hand', sourceType: 'INLINE', visibility: 'API_LEVEL' };
  ({ documentId } = expected(await admin.publisher<{ documentId: string }>('POST /apis/{apiId}/documents', { path, body }), 201));
  const form = { inlineContent: 'Use a Teigschaber.' };
  expected(await admin.publisher('POST /apis/{apiId}/documents/{documentId}/content', { path: { ...path, documentId }, form }), 201);
});

const search = async (query: string | undefined, window: Body = {}): Promise<List> =>
  expected(await admin.devportal<List>('GET /search', { query: { ...window, ...(query !== undefined && { query }) } }), 200);

it.each([
  ['bakery', ['API Bakery', 'API Dairy', 'DEFINITION Bakery', 'DEFINITION Dairy']],
  ['baker*', ['API Bakery', 'API Dairy', 'DEFINITION Bakery', 'DEFINITION Dairy']],
  ['élodie', ['API Bakery']],
  ['zwiesel', ['API Bakery']],
  ['neunzig', []],
  ['bread', []],
  ['sells_bread', ['DEFINITION Bakery']],
  ['sauerteig', ['DEFINITION Bakery', 'DEFINITION Menu']],
  ['"sauerteig loaf"', ['DEFINITION Bakery', 'DEFINITION Menu']],
  ['"loaf sauerteig"', []],
  ['content:milk content:teigschaber', ['API Dairy', 'DEFINITION Dairy', 'DOC Kneading']],
  ['content:sauerteig tag:breakfast', ['DEFINITION Bakery']],
  ['content:sauerteig tag:dinner', []],
  ['doc:knead', ['DOC Kneading']],
  ['doc:teigschaber name:bakery', ['DOC Kneading']],
  ['doc:bakery', []],
  ['name:bakery name:dairy', ['API Bakery', 'API Dairy']],
  ['name:bakery version:2', []],
  ['display-name:corner', ['API Bakery']],
  ['description:élodie', ['API Bakery']],
  ['tags:BREAK', ['API Bakery']],
  ['tag:"break"', []],
  ['context:/bakery', ['API Bakery']],
  ['type:HTTP', ['API Bakery', 'API Dairy']],
  ['type:APIProduct', ['APIPRODUCT Menu']],
  ['town:zwie', ['API Bakery']],
  ['margin:neun', []],
  ['status:published', []],
  ['lcState:published', []],
  [undefined, ['API Bakery', 'API Dairy', 'APIPRODUCT Menu']],
  ["'; DROP TABLE apis; --", []],
  ['a\0b', []],
])('finds with %j', async (query, hits) => {
  const { list, count, pagination } = await search(query);

  expect(list.map(({ type, name }) => `${type} ${name}`).sort()).toEqual(hits);
  expect([count, pagination.total]).toEqual([hits.length, hits.length]);
});

it('shows an API, a definition and a document', async () => {
  const [context, provider] = [`/t/${admin.organization}/bakery`, admin.username];
  const api = { apiName: 'Bakery', apiDisplayName: 'Corner bakery', apiVersion: '1.0', apiProvider: provider, apiUUID: bakeryId };

  expect((await search('name:bakery')).list).toEqual([
    {
      ...{
        id: bakeryId,
        name: 'Bakery',
        type: 'API',
        transportType: 'HTTP',
        displayName: 'Corner bakery',
        description: 'Brezn for ÉLODIE',
      },
      ...{ context, version: '1.0', provider, status: 'PUBLISHED', thumbnailUri: null, avgRating: '0.0', monetizedInfo: false },
      businessInformation: { businessOwner: 'Olga', businessOwnerEmail: null, technicalOwner: null, technicalOwnerEmail: null },
      advertiseInfo: expect.objectContaining({ advertised: false, apiExternalProductionEndpoint: null }),
    },
  ]);
  expect((await search('content:sauerteig name:bakery')).list).toMatchObject([
    { ...api, id: bakeryId, name: 'Bakery', type: 'DEFINITION', apiContext: context, apiType: 'HTTP', associatedType: 'API' },
  ]);
  expect((await search('doc:kneading')).list).toMatchObject([
    {
      ...api,
      id: documentId,
      name: 'Kneading',
      type: 'DOC',
      docType: 'HOWTO',
      summary: 'By hand',
      sourceType: 'INLINE',
      associatedType: 'API',
    },
  ]);
});

it('gives a page', async () => {
  const page = await search('type:HTTP', { limit: 1, offset: 1 });

  expect(page).toMatchObject({ count: 1, list: [{ name: 'Dairy' }], pagination: { total: 2, next: '' } });
  expect((await search('type:HTTP', { limit: 1 })).pagination.next).toBe('/search?limit=1&offset=1&query=type%3AHTTP');
  expect(await search('bakery', { offset: 9 })).toMatchObject({ count: 0, list: [], pagination: { total: 4 } });
  expect(await search('bakery', { limit: 0 })).toMatchObject({ count: 0, list: [], pagination: { total: 4 } });
});

it('refuses numbers that are none and a token that is none', async () => {
  expect(await admin.devportal('GET /search', { query: { limit: -1 } })).toFailWith({ status: 400 });
  expect(await admin.devportal('GET /search', { as: { bearer: 'nonsense' } })).toFailWith(Unauthenticated());
});

describe('where a portal is configured otherwise', () => {
  let cli: Cli;
  let publisher: Client;
  let devportal: Client;
  const { name } = given.apiProperties();
  const asAdmin = { basic: { username: 'admin', password: 'admin' } };
  beforeAll(async () => {
    cli = await Cli.start({
      APIM_APIM__DEVPORTAL__DISPLAY_MULTIPLE_VERSIONS: 'false',
      APIM_APIM__DEVPORTAL__DISPLAY_DEPRECATED_APIS: 'true',
      APIM_APIM__DEVPORTAL__ENABLE_ANONYMOUS_MODE: 'false',
    });
    publisher = new Client('/api/am/publisher/v4', () => asAdmin, cli.management);
    devportal = new Client('/api/am/devportal/v3', () => asAdmin, cli.management);
    for (const [version, ...actions] of [
      ['1.9', 'Publish'],
      ['1.10', 'Publish', 'Deprecate'],
      ['1.2', 'Publish'],
    ] as const) {
      const body = { ...given.apiProperties(), name, context: `/${name.toLowerCase()}`, version, tags: [version] };
      const { id } = expected(await publisher.request<{ id: string }>('POST /apis', { body }), 201);
      for (const action of actions) expected(await publisher.request('POST /apis/change-lifecycle', { query: { apiId: id, action } }), 200);
    }
  });
  afterAll(() => cli.stop());

  const versions = async (operation: string, query: Body = {}) =>
    expected(
      await devportal.request<{ list: readonly { version: string }[] }>(operation, { query: { ...query } as Record<string, string> }),
      200,
    ).list.map(({ version }) => version);

  it('lists the newest version alone, and all that are searched for, deprecated ones too', async () => {
    expect(await versions('GET /apis')).toEqual(['1.10']);
    expect(await versions('GET /apis', { query: 'type:HTTP' })).toEqual(['1.2', '1.9', '1.10']);
    expect(await versions('GET /search', { query: 'type:HTTP' })).toEqual(['1.2', '1.9', '1.10']);
  });

  it.each([
    ...['GET /apis', 'GET /search', 'GET /tags', 'GET /api-categories'],
    ...['GET /throttling-policies/subscription', 'GET /throttling-policies/subscription/Gold'],
  ])('admits no guest to %s', async (operation) => {
    expect(await devportal.request(operation, { as: NOBODY })).toFailWith(Unauthenticated());
  });

  it('admits guests once the tenant does', async () => {
    const admin = new Client('/api/am/admin/v4', () => asAdmin, cli.management);
    const config = expected(await admin.request<Body>('GET /tenant-config'), 200);

    expected(await admin.request('PUT /tenant-config', { body: { ...config, EnableAnonymous: true } }), 200);

    expect(await devportal.request('GET /apis', { as: NOBODY })).toMatchObject({ status: 200, body: { count: 1 } });
  });
});
