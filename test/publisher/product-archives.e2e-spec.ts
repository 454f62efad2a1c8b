import { ApiExists, ProductNotFound } from '../../src/apis/apis.problems.js';
import { ProjectDefinitionMissing } from '../../src/apis/archives/api-archives.problems.js';
import { ApiNotFound, RevisionNumberNotFound } from '../../src/apis/revisions/revisions.problems.js';
import { BadRequest, Conflict, Forbidden, Unauthenticated } from '../../src/domain/problem.js';
import { type Actor, expected } from '../support/actor.js';
import { unzip, zip } from '../support/archives.js';
import type { RequestOptions } from '../support/client.js';
import { type GivenApi, given, type Organization } from '../support/given.js';
import { apiWith, change, deploy, member, on, type Product, product, read, resourcesOf, revision, update } from './products.js';

let home: Organization;
let admin: Actor;
let books: GivenApi;
let maps: GivenApi;
beforeAll(async () => {
  home = await given.organization();
  ({ admin } = home);
});
beforeEach(async () => {
  books = await apiWith(admin, ['GET /books', 'POST /books']);
  maps = await apiWith(admin, ['GET /maps']);
});

const shelf = () => product(admin, [member(books, 'POST /books'), member(maps, 'GET /maps')], { description: 'Books and maps' });
const exportOf = (by: Actor, query: RequestOptions['query']) =>
  by.publisher<Uint8Array>('GET /api-products/export', { query: query ?? {} });
const archiveOf = async ({ name, version }: Product, query: RequestOptions['query'] = {}): Promise<Buffer> =>
  Buffer.from(expected(await exportOf(admin, { name, version, ...query }), 200));
const importOf = (by: Actor, file: Uint8Array, query: RequestOptions['query'] = {}) => {
  const form = { file: { file, name: 'product.zip', type: 'application/zip' } };
  return by.publisher<unknown>('POST /api-products/import', { query: query ?? {}, form });
};
const named = async (by: Actor, name: string): Promise<Product> => {
  const answer = await by.publisher<{ list: readonly { id: string }[] }>('GET /api-products', { query: { query: `name:"${name}"` } });
  return read(by, expected(answer, 200).list[0]?.id ?? '');
};

describe('the archive of a product', () => {
  it('holds the product and the archives of its members', async () => {
    const made = await shelf();

    const files = await unzip(await archiveOf(made, { format: 'JSON' }));

    const root = `${made.name}-1.0.0/`;
    const { data, ...about } = JSON.parse(String(files.get(`${root}api_product.json`)));
    expect(about).toEqual({ type: 'api_product', version: 'v4.7.0' });
    expect(data).toEqual(await read(admin, made.id));
    expect(JSON.parse(String(files.get(`${root}Definitions/swagger.json`)))).toMatchObject({ paths: { '/books': {}, '/maps': {} } });
    for (const { id, name } of [books, maps]) {
      expect(JSON.parse(String(files.get(`${root}APIs/${name}-1.0.0/api.json`)))).toMatchObject({ type: 'api', data: { id, name } });
    }
  });

  it('makes the product and its members in another tenant', async () => {
    const made = await shelf();
    expected(await change(admin, made.id, 'Publish'), 200);
    const elsewhere = await given.organization();

    const answer = await importOf(elsewhere.admin, await archiveOf(made), { importAPIs: true, preserveProvider: false });

    expect(answer).toMatchObject({ status: 200, body: 'API Product imported successfully.' });
    const copy = await named(elsewhere.admin, made.name);
    expect(copy).toMatchObject({ description: 'Books and maps', state: 'PUBLISHED', provider: elsewhere.admin.username });
    expect(resourcesOf(copy)).toEqual(['POST /books', 'GET /maps']);
    expect(copy.apis.map(({ name }) => name)).toEqual([books.name, maps.name]);
    expect(copy.apis.map(({ apiId }) => apiId)).not.toContain(books.id);
  });

  it('makes the product of members that are there already', async () => {
    const made = await shelf();
    const archive = await archiveOf(made);
    expected(await on(admin, 'DELETE /api-products/{apiProductId}', made.id), 200);

    expect((await importOf(admin, archive)).status).toBe(200);

    const copy = await named(admin, made.name);
    expect(copy.apis.map(({ apiId }) => apiId)).toEqual([books.id, maps.id]);
  });

  it('changes the product and its members', async () => {
    const made = await shelf();
    const archive = await archiveOf(made);
    const { body } = await admin.publisher('GET /apis/{apiId}', { path: { apiId: books.id } });
    expected(await admin.publisher('PUT /apis/{apiId}', { path: { apiId: books.id }, body: { ...body, description: 'changed' } }), 200);
    expected(await update(admin, made.id, { ...made, description: 'changed', apis: [member(maps, 'GET /maps')] }), 200);

    const query = { importAPIs: true, overwriteAPIs: true, overwriteAPIProduct: true };
    expect((await importOf(admin, archive, query)).status).toBe(200);

    const after = await read(admin, made.id);
    expect(after).toMatchObject({ id: made.id, description: 'Books and maps' });
    expect(resourcesOf(after)).toEqual(['POST /books', 'GET /maps']);
    const api = await admin.publisher('GET /apis/{apiId}', { path: { apiId: books.id } });
    expect(api.body).toMatchObject({ description: '' });
  });

  it('changes nothing when one of its members comes twice', async () => {
    const made = await shelf();
    const files = await unzip(await archiveOf(made, { format: 'JSON' }));
    const path = `${made.name}-1.0.0/APIs/${books.name}-1.0.0/api.json`;
    const twice = { ...JSON.parse(String(files.get(path))) };
    twice.data.description = 'half-written';
    const archive = await zip({
      ...Object.fromEntries(files),
      [path]: JSON.stringify(twice),
      [path.replace('/APIs/', '/APIs/also-')]: JSON.stringify(twice),
    });

    const answer = await importOf(admin, archive, { importAPIs: true, overwriteAPIs: true, overwriteAPIProduct: true });

    expect(answer).toFailWith(Conflict);
    const { body } = await admin.publisher('GET /apis/{apiId}', { path: { apiId: books.id } });
    expect(body).toMatchObject({ description: '' });
  });

  it('of a deployed revision is deployed where it is imported', async () => {
    const made = await shelf();
    expected(await deploy(admin, made.id, await revision(admin, made.id)), 201);
    const elsewhere = await given.organization();

    const archive = await archiveOf(made, { latestRevision: true });
    expect((await importOf(elsewhere.admin, archive, { importAPIs: true, preserveProvider: false })).status).toBe(200);

    const { id } = await named(elsewhere.admin, made.name);
    const deployments = await on(elsewhere.admin, 'GET /api-products/{apiProductId}/deployments', id);
    expect(deployments.body).toMatchObject({ list: [{ name: 'Default', vhost: 'localhost' }] });
  });
});

