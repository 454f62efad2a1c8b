import { load } from 'js-yaml';
import { expected } from '../support/actor.js';
import { type ArchiveContents, exported, importArchive, imported, unzip, zip } from '../support/archives.js';
import type { Body } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { gateway } from '../support/gateway.js';
import { type GivenApi, given, type Organization } from '../support/given.js';
import { png } from '../support/pictures.js';
import { productArchive } from '../support/product-archive.js';
import { unique } from '../support/unique.js';

let home: Organization;
beforeAll(async () => {
  home = await given.organization();
});

const yaml = (bytes: Buffer | undefined): Body => load((bytes ?? Buffer.alloc(0)).toString()) as Body; // the tests look inside
const dataOf = (bytes: Buffer | undefined): Body => yaml(bytes)['data'] as Body; // as above
const read = async (id: string, { admin } = home): Promise<Body> =>
  expected(await admin.publisher('GET /apis/{apiId}', { path: { apiId: id } }), 200);

interface Document {
  readonly documentId: string;
  readonly name: string;
}
const documentsOf = async (id: string, { admin } = home): Promise<readonly Document[]> => {
  const path = { apiId: id };
  return expected(await admin.publisher<{ list: readonly Document[] }>('GET /apis/{apiId}/documents', { path }), 200).list;
};
const contentOf = async (id: string, name: string, { admin } = home) => {
  const documentId = (await documentsOf(id, { ...home, admin })).find((document) => document.name === name)?.documentId ?? '';
  return admin.publisher<unknown>('GET /apis/{apiId}/documents/{documentId}/content', { path: { apiId: id, documentId } });
};
const addDocument = async ({ id }: GivenApi, body: Body, form?: Body): Promise<void> => {
  const about = { type: 'HOWTO', visibility: 'API_LEVEL', summary: 'About it', ...body };
  const path = { apiId: id };
  const { documentId } = expected(await home.admin.publisher<Document>('POST /apis/{apiId}/documents', { path, body: about }), 201);
  if (form === undefined) return;
  const options = { path: { apiId: id, documentId }, form: form as Record<string, string> }; // texts and files, as the client takes them
  expected(await home.admin.publisher('POST /apis/{apiId}/documents/{documentId}/content', options), 201);
};
const publish = async ({ id }: GivenApi): Promise<void> => {
  expected(await home.admin.publisher('POST /apis/change-lifecycle', { query: { apiId: id, action: 'Publish' } }), 200);
};

const DEFINITION = {
  openapi: '3.0.1',
  info: { title: 'Pets', version: '1.0.0' },
  paths: { '/pets/{id}': { get: { summary: 'One pet', parameters: [], responses: { 200: { description: 'OK' } } } } },
};
const SECURED = {
  endpointConfig: {
    endpoint_type: 'http',
    production_endpoints: { url: 'http://127.0.0.1:9' },
    endpoint_security: { production: { type: 'BASIC', enabled: true, username: 'ann', password: 's3cret' } },
  },
};

/** An API with a definition, documents of every kind and a picture. */
const wholeApi = async (): Promise<GivenApi> => {
  const api = await given.api({ by: home.admin, definition: DEFINITION, with: { tags: ['pets'], ...SECURED } });
  await addDocument(api, { name: 'Text', sourceType: 'INLINE' }, { inlineContent: 'in words' });
  await addDocument(api, { name: 'Page', sourceType: 'MARKDOWN' }, { inlineContent: '# Page' });
  await addDocument(api, { name: 'Link', sourceType: 'URL', sourceUrl: 'https://example.com/a' });
  await addDocument(api, { name: 'File', sourceType: 'FILE' }, { file: { file: '%PDF', name: 'a b.pdf', type: 'application/pdf' } });
  await addDocument(api, { name: 'Empty', sourceType: 'FILE' });
  const form = { file: { file: png(), name: 'icon.png', type: 'image/png' } };
  expected(await home.admin.publisher('PUT /apis/{apiId}/thumbnail', { path: { apiId: api.id }, form }), 201);
  return api;
};

