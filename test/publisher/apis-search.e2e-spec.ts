import { Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import { given } from '../support/given.js';

interface List {
  readonly count: number;
  readonly list: readonly { readonly name: string; readonly version: string }[];
  readonly pagination: Readonly<Record<string, unknown>>;
}

let admin: Actor;
let ann: Actor;
beforeAll(async () => {
  ({ admin } = await given.organization());
  ann = await given.user({ roles: ['Internal/creator'], by: admin });
  await given.api({
    by: admin,
    with: { name: 'Alpha', context: '/food/alpha', version: '1.0', tags: ['Food', 'hot meals'], description: 'The 100% first' },
  });
  await given.api({ by: admin, with: { name: 'Alpha', context: '/food/alpha', version: '2.0', displayName: 'Alphabet' } });
  await given.api({
    by: ann,
    with: { name: 'Beta Gamma', context: '/beta', version: '1.0', tags: ['drink'], lifeCycleStatus: 'PROTOTYPED' },
  });
  await given.api({
    by: admin,
    with: {
      name: 'delta',
      context: '/{version}/delta',
      version: '1.0',
      additionalProperties: [{ name: 'Colour', value: 'Dark Red', display: false }],
    },
  });
});

const list = async (query: Readonly<Record<string, string | number>> = {}, by = admin): Promise<List> =>
  expected(await by.publisher<List>('GET /apis', { query }), 200);
const found = async (query: string, by = admin) => (await list({ query }, by)).list.map(({ name, version }) => `${name} ${version}`);

const ALL = ['Alpha 1.0', 'Alpha 2.0', 'Beta Gamma 1.0', 'delta 1.0'];

it('lists by name', async () => {
  expect((await list()).list.map(({ name, version }) => `${name} ${version}`)).toEqual(ALL);
});

it('shows the short form of an API', async () => {
  const { list: apis } = await list({ query: 'name:delta' });

  expect(apis).toEqual([
    expect.objectContaining({
      displayName: 'delta',
      context: `/t/${admin.organization}/{version}/delta`,
      provider: admin.username,
      type: 'HTTP',
      subtype: 'DEFAULT',
      lifeCycleStatus: 'CREATED',
      hasThumbnail: false,
      securityScheme: ['oauth_basic_auth_api_key_mandatory', 'oauth2'],
      updatedBy: admin.username,
      gatewayVendor: 'wso2',
      gatewayType: 'wso2/synapse',
      advertiseOnly: false,
      monetizedInfo: false,
    }),
  ]);
});

it.each([
  ['alpha', ALL.slice(0, 2)],
  ['beta gamma', ['Beta Gamma 1.0']],
  ['name:alpha version:2', ['Alpha 2.0']],
  ['name:alpha name:delta', ['Alpha 1.0', 'Alpha 2.0', 'delta 1.0']],
  ['name:"Alph"', []],
  ['name:a*a', ['Alpha 1.0', 'Alpha 2.0', 'Beta Gamma 1.0']],
  ['name:"b*a"', ['Beta Gamma 1.0']],
  ['content:alpha', ALL.slice(0, 2)],
  ['display-name:alphabet', ['Alpha 2.0']],
  ['tag:food', ['Alpha 1.0']],
  ['tags:hot meals', ['Alpha 1.0']],
  ['tag:food tag:drink', ['Alpha 1.0', 'Beta Gamma 1.0']],
  ['description:100%', ['Alpha 1.0']],
  ['description:10_%', []],
  ['status:prototyped', ['Beta Gamma 1.0']],
  ['lcState:Created version:1', ['Alpha 1.0', 'delta 1.0']],
  ['context:/food', ALL.slice(0, 2)],
  ['context:{version}/d', ['delta 1.0']],
  ['context:"/food"', ALL.slice(0, 2)],
  ['context:"/foo"', []],
  ['type:http', ALL],
  ['type:GRAPHQL', []],
  ['vendor:wso2', ALL],
  ['thirdParty:true', []],
  ['thirdParty:false', ALL],
  ['colour:red', ['delta 1.0']],
  ['colour:blue', []],
  ['subType:DEFAULT', []],
  ['api-category:food', []],
  ['label:x', []],
  ["name:'; DROP TABLE apis; --", []],
])('finds with %j', async (query, names) => {
  expect(await found(query)).toEqual(names);
});

it('finds the APIs of a provider', async () => {
  expect(await found(`provider:${ann.username}`)).toEqual(['Beta Gamma 1.0']);
});

it.each([
  [{ sortBy: 'version', sortOrder: 'desc' }, 'Alpha 2.0'],
  [{ sortBy: 'createdTime', sortOrder: 'desc' }, 'delta 1.0'],
  [{ sortBy: 'status', sortOrder: 'desc' }, 'Beta Gamma 1.0'],
  [{ sortBy: 'apiName', sortOrder: 'desc' }, 'delta 1.0'],
  [{ sortBy: 'nonsense' }, 'Alpha 1.0'],
  [{ sortBy: 'constructor' }, 'Alpha 1.0'],
])('sorts by %j', async (order, first) => {
  const [api] = (await list(order)).list;

  expect(`${api?.name} ${api?.version}`).toBe(first);
});

it('gives one page at a time', async () => {
  const page = await list({ limit: 2, offset: 1, query: 'version:1' });

  expect(page.list.map(({ name }) => name)).toEqual(['Beta Gamma', 'delta']);
  expect(page).toMatchObject({ count: 2, pagination: { offset: 1, limit: 2, total: 3, next: '' } });
  expect(page.pagination['previous']).toMatch(/^\/apis\?limit=2&offset=0&query=version/);
  expect(await list({ limit: 2, offset: 50 })).toMatchObject({ count: 0, list: [], pagination: { total: 4 } });
});

it.each([{ limit: 'x' }, { offset: -1 }])('refuses the window %j', async (query) => {
  expect(await admin.publisher('GET /apis', { query })).toFailWith({ status: 400, code: 400 });
});

it('shows nothing of another tenant', async () => {
  const { admin: stranger } = await given.organization();

  expect(await list({}, stranger)).toMatchObject({ count: 0, pagination: { total: 0 } });
});

describe('whether a name is free', () => {
  const validate = async (query: string, by = admin) => (await by.publisher('POST /apis/validate', { query: { query } })).status;

  it.each([
    ['name:Alpha', 200],
    ['name:ALPHA', 200],
    ['Alpha', 200],
    ['name:Beta Gamma', 200],
    ['name:Alph', 404],
    ['nobody', 404],
    ['context:/food/alpha', 404],
    ['version:1.0', 404],
    ['name:\0', 404],
    ['', 400],
  ])('%j: %s', async (query, status) => {
    expect(await validate(query)).toBe(status);
  });

  it('is asked in the own tenant, with the right scope', async () => {
    expect(await validate('name:Alpha', (await given.organization()).admin)).toBe(404);
    const answer = await admin.withScopes('apim:api_view').publisher('POST /apis/validate', { query: { query: 'Alpha' } });
    expect(answer).toFailWith(Unauthenticated());
  });
});

it('compresses a list for a client that asks for an archive', async () => {
  const answer = await admin.publisher<List>('GET /apis', { headers: { accept: 'application/gzip' } });

  expect(answer.headers).toMatchObject({ 'content-encoding': 'gzip', 'content-disposition': 'attachment' });
  expect(answer.body.list.map(({ name, version }) => `${name} ${version}`)).toEqual(ALL);
});