describe('it is refused', () => {
  it('to export what is no product, without a name, or a revision that is not there', async () => {
    const { name, version } = await shelf();

    expect(await exportOf(admin, { name: books.name, version: books.version })).toFailWith(ProductNotFound);
    expect(await exportOf(admin, { name })).toFailWith(BadRequest);
    expect(await exportOf(admin, { name, version, revisionNumber: '1' })).toFailWith(RevisionNumberNotFound('1'));
    expect(await exportOf((await given.organization()).admin, { name, version })).toFailWith(ProductNotFound);
  });

  it('to export a member that the caller may not see', async () => {
    const publisher = await given.user({ roles: ['Internal/publisher'], by: admin });
    const hidden = await apiWith(admin, ['GET /secret'], { accessControl: 'RESTRICTED', accessControlRoles: ['admin'] });
    const { name, version } = await product(admin, [member(hidden, 'GET /secret')]);

    expect(await exportOf(publisher, { name, version })).toFailWith(Forbidden);
  });

  it('to callers without the scope', async () => {
    const { name, version } = await shelf();
    const archive = await zip({ 'api_product.yaml': 'x' });

    expect(await exportOf(admin.withScopes('apim:api_create'), { name, version })).toFailWith(Unauthenticated());
    expect(await importOf(admin.withScopes('apim:api_import_export', 'apim:api_manage'), archive)).toFailWith(Unauthenticated());
  });

  it('to import a product, or members, that exist', async () => {
    const archive = await archiveOf(await shelf());

    expect(await importOf(admin, archive)).toFailWith(ApiExists());
    expect(await importOf(admin, archive, { overwriteAPIProduct: true, importAPIs: true })).toFailWith(ApiExists());
  });

  it('to import a product whose members are not there, and nothing is left of it', async () => {
    const made = await shelf();
    const elsewhere = await given.organization();

    expect(await importOf(elsewhere.admin, await archiveOf(made), { preserveProvider: false })).toFailWith(
      ApiNotFound(`${books.name}-1.0.0`),
    );

    expect(await exportOf(elsewhere.admin, { name: made.name, version: made.version })).toFailWith(ProductNotFound);
  });

  it('to keep the members of a product that cannot be made', async () => {
    const made = await shelf();
    const elsewhere = await given.organization();
    const files = await unzip(await archiveOf(made, { format: 'JSON' }));
    const path = `${made.name}-1.0.0/api_product.json`;
    const broken = String(files.get(path)).replaceAll('"Unlimited"', '"None"');

    const answer = await importOf(elsewhere.admin, await zip({ ...Object.fromEntries(files), [path]: broken }), {
      importAPIs: true,
      preserveProvider: false,
    });

    expect(answer.status).toBe(400);
    const { body } = await elsewhere.admin.publisher('GET /apis');
    expect(body['count']).toBe(0);
  });

  it('to import the archive of an API', async () => {
    const archive = await zip({ 'api.yaml': 'type: api\ndata: {}' });

    expect(await importOf(admin, archive)).toFailWith(ProjectDefinitionMissing());
    expect(await importOf(admin, archive, { importAPIs: 'maybe' })).toFailWith(BadRequest);
    expect(await admin.publisher('POST /api-products/import', { form: { other: 'x' } })).toFailWith(BadRequest);
  });
});
