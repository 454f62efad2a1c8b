import { DocumentNotFound, InvalidDocumentVisibility, UnknownDocumentType } from '../../src/apis/documents/documents.problems.js';
import { Cli } from '../server/cli.js';
import { expected } from '../support/actor.js';
import { Client, type Credential, NOBODY } from '../support/client.js';
import { given } from '../support/given.js';

const PASSWORD = 'Passw0rd1';
const basic = (username: string, password = PASSWORD): Credential => ({ basic: { username, password } });
const ADMIN = basic('admin', 'admin');

let cli: Cli;
let publisher: Client;
let devportal: Client;
let scim: Client;
beforeAll(async () => {
  cli = await Cli.start({
    APIM_APIM__PUBLISHER__ENABLE_API_DOC_VISIBILITY: 'true',
    APIM_APIM__PUBLISHER__SUPPORTED_DOCUMENT_TYPES: '["NOVEL"]',
  });
  publisher = new Client('/api/am/publisher/v4', () => ADMIN, cli.management);
  devportal = new Client('/api/am/devportal/v3', () => NOBODY, cli.management);
  scim = new Client('/scim2', () => ADMIN, cli.management);
  for (const name of ['ann', 'bob']) await user(name);
  const creator = await roleId('creator');
  const user2 = await userId('ann');
  const body = {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'add', path: 'users', value: [{ value: user2 }] }],
  };
  expected(await scim.request('PATCH /Roles/{id}', { path: { id: creator }, body }), 200);
});

afterAll(() => cli.stop());

interface Found {
  readonly Resources: readonly { readonly id: string }[];
}
const user = async (userName: string) => {
  const body = { schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'], userName, password: PASSWORD };
  expected(await scim.request('POST /Users', { body }), 201);
};
const roleId = async (name: string) => firstId(await scim.request<Found>('GET /Roles', { query: { filter: `displayName eq ${name}` } }));
const userId = async (name: string) => firstId(await scim.request<Found>('GET /Users', { query: { filter: `userName eq ${name}` } }));
const firstId = ({ body }: { readonly body: Found }): string => body.Resources[0]?.id ?? '';

/** A published API with one text of each visibility, written by ann. */
const documented = async (): Promise<string> => {
  const { id: apiId } = expected(await publisher.request<{ id: string }>('POST /apis', { body: given.apiProperties() }), 201);
  for (const visibility of ['API_LEVEL', 'PRIVATE', 'OWNER_ONLY']) {
    const body = { name: visibility, type: 'HOWTO', sourceType: 'INLINE', visibility };
    expected(await publisher.request('POST /apis/{apiId}/documents', { path: { apiId }, body, as: basic('ann') }), 201);
  }
  expected(await publisher.request('POST /apis/change-lifecycle', { query: { apiId, action: 'Publish' } }), 200);
  return apiId;
};

interface List {
  readonly count: number;
  readonly list: readonly { readonly documentId: string; readonly name: string }[];
}
const read = (operation: string, apiId: string, as: Credential, documentId = '') =>
  devportal.request<List>(`GET /apis/{apiId}/documents${operation}`, { path: { apiId, documentId }, as });
const seen = async (apiId: string, as: Credential) => expected(await read('', apiId, as), 200).list.map(({ name }) => name);

it('is offered to the portals', async () => {
  expect((await publisher.request('GET /settings')).body).toMatchObject({ docVisibilityEnabled: true });
});

it('shows in the developer portal what a reader may see', async () => {
  const apiId = await documented();

  expect(await seen(apiId, NOBODY)).toEqual(['API_LEVEL']);
  expect(await seen(apiId, basic('bob'))).toEqual(['API_LEVEL', 'PRIVATE']);
  expect(await seen(apiId, basic('ann'))).toEqual(['API_LEVEL', 'OWNER_ONLY', 'PRIVATE']);
  expect(await seen(apiId, ADMIN)).toEqual(['API_LEVEL', 'OWNER_ONLY', 'PRIVATE']);
});

interface Hits {
  readonly list: readonly { readonly type: string; readonly name: string }[];
}

it.each(['doc:*', 'content:*'])('finds in the developer portal what a reader may see: %s', async (query) => {
  const apiId = await documented();
  const { name } = expected(await publisher.request<{ name: string }>('GET /apis/{apiId}', { path: { apiId } }), 200);
  const search = async (as: Credential) => {
    const { body } = await devportal.request<Hits>('GET /search', {
      query: { query: `${query} name:${name}` },
      as,
    });
    return body.list.filter(({ type }) => type === 'DOC').map((document) => document.name);
  };
  const lists = async (document: string, as: Credential) =>
    expected(await devportal.request<List>('GET /apis', { query: { query: `doc:${document} name:${name}` }, as }), 200).count;

  expect(await search(NOBODY)).toEqual(['API_LEVEL']);
  expect(await search(basic('bob'))).toEqual(['API_LEVEL', 'PRIVATE']);
  for (const owner of [basic('ann'), ADMIN]) expect(await search(owner)).toEqual(['API_LEVEL', 'OWNER_ONLY', 'PRIVATE']);
  expect([await lists('PRIVATE', NOBODY), await lists('PRIVATE', basic('bob')), await lists('OWNER_ONLY', basic('bob'))]).toEqual([
    0, 1, 0,
  ]);
});

it('hides the others by their ids too, content included', async () => {
  const apiId = await documented();
  const { list } = expected(await read('', apiId, ADMIN), 200);
  const id = (name: string) => list.find((document) => document.name === name)?.documentId ?? '';

  for (const [name, reader, status] of [
    ['API_LEVEL', NOBODY, 200],
    ['PRIVATE', NOBODY, 404],
    ['PRIVATE', basic('bob'), 200],
    ['OWNER_ONLY', basic('bob'), 404],
    ['OWNER_ONLY', basic('ann'), 200],
  ] as const) {
    for (const operation of ['/{documentId}', '/{documentId}/content']) {
      const answer = await read(operation, apiId, reader, id(name));
      expect(answer.status).toBe(status);
      if (status === 404) expect(answer).toFailWith(DocumentNotFound(id(name)));
    }
  }
});

it('takes the types of the configuration, and no others', async () => {
  const { id: apiId } = expected(await publisher.request<{ id: string }>('POST /apis', { body: given.apiProperties() }), 201);
  const add = (type: string) =>
    publisher.request('POST /apis/{apiId}/documents', {
      path: { apiId },
      body: { name: type, type, sourceType: 'INLINE', visibility: 'API_LEVEL' },
    });

  expect(await add('NOVEL')).toMatchObject({ status: 201, body: { type: 'NOVEL' } });
  expect(await add('POEM')).toFailWith(UnknownDocumentType());
});

it('is refused where it is not offered', async () => {
  const { id: apiId } = await given.api();
  const body = { name: 'Guide', type: 'HOWTO', sourceType: 'INLINE', visibility: 'PRIVATE' };

  const answer = await given.superAdmin.publisher('POST /apis/{apiId}/documents', { path: { apiId }, body });

  expect(answer).toFailWith(InvalidDocumentVisibility('PRIVATE'));
});
