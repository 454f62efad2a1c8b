import { randomUUID } from 'node:crypto';
import { ApiExists, ApiNotFound, InvalidRoles, ProductNotFound } from '../../src/apis/apis.problems.js';
import {
  DuplicateResource,
  MalformedProductContext,
  MemberStateUnsupported,
  ProductVersionExists,
  UnknownTiers,
} from '../../src/apis/products/products.problems.js';
import { Forbidden, PreconditionFailed, Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import type { Body } from '../support/client.js';
import { type GivenApi, given } from '../support/given.js';
import { unique } from '../support/unique.js';
import { apiWith, create, member, on, type Product, product, productProperties, read, resourcesOf, update } from './products.js';

interface List {
  readonly count: number;
  readonly list: readonly { readonly id: string; readonly name: string }[];
  readonly pagination: { readonly total: number; readonly next: string };
}

let admin: Actor;
let books: GivenApi;
let maps: GivenApi;
beforeAll(async () => {
  ({ admin } = await given.organization());
  books = await apiWith(admin, ['GET /books', 'POST /books']);
  maps = await apiWith(admin, ['GET /maps']);
});

const ONE = '/api-products/{apiProductId}';
const idOf = async (answer: Promise<{ readonly body: Body; readonly status: number }>) => {
  const { body, status } = await answer;
  return { status, id: String(body['id']) };
};

describe('POST /api-products', () => {
  it('makes a product of the resources of two APIs', async () => {
    const wanted = [member(books, 'POST /books', 'GET /books'), member(maps, 'GET /maps')];

    const answer = await create(admin, productProperties(wanted, { tags: ['reading'], description: 'Books and maps' }));

    expect(answer.status).toBe(201);
    expect(answer.headers['location']).toBe(`/api-products/${answer.body.id}`);
    expect(answer.body).toMatchObject({
      state: 'CREATED',
      apiType: 'APIPRODUCT',
      isDefaultVersion: true,
      subscriptionAvailability: 'ALL_TENANTS',
      description: 'Books and maps',
      tags: ['reading'],
      apis: [
        { apiId: books.id, name: books.name, version: books.version },
        { apiId: maps.id, name: maps.name, version: maps.version },
      ],
    });
    expect(resourcesOf(answer.body)).toEqual(['POST /books', 'GET /books', 'GET /maps']);
    expect(await read(admin, answer.body.id)).toEqual(answer.body);
  });

  it('makes a product of more resources than a statement has parameters for', async () => {
    const get = { responses: { 200: { description: 'OK' } } };
    const paths = Object.fromEntries(Array.from({ length: 11_000 }, (_, index) => [`/things/${index}`, { get }]));
    const definition = { openapi: '3.0.1', info: { title: 'Large', version: '1' }, paths };
    const large = await given.api({ by: admin, definition });

    const { apis } = await product(admin, [member(large, ...Object.keys(paths).map((path) => `GET ${path}`))]);

    expect(apis[0]?.operations).toHaveLength(11_000);
  });

  it('takes from its members what they say of the resources', async () => {
    const scope = unique('read');
    const further = {
      operations: [{ target: '/atlas', verb: 'GET', authType: 'Application', throttlingPolicy: '10KPerMin', scopes: [scope] }],
      scopes: [
        { scope: { name: scope, bindings: ['admin'] }, shared: false },
        { scope: { name: unique('write'), bindings: ['admin'] }, shared: false },
      ],
    };
    const api = await given.api({ by: admin, with: further });
    const apis = [
      { apiId: api.id, operations: [{ target: '/atlas', verb: 'get', authType: 'None', throttlingPolicy: 'Unlimited', scopes: [] }] },
    ];

    const made = await product(admin, apis);

    expect(made.apis[0]?.operations).toMatchObject([
      { target: '/atlas', verb: 'GET', authType: 'Application', throttlingPolicy: '10KPerMin', scopes: [scope] },
    ]);
    expect(made['scopes']).toMatchObject([{ scope: { name: scope } }]);
  });

  it('fills in what is left out', async () => {
    const name = unique('Product');

    const made = expected(await create(admin, { name, context: `/${name}` }), 201);

    expect(made).toMatchObject({ version: '1.0.0', displayName: name, apis: [], visibility: 'PUBLIC', isDefaultVersion: true });
    expect(made['securityScheme']).toEqual(['oauth_basic_auth_api_key_mandatory', 'oauth2']);
  });

  it('leaves out resources that the API does not have', async () => {
    const made = await product(admin, [member(books, 'GET /books', 'GET /nowhere'), member(maps, 'PUT /maps')]);

    expect(resourcesOf(made)).toEqual(['GET /books']);
    expect(made.apis).toHaveLength(1);
  });

  it.each([
    ['with blanks', '/a b'],
    ['with a brace', '/{a}'],
    ['that ends in a slash', '/a/'],
    ['that is missing', undefined],
    ["below another tenant's path", '/t/other.com/a'],
  ])('refuses a context %s', async (_, context) => {
    expect(await create(admin, productProperties([], { context }))).toFailWith(MalformedProductContext());
  });

  it('refuses the same resource twice, of one API or of two', async () => {
    const atlas = await apiWith(admin, ['GET /maps']);

    const same = await create(admin, productProperties([member(maps, 'GET /maps', 'GET /maps')]));
    const alike = await create(admin, productProperties([member(maps, 'GET /maps'), member(atlas, 'GET /maps')]));

    expect(same).toFailWith(DuplicateResource('/maps', 'GET'));
    expect(alike).toFailWith(DuplicateResource('/maps', 'GET'));
  });

  it('refuses a name and version, and a context, that are taken', async () => {
    const { name, context, version } = await product(admin, []);

    const again = await create(admin, productProperties([], { name, version, context }));
    const elsewhere = await create(admin, productProperties([], { context: books.context }));

    expect(again).toFailWith(ApiExists());
    expect(elsewhere).toFailWith({ status: 409, code: 900251 });
  });

  it('refuses tiers the tenant does not have', async () => {
    expect(await create(admin, productProperties([], { policies: ['Gold', 'Nope'] }))).toFailWith(UnknownTiers('[Nope]'));
  });

  it.each([
    ['no name', { name: undefined }, 400],
    ['a name that is too long', { name: 'n'.repeat(51) }, 400],
    ['a version with a blank', { version: '1 0' }, 400],
    ['an unknown property', { unknown: true }, 400],
    ['a member without an id', { apis: [{ operations: [] }] }, 400],
    ['members that are no list', { apis: 'all' }, 400],
    ['an unknown API policy', { apiThrottlingPolicy: 'Nope' }, 400],
    ['an unknown role', { visibility: 'RESTRICTED', visibleRoles: ['nobody'] }, 400],
  ])('refuses %s', async (_, body, status) => {
    expect((await create(admin, productProperties([], body))).status).toBe(status);
  });

  it.each([
    ['Deploy as a Prototype', [], 'PROTOTYPED'],
    ['Publish', ['Block'], 'BLOCKED'],
    ['Publish', ['Deprecate'], 'DEPRECATED'],
    ['Publish', ['Deprecate', 'Retire'], 'RETIRED'],
  ] as const)('refuses an API after %s %s', async (first, others, status) => {
    const api = await apiWith(admin, ['GET /x']);
    for (const action of [first, ...others]) {
      expected(await admin.publisher('POST /apis/change-lifecycle', { query: { apiId: api.id, action } }), 200);
    }

    expect(await create(admin, productProperties([member(api, 'GET /x')]))).toFailWith(MemberStateUnsupported(status));
  });

  it('knows no API of another tenant, no product as a member, and no made-up ids', async () => {
    const { admin: stranger } = await given.organization();
    const made = await product(admin, [member(books, 'GET /books')]);
    const unknown = randomUUID();

    expect(await create(stranger, productProperties([member(books, 'GET /books')]))).toFailWith(ApiNotFound(books.id));
    expect(await create(admin, productProperties([member(made, 'GET /books')]))).toFailWith(ApiNotFound(made.id));
    for (const id of [unknown, 'x', "';--"]) {
      expect(await create(admin, productProperties([member({ id }, 'GET /books')]))).toFailWith(ApiNotFound(id));
    }
  });

  it('needs a scope to publish, and sight of the members', async () => {
    const publisher = await given.user({ roles: ['Internal/publisher'], by: admin });
    const hidden = await apiWith(admin, ['GET /x'], { accessControl: 'RESTRICTED', accessControlRoles: ['admin'] });
    const creator = await given.user({ roles: ['Internal/creator'], by: admin });

    expect((await create(publisher, productProperties([member(books, 'GET /books')]))).status).toBe(201);
    expect(await create(publisher, productProperties([member(hidden, 'GET /x')]))).toFailWith(
      Forbidden('User is not authorized to access the API'),
    );
    expect(await create(creator, productProperties([]))).toFailWith(Unauthenticated());
  });
});

describe('GET /api-products', () => {
  it('lists products alone, by name and a page at a time', async () => {
    const { admin: by } = await given.organization();
    await given.api({ by });
    for (const name of ['B', 'C', 'A']) await product(by, [], { name, context: `/${name}` });

    const first = expected(await by.publisher<List>('GET /api-products', { query: { limit: 2 } }), 200);
    const second = expected(await by.publisher<List>('GET /api-products', { query: { limit: 2, offset: 2 } }), 200);

    expect(first).toMatchObject({ count: 2, list: [{ name: 'A', state: 'CREATED' }, { name: 'B' }], pagination: { total: 3 } });
    expect(first.pagination.next).toBe('/api-products?limit=2&offset=2');
    expect(second.list.map(({ name }) => name)).toEqual(['C']);
    expect(expected(await by.publisher<List>('GET /apis'), 200).count).toBe(1);
  });

  it('searches as the list of APIs does', async () => {
    const { id, name } = await product(admin, [], { tags: [unique('tag')] });

    const found = expected(await admin.publisher<List>('GET /api-products', { query: { query: `name:${name}` } }), 200);
    const odd = await admin.publisher<List>('GET /api-products', { query: { query: ['\0', 'name:x'] } });

    expect(found.list.map((item) => item.id)).toEqual([id]);
    expect(odd).toMatchObject({ status: 200, body: { count: 0 } });
  });

  it('shows no product of another tenant, nor one whose access roles keep the caller out', async () => {
    const { admin: stranger } = await given.organization();
    const { name } = await product(admin, [], { accessControl: 'RESTRICTED', accessControlRoles: ['admin'] });
    const publisher = await given.user({ roles: ['Internal/publisher'], by: admin });
    const query = { query: `name:${name}` };

    for (const by of [stranger, publisher]) {
      expect(expected(await by.publisher<List>('GET /api-products', { query }), 200).count).toBe(0);
    }
    expect(await admin.withScopes('apim:subscribe').publisher('GET /api-products')).toFailWith(Unauthenticated());
  });
});

describe('GET /api-products/{apiProductId}', () => {
  it('knows neither an API nor an unknown id, and refuses a token without the scope', async () => {
    const { id } = await product(admin, []);

    for (const other of [books.id, randomUUID(), 'x']) {
      expect(await on(admin, `GET ${ONE}`, other)).toFailWith(ProductNotFound(other));
    }
    expect(await admin.publisher('GET /apis/{apiId}', { path: { apiId: id } })).toFailWith(ApiNotFound(id));
    expect(await on(admin.withScopes('apim:subscribe'), `GET ${ONE}`, id)).toFailWith(Unauthenticated());
  });

  it('is hidden from other tenants, and closed to whom its access roles keep out', async () => {
    const { admin: stranger } = await given.organization();
    const publisher = await given.user({ roles: ['Internal/publisher'], by: admin });
    const { id } = await product(admin, [], { accessControl: 'RESTRICTED', accessControlRoles: ['admin'] });

    for (const operation of [`GET ${ONE}`, `GET ${ONE}/swagger`, `GET ${ONE}/is-outdated`, `DELETE ${ONE}`]) {
      expect(await on(stranger, operation, id)).toFailWith(ProductNotFound(id));
      expect(await on(publisher, operation, id)).toFailWith(Forbidden('User is not authorized to access the API'));
    }
  });
});

describe('PUT /api-products/{apiProductId}', () => {
  it('replaces resources and settings, and takes back what a read gave', async () => {
    const made = await product(admin, [member(books, 'GET /books')]);
    const sent = { ...made, description: 'New', policies: ['Gold'], apis: [member(maps, 'GET /maps'), member(books, 'POST /books')] };

    const answer = await update(admin, made.id, sent);

    expect(answer).toMatchObject({ status: 200, body: { description: 'New', policies: ['Gold'], state: 'CREATED' } });
    expect(resourcesOf(answer.body)).toEqual(['GET /maps', 'POST /books']);
    expect(await read(admin, made.id)).toEqual(answer.body);
    expect(expected(await update(admin, made.id, answer.body), 200).apis).toEqual(answer.body.apis);
  });

  it('leaves name, version, context, provider and state alone', async () => {
    const made = await product(admin, []);
    const { name, version, context } = made;

    const answer = await update(admin, made.id, {
      ...made,
      name: 'Other',
      version: '9',
      context: '/other',
      provider: 'other',
      state: 'PUBLISHED',
      isDefaultVersion: false,
    });

    expect(answer).toMatchObject({ status: 200, body: { name, version, context, state: 'CREATED', isDefaultVersion: true } });
    expect(answer.body['provider']).toBe(made['provider']);
  });

  it('refuses what a creation refuses, and changes nothing then', async () => {
    const made = await product(admin, [member(books, 'GET /books')]);

    const twice = await update(admin, made.id, { ...made, apis: [member(books, 'GET /books', 'GET /books')] });
    const unknown = await update(admin, made.id, { ...made, apis: [member({ id: made.id }, 'GET /x')] });
    const tier = await update(admin, made.id, { ...made, policies: ['Nope'] });
    const roles = await update(admin, made.id, { ...made, accessControl: 'RESTRICTED', accessControlRoles: [] });

    expect(twice).toFailWith(DuplicateResource('/books', 'GET'));
    expect(unknown).toFailWith(ApiNotFound(made.id));
    expect(tier).toFailWith(UnknownTiers('[Nope]'));
    expect(roles).toFailWith(InvalidRoles());
    expect(await read(admin, made.id)).toEqual(made);
  });

  it('honours If-Match', async () => {
    const made = await product(admin, []);
    const { headers } = await on(admin, `GET ${ONE}`, made.id);
    const put = (description: string, tag: string | undefined) =>
      update(admin, made.id, { ...made, description }, { headers: { 'if-match': tag ?? '' } });

    expect((await put('one', headers['etag'])).status).toBe(200);
    expect(await put('two', headers['etag'])).toFailWith(PreconditionFailed());

    expect((await read(admin, made.id))['description']).toBe('one');
  });

  it('lets two changes at once follow one another', async () => {
    const made = await product(admin, [member(books, 'GET /books')]);
    const put = (description: string) => update(admin, made.id, { ...made, description });

    const answers = await Promise.all(['a', 'b', 'c', 'd'].map(put));

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(resourcesOf(await read(admin, made.id))).toEqual(['GET /books']);
  });

  it('refuses a wrong scope and hides the product from other tenants', async () => {
    const { admin: stranger } = await given.organization();
    const made = await product(admin, []);

    expect(await update(admin.withScopes('apim:api_view'), made.id, made)).toFailWith(Unauthenticated());
    expect(await update(stranger, made.id, made)).toFailWith(ProductNotFound(made.id));
  });
});

describe('DELETE /api-products/{apiProductId}', () => {
  it('deletes the product and lets go of its members', async () => {
    const api = await apiWith(admin, ['GET /x']);
    const { id } = await product(admin, [member(api, 'GET /x')]);

    const { status } = await on(admin, `DELETE ${ONE}`, id);

    expect(status).toBe(200);
    expect(await on(admin, `GET ${ONE}`, id)).toFailWith(ProductNotFound(id));
    expect((await admin.publisher('DELETE /apis/{apiId}', { path: { apiId: api.id } })).status).toBe(200);
  });

  it('honours If-Match and refuses a wrong scope', async () => {
    const { id } = await product(admin, []);

    expect(await on(admin, `DELETE ${ONE}`, id, { headers: { 'if-match': '"other"' } })).toFailWith(PreconditionFailed());
    expect(await on(admin.withScopes('apim:api_view'), `DELETE ${ONE}`, id)).toFailWith(Unauthenticated());

    expect((await on(admin, `GET ${ONE}`, id)).status).toBe(200);
  });
});

describe('GET /api-products/{apiProductId}/is-outdated', () => {
  it('is 204 without a body', async () => {
    const { id } = await product(admin, []);

    expect(await on(admin, `GET ${ONE}/is-outdated`, id)).toMatchObject({ status: 204, body: undefined });
    expect(await on(admin.withScopes('apim:subscribe'), `GET ${ONE}/is-outdated`, id)).toFailWith(Unauthenticated());
  });
});

describe('POST /api-products/copy-api-products', () => {
  const copy = (by: Actor, query: Readonly<Record<string, string>>) =>
    by.publisher<Product>('POST /api-products/copy-api-products', { query });

  it('makes a version in state Created, with the resources, the documents and the definition', async () => {
    const made = await product(admin, [member(books, 'GET /books')], { tags: ['reading'] });
    const document = { name: 'Guide', type: 'HOWTO', sourceType: 'INLINE', visibility: 'API_LEVEL' };
    expected(await on(admin, `POST ${ONE}/documents`, made.id, { body: document }), 201);

    const answer = await copy(admin, { apiProductId: made.id, newVersion: '2.0.0' });

    expect(answer).toMatchObject({ status: 201, body: { version: '2.0.0', state: 'CREATED', tags: ['reading'], isDefaultVersion: false } });
    expect(answer.headers['location']).toBe(`/api-products/${answer.body.id}`);
    expect(answer.body.apis).toEqual(made.apis);
    expect(await read(admin, answer.body.id)).toEqual(answer.body);
    expect(expected(await on(admin, `GET ${ONE}/documents`, answer.body.id), 200)).toMatchObject({ count: 1 });
    expect(expected(await on(admin, `GET ${ONE}/swagger`, answer.body.id), 200)).toMatchObject({
      info: { version: '2.0.0' },
      paths: { '/books': { get: {} } },
    });
  });

  it('keeps the members for the copy, too', async () => {
    const api = await apiWith(admin, ['GET /x']);
    const made = await product(admin, [member(api, 'GET /x')]);
    expected(await copy(admin, { apiProductId: made.id, newVersion: '2.0.0' }), 201);
    expected(await on(admin, `DELETE ${ONE}`, made.id), 200);

    expect((await admin.publisher('DELETE /apis/{apiId}', { path: { apiId: api.id } })).status).toBe(409);
  });

  it('makes the new version the default on request', async () => {
    const made = await product(admin, []);

    const { id } = expected(await copy(admin, { apiProductId: made.id, newVersion: '2.0.0', defaultVersion: 'true' }), 201);

    expect((await read(admin, id))['isDefaultVersion']).toBe(true);
    expect((await read(admin, made.id))['isDefaultVersion']).toBe(false);
  });

  it('refuses a version that exists, an unknown product, bad input and a wrong scope', async () => {
    const { admin: stranger } = await given.organization();
    const { id: apiProductId, name } = await product(admin, []);
    const query = { apiProductId, newVersion: '2.0.0' };

    expect(await copy(admin, { apiProductId, newVersion: '1.0.0' })).toFailWith(ProductVersionExists('1.0.0', name));
    expect(await copy(admin, { apiProductId: books.id, newVersion: '2.0.0' })).toFailWith(ProductNotFound(books.id));
    expect(await copy(stranger, query)).toFailWith(ProductNotFound(apiProductId));
    expect(await idOf(copy(admin, { apiProductId }))).toMatchObject({ status: 400 });
    expect(await idOf(copy(admin, { apiProductId, newVersion: 'a/b' }))).toMatchObject({ status: 400 });
    expect(await copy(admin.withScopes('apim:api_view'), query)).toFailWith(Unauthenticated());
  });
});