describe('an export', () => {
  it('holds the API, its definition, its documents and its picture where the product keeps them', async () => {
    const api = await wholeApi();

    const answer = await home.admin.publisher<Uint8Array>('GET /apis/export', { query: { apiId: api.id } });

    expect(answer.headers).toMatchObject({ 'content-type': 'application/zip' });
    expect(answer.headers['content-disposition']).toContain(`"${api.name}-1.0.0.zip"`);
    const files = await unzip(answer.body);
    const root = `${api.name}-1.0.0/`;
    expect([...files.keys()].every((path) => path.startsWith(root))).toBe(true);
    const own = [...files.keys()].map((path) => path.slice(root.length)).filter((path) => !path.startsWith('Policies/'));
    expect(own.sort()).toEqual([
      'Definitions/swagger.yaml',
      'Docs/Empty/document.yaml',
      'Docs/File/a b.pdf',
      'Docs/File/document.yaml',
      'Docs/Link/document.yaml',
      'Docs/Page/Page',
      'Docs/Page/document.yaml',
      'Docs/Text/Text',
      'Docs/Text/document.yaml',
      'Image/icon.png',
      'api.yaml',
    ]);
    const { data, ...about } = yaml(files.get(`${root}api.yaml`));
    expect(about).toEqual({ type: 'api', version: 'v4.7.0' });
    expect(data).toEqual(await read(api.id));
    expect(yaml(files.get(`${root}Definitions/swagger.yaml`))).toMatchObject({ openapi: '3.0.1', 'x-wso2-basePath': api.url });
    expect(yaml(files.get(`${root}Docs/Link/document.yaml`))).toMatchObject({
      type: 'document',
      version: 'v4.7.0',
      data: { name: 'Link', sourceType: 'URL', sourceUrl: 'https://example.com/a' },
    });
    expect(files.get(`${root}Image/icon.png`)).toEqual(png());
  });

  it('finds the API by name, version and provider, and writes JSON when asked to', async () => {
    const api = await given.api({ by: home.admin });

    const query = { name: api.name, version: api.version, providerName: home.admin.username, format: 'JSON' };
    const files = await unzip(await exported(home.admin, query));

    const root = `${api.name}-1.0.0/`;
    expect(JSON.parse(String(files.get(`${root}api.json`)))).toMatchObject({ type: 'api', data: { id: api.id } });
    expect(JSON.parse(String(files.get(`${root}Definitions/swagger.json`)))).toMatchObject({ info: { title: api.name } });
  });

  it('says CREATED unless the state is preserved', async () => {
    const api = await given.api({ by: home.admin });
    await publish(api);
    const path = `${api.name}-1.0.0/api.yaml`;

    const kept = await unzip(await exported(home.admin, { apiId: api.id }));
    const reset = await unzip(await exported(home.admin, { apiId: api.id, preserveStatus: false }));

    expect(dataOf(kept.get(path))['lifeCycleStatus']).toBe('PUBLISHED');
    expect(dataOf(reset.get(path))['lifeCycleStatus']).toBe('CREATED');
  });

  it('carries credentials only when asked to', async () => {
    const api = await given.api({ by: home.admin, with: SECURED });
    const path = `${api.name}-1.0.0/api.yaml`;
    const security = (password: string) => ({ endpoint_security: { production: { username: 'ann', password } } });

    const blank = await unzip(await exported(home.admin, { apiId: api.id }));
    const clear = await unzip(await exported(home.admin, { apiId: api.id, preserveCredentials: true }));

    expect(dataOf(blank.get(path))['endpointConfig']).toMatchObject(security(''));
    expect(dataOf(clear.get(path))['endpointConfig']).toMatchObject(security('s3cret'));
  });

  it('of a revision is the API as the revision keeps it, with where it is deployed', async () => {
    const api = await given.api({ by: home.admin, with: { description: 'first' } });
    await given.deployment(api, home.admin);
    const body = { ...(await read(api.id)), description: 'second' };
    expected(await home.admin.publisher('PUT /apis/{apiId}', { path: { apiId: api.id }, body }), 200);
    const path = { apiId: api.id };
    expected(await home.admin.publisher('POST /apis/{apiId}/revisions', { path, body: {} }), 201);
    const root = `${api.name}-1.0.0/`;

    const first = await unzip(await exported(home.admin, { apiId: api.id, revisionNumber: 1 }));
    const latest = await unzip(await exported(home.admin, { apiId: api.id, latestRevision: true }));

    expect(dataOf(first.get(`${root}api.yaml`))).toMatchObject({
      description: 'first',
      isRevision: true,
      revisionId: 1,
      revisionedApiId: api.id,
    });
    expect(yaml(first.get(`${root}deployment_environments.yaml`))).toEqual({
      type: 'deployment_environments',
      version: 'v4.3.0',
      data: [{ displayOnDevportal: true, deploymentEnvironment: 'Default', deploymentVhost: 'localhost' }],
    });
    expect(dataOf(latest.get(`${root}api.yaml`))).toMatchObject({ description: 'second', revisionId: 2 });
    expect(latest.has(`${root}deployment_environments.yaml`)).toBe(false);
  });

  it('for an environment is what a gateway outside needs to serve the API', async () => {
    const api = await given.api({ by: home.admin });
    const revisionId = await given.deployment(api, home.admin);

    const files = await unzip(await exported(home.admin, { apiId: api.id, gatewayEnvironment: 'Default' }));

    const apiFile = `${api.id}-${revisionId}.zip`;
    const environments = [{ name: 'Default', vhost: 'localhost' }];
    expect(JSON.parse(String(files.get('deployments.json')))).toMatchObject({
      data: { deployments: [{ apiFile, environments, organizationId: home.domain, apiContext: api.url, version: '1.0.0' }] },
    });
    expect([...files.keys()].sort()).toEqual([apiFile, 'deployments.json', 'env_properties.json'].sort());
    expect((await unzip(files.get(apiFile) ?? Buffer.alloc(0))).has(`${api.name}-1.0.0/api.yaml`)).toBe(true);
  });
});

/** What stays the same wherever an API is imported. */
const portable = (api: Body): Body => {
  const { id, provider, context, advertiseInfo, createdTime, lastUpdatedTime, lastUpdatedTimestamp, ...same } = api;
  return same;
};

describe('an import', () => {
  it('makes in another tenant the API that was exported, with its definition, documents and picture', async () => {
    const api = await wholeApi();
    const elsewhere = await given.organization();

    const { id, revision } = await imported(elsewhere.admin, await exported(home.admin, { apiId: api.id }), { preserveProvider: false });

    expect(revision).toBeNull();
    const copy = await read(id, elsewhere);
    expect(portable(copy)).toEqual(portable(await read(api.id)));
    expect(copy).toMatchObject({ provider: elsewhere.admin.username, context: `/t/${elsewhere.domain}/${api.name.toLowerCase()}` });
    const definition = (of: string, { admin }: Organization) => admin.publisher('GET /apis/{apiId}/swagger', { path: { apiId: of } });
    const { body: source } = await definition(api.id, home);
    expect((await definition(id, elsewhere)).body).toEqual({
      ...source,
      'x-wso2-basePath': `/t/${elsewhere.domain}/${api.name.toLowerCase()}/1.0.0`,
    });
    expect((await documentsOf(id, elsewhere)).map(({ name }) => name)).toEqual(['Empty', 'File', 'Link', 'Page', 'Text']);
    expect((await contentOf(id, 'Text', elsewhere)).body).toBe('in words');
    expect((await contentOf(id, 'Page', elsewhere)).body).toBe('# Page');
    expect((await contentOf(id, 'Link', elsewhere)).headers['location']).toBe('https://example.com/a');
    const file = await contentOf(id, 'File', elsewhere);
    expect(file.headers).toMatchObject({ 'content-type': 'application/pdf', 'content-disposition': expect.stringContaining('"a b.pdf"') });
    expect(String(file.body)).toBe('%PDF');
    expect((await contentOf(id, 'Empty', elsewhere)).status).toBe(404);
    const picture = await elsewhere.admin.publisher<Uint8Array>('GET /apis/{apiId}/thumbnail', { path: { apiId: id } });
    expect(Buffer.from(picture.body)).toEqual(png());
  });

  it('reads what the product wrote, leads the API to its state and deploys it', async () => {
    const backend = await given.backend();
    const name = unique('Pizza');
    const further = '  propertyOfALaterVersion:\n    - of any shape\n';
    const archive = productArchive({ name, provider: home.admin.username, further });
    const path = `${name}-1.0.0/api.yaml`;

    const { id, revision } = await imported(home.admin, {
      ...archive,
      [path]: String(archive[path]).replaceAll('http://127.0.0.1:9', backend.url),
    });

    expect(revision).toBe('1');
    expect(await read(id)).toMatchObject({ name, lifeCycleStatus: 'PUBLISHED', hasThumbnail: true, isRevision: false, tags: ['pizza'] });
    const { operations } = await read(id);
    expect(operations).toMatchObject([
      { target: '/order', verb: 'POST', authType: 'Application & Application User' },
      { target: '/menu', verb: 'GET', authType: 'None' },
    ]);
    expect((await contentOf(id, 'How to order')).body).toBe('Call POST /order.');
    expect(String((await contentOf(id, 'Menu')).body)).toBe('%PDF-1.4');
    const history = await home.admin.publisher<{ list: readonly Body[] }>('GET /apis/{apiId}/lifecycle-history', { path: { apiId: id } });
    expect(history.body.list.map(({ postState }) => postState)).toEqual(['CREATED', 'PUBLISHED']);
    await eventually(
      () => gateway(`/t/${home.domain}/${name.toLowerCase()}/1.0.0/menu`),
      ({ status }) => status === 200,
    );
  });

  it('answers with a text unless JSON is asked for', async () => {
    const archive = productArchive({ name: unique('Pizza'), provider: home.admin.username });

    const answer = await importArchive(home.admin, archive);

    expect(answer).toMatchObject({ status: 200, body: 'API imported successfully.' });
  });

  it('takes the parameters the CLI sends', async () => {
    const name = unique('Pizza');
    const archive = productArchive({ name, provider: home.admin.username });
    const query = { preserveProvider: true, overwrite: true, rotateRevision: true, dryRun: false, preservePortalConfigurations: false };

    const first = await importArchive(home.admin, archive, query);
    const again = await importArchive(home.admin, archive, query);

    expect([first.status, again.status]).toEqual([200, 200]);
    expect(await unzip(await exported(home.admin, { name, version: '1.0.0', providerName: home.admin.username }))).toBeDefined();
  });

  it('keeps a version that looks like a number as it is written', async () => {
    const name = unique('Pizza');
    const archive = productArchive({ name, provider: home.admin.username, status: 'CREATED' });
    const api = String(archive[`${name}-1.0.0/api.yaml`]).replace('version: 1.0.0', 'version: 1.10');

    const { id } = await imported(home.admin, { 'api.yaml': api });

    expect(await read(id)).toMatchObject({ version: '1.10', operations: [{ target: '/menu' }] });
  });

  it('leads the API to any state through those before it', async () => {
    const archive = productArchive({ name: unique('Pizza'), provider: home.admin.username, status: 'BLOCKED' });

    const { id } = await imported(home.admin, archive);

    expect(await read(id)).toMatchObject({ lifeCycleStatus: 'BLOCKED' });
  });

  it('applies the parameters of an environment that the CLI wrapped around the archive', async () => {
    const name = unique('Pizza');
    const params = {
      endpoints: {
        production: { url: 'http://production.example', config: { actionDuration: 100 } },
        sandbox: { url: 'http://sandbox.example' },
      },
      security: { production: { enabled: true, type: 'basic', username: 'ann', password: 'x' } },
      policies: ['Gold', 'Silver'],
      deploymentEnvironments: [],
    };
    const wrapped = {
      'Production/SourceArchive.zip': await zip(productArchive({ name, provider: home.admin.username })),
      'Production/Deployment/readme.txt': 'nothing',
      'Production/intermediate_params.yaml': JSON.stringify(params),
    };

    const { id, revision } = await imported(home.admin, wrapped);

    expect(revision).toBeNull();
    expect(await read(id)).toMatchObject({
      name,
      policies: ['Gold', 'Silver'],
      endpointConfig: {
        endpoint_type: 'http',
        production_endpoints: { url: 'http://production.example' },
        sandbox_endpoints: { url: 'http://sandbox.example' },
        endpoint_security: { production: { type: 'BASIC', username: 'ann', password: '' } },
      },
    });
  });
});

describe('an import over an API', () => {
  it('changes it and its documents, and keeps its id, its owner, its picture and its subscriptions', async () => {
    const name = unique('Pizza');
    const archive = productArchive({ name, provider: home.admin.username });
    const { id } = await imported(home.admin, archive);
    const application = await given.application(home.admin);
    await given.subscription({ id }, application, { by: home.admin });
    const next: ArchiveContents = {
      'api.yaml': String(archive[`${name}-1.0.0/api.yaml`]).replace('Orders pizza.', 'Orders more.'),
      'Docs/Prices/document.yaml': String(archive[`${name}-1.0.0/Docs/Menu/document.yaml`]).replaceAll('Menu', 'Prices'),
    };

    const again = await imported(home.admin, next, { overwrite: true });

    expect(again).toEqual({ id, revision: null });
    expect(await read(id)).toMatchObject({ description: 'Orders more.', provider: home.admin.username, hasThumbnail: true });
    expect((await documentsOf(id)).map((document) => document.name)).toEqual(['Prices']);
    const subscriptions = await home.admin.publisher('GET /subscriptions', { query: { apiId: id } });
    expect(subscriptions.body).toMatchObject({ count: 1 });
  });

  it('that is not there yet makes it', async () => {
    const archive = productArchive({ name: unique('Pizza'), provider: home.admin.username });

    expect((await importArchive(home.admin, archive, { overwrite: true })).status).toBe(200);
  });

  it('waits for another one that makes the API at the same time', async () => {
    const archive = await zip(productArchive({ name: unique('Pizza'), provider: home.admin.username }));

    const answers = await Promise.all([1, 2, 3].map(() => imported(home.admin, archive, { overwrite: true })));

    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(answers.map(({ revision }) => revision).sort()).toEqual(['1', '2', '3']);
  });

  it('leaves the portal as it is when that is preserved', async () => {
    const name = unique('Pizza');
    const archive = productArchive({ name, provider: home.admin.username });
    const { id } = await imported(home.admin, archive);
    const path = `${name}-1.0.0/api.yaml`;
    const next = String(archive[path])
      .replace('Orders pizza.', 'Changed.')
      .replace('- pizza', '- changed')
      .replace('cacheTimeout: 300', 'cacheTimeout: 60');

    await imported(home.admin, { 'api.yaml': next }, { overwrite: true, preservePortalConfigurations: true });

    expect(await read(id)).toMatchObject({ description: 'Orders pizza.', tags: ['pizza'], cacheTimeout: 60 });
    expect(await documentsOf(id)).toHaveLength(2);
  });

  it('makes room for its revision by giving up the oldest one, when it may', async () => {
    const archive = productArchive({ name: unique('Pizza'), provider: home.admin.username });
    const { id } = await imported(home.admin, archive);
    for (let number = 2; number <= 5; number += 1) await imported(home.admin, archive, { overwrite: true });

    const refused = await importArchive(home.admin, archive, { overwrite: true });
    const { revision } = await imported(home.admin, archive, { overwrite: true, rotateRevision: true });

    expect(refused).toMatchObject({ status: 400, body: { code: 900351 } });
    expect(revision).toBe('6');
    const revisions = await home.admin.publisher<{ list: readonly Body[] }>('GET /apis/{apiId}/revisions', { path: { apiId: id } });
    expect(revisions.body.list.map(({ displayName }) => displayName)).toEqual([2, 3, 4, 5, 6].map((number) => `Revision ${number}`));
  });

  it('keeps stored credentials where the archive has them blank', async () => {
    const api = await given.api({ by: home.admin, with: SECURED });
    const blank = await exported(home.admin, { apiId: api.id });

    await imported(home.admin, blank, { overwrite: true });

    const after = await unzip(await exported(home.admin, { apiId: api.id, preserveCredentials: true }));
    expect(dataOf(after.get(`${api.name}-1.0.0/api.yaml`))['endpointConfig']).toMatchObject({
      endpoint_security: { production: { password: 's3cret' } },
    });
  });
});

it('tries an import without storing anything', async () => {
  const name = unique('Pizza');
  const archive = productArchive({ name, provider: home.admin.username });

  const answer = await importArchive<Body>(home.admin, archive, { dryRun: true });

  expect(answer).toMatchObject({ status: 200, body: { 'compliance-check': { result: 'pass', violations: [] } } });
  expect((await home.admin.publisher('GET /apis/export', { query: { name, version: '1.0.0' } })).status).toBe(404);
  expect((await importArchive(home.admin, archive)).status).toBe(200);
});
