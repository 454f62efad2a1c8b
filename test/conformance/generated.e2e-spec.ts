import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { load } from 'js-yaml';
import type { Actor } from '../support/actor.js';
import { Client, type Credential, management, NOBODY } from '../support/client.js';
import { APIS, type Api, type Contract, contractOf, contractsFolder, loadContract, type Operation } from '../support/contracts.js';
import { given, type Organization } from '../support/given.js';
import { servedDocuments } from '../support/served-documents.js';
import { isAnonymous } from './anonymous.js';
import { sampleBody, sampleQuery } from './sample.js';

// One table over every operation that is both in a contract and in a served document, with what holds for all of them.

/** Values of path parameters that name no resource of anybody's. */
const COMMON_VALUES: Readonly<Record<string, string>> = { policyLevel: 'subscription', keyType: 'PRODUCTION', roleId: 'aW50ZXJuYWw' };

/** Operations that answer 200 for an id nobody has; each with its source. */
const KNOWS_NO_OWNER: Readonly<Record<string, string>> = {
  'publisher-v4 GET /apis/{apiId}/revisions': 'publisher.md §5: no existence check, an empty list',
  'publisher-v4 GET /api-products/{apiProductId}/revisions': 'publisher.md §8: as of APIs',
  'admin-v4 GET /tenant-info/{username}': 'admin.md §10: tells the tenant a user name belongs to, whether the user exists or not',
};

interface Row {
  readonly name: string;
  readonly api: Api;
  readonly contract: Contract;
  readonly operation: Operation;
}

const contracts = contractsFolder();
const documents = contracts
  ? servedDocuments(join(process.env['CONFORMANCE_DIR'] ?? '.conformance', 'served'))
  : new Map<string, Contract>();
const rows: readonly Row[] = APIS.flatMap((api) => {
  const document = documents.get(api.name);
  if (!contracts || !document) return [];
  const contract = loadContract(api.name, contracts);
  return [...contract.operations.values()]
    .filter(({ key }) => document.operations.has(key))
    .map((operation) => ({ name: `${api.name} ${operation.key}`, api, contract, operation }));
});

/** Rows for `it.each`; a table must not be empty. */
const table = (condition: (row: Row) => boolean): [string, Row][] => rows.filter(condition).map((row) => [row.name, row]);

const clientOf = ({ api }: Row, credential: Credential) => new Client(api.bases[0] ?? '', () => credential);

const idsOf = (operation: Operation) => [...operation.path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name ?? '');

/** Sends the operation with valid parameters and body; ids come from the given values, else they name nothing. */
const send = (row: Row, credential: Credential, ids: Readonly<Record<string, string>> = {}) => {
  const names = idsOf(row.operation);
  const path = Object.fromEntries(names.map((name) => [name, ids[name] ?? COMMON_VALUES[name] ?? randomUUID()]));
  const { contract, operation } = row;
  return clientOf(row, credential).request(operation.key, {
    path,
    query: sampleQuery(contract, operation, ids),
    ...sampleBody(contract, operation, ids),
  });
};

const bearerOf = async (actor: Actor): Promise<Credential> => ({ bearer: await actor.token() });

/** Which credential the API takes: the runtime APIs only know Basic. */
const credentialOf = ({ api }: Row, actor: Actor): Credential | Promise<Credential> =>
  /^(gateway|internal-data|devops|client-registration)/.test(api.name) ? actor.basic : bearerOf(actor);

if (!contracts) {
  describe('every declared operation', () => {
    it.skip('skipped: there are no contracts at ../shared/contracts (CONTRACTS_DIR names another place)', () => undefined);
  });
} else {
  describe('every declared operation', () => {
    let stranger: Organization;
    let owned: Readonly<Record<string, string>>;

    beforeAll(async () => {
      const owner = await given.organization();
      stranger = await given.organization();
      owned = await resourcesOf(owner.admin);
    });

    it('is there', () => expect(rows.length).toBeGreaterThan(0));

    it.each(table(({ name }) => !isAnonymous(name)))('%s refuses a caller without a credential', async (_, row) => {
      const answer = await send(row, NOBODY);

      expect(answer.status).toBe(401);
    });

    it.each(table(({ name }) => isAnonymous(name)))('%s is open to a caller without a credential', async (_, row) => {
      const answer = await send(row, NOBODY);

      expect([200, 400, 404]).toContain(answer.status);
    });

    it.each(
      table(({ name, operation }) => operation.scopes.length > 0 && !isAnonymous(name)),
    )('%s refuses a token of another scope', async (_, row) => {
      const scope = ['apim:store_settings', 'apim:role_manage'].find((candidate) => !row.operation.scopes.includes(candidate)) ?? '';

      const answer = await send(row, { bearer: await stranger.admin.token(scope) });

      expect(answer.status).toBe(401);
    });

    it.each(
      table(({ name, operation }) => !(name in KNOWS_NO_OWNER) && idsOf(operation).some((id) => !(id in COMMON_VALUES))),
    )("%s hides another tenant's resource", async (_, row) => {
      const answer = await send(row, await credentialOf(row, stranger.admin), owned);

      expect([403, 404]).toContain(answer.status);
    });

    it.each(table(({ operation }) => operation.body.has('application/json')))('%s refuses malformed JSON', async (_, row) => {
      const credential = await credentialOf(row, stranger.admin);
      const path = Object.fromEntries(idsOf(row.operation).map((id) => [id, COMMON_VALUES[id] ?? randomUUID()]));
      const query = sampleQuery(row.contract, row.operation, {});
      const headers = { 'content-type': 'application/json' };

      const answer = await clientOf(row, credential).request(row.operation.key, { path, query, headers, raw: '{"name": ' });

      expect(answer).toFailWith({ status: 400, code: 400, message: 'Bad Request' });
    });

    it.each(table(({ operation }) => operation.body.has('multipart/form-data')))('%s refuses a form that breaks off', async (_, row) => {
      const credential = await credentialOf(row, stranger.admin);
      const path = Object.fromEntries(idsOf(row.operation).map((id) => [id, COMMON_VALUES[id] ?? randomUUID()]));
      const query = sampleQuery(row.contract, row.operation, {});
      const headers = { 'content-type': 'multipart/form-data; boundary=x' };
      const raw = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhalf';

      const answer = await clientOf(row, credential).request(row.operation.key, { path, query, headers, raw });

      expect(answer.status).toBe(400);
    });
  });

  describe('the served definition', () => {
    const documented = APIS.filter(({ name, definition }) => definition && documents.has(name)).map((api): [string, Api] => [
      api.name,
      api,
    ]);

    it.each(documented)('of %s is YAML, anonymous, and names every declared operation', async (name, api) => {
      const answer = await management.request<unknown>(`GET ${api.bases[0]}${api.definition}`);

      expect(answer.status).toBe(200);
      expect(answer.headers['content-type']).toContain('yaml');
      const served = contractOf(name, load(String(answer.body)) as Parameters<typeof contractOf>[1]); // an OpenAPI document
      expect([...served.operations.keys()].sort()).toEqual([...(documents.get(name)?.operations.keys() ?? [])].sort());
    });
  });
}

/** One resource of each kind that has an id in a path, by the name of the path parameter. */
const resourcesOf = async (by: Actor): Promise<Readonly<Record<string, string>>> => {
  const api = await given.publishedApi({ by });
  const revisions = await by.publisher<{ list: readonly { id: string }[] }>('GET /apis/{apiId}/revisions', { path: { apiId: api.id } });
  const application = await given.application(by);
  const subscription = await given.subscription(api, application, { by });
  const keys = await given.keys(application, { by });
  const product = await by.publisher<{ id: string }>('POST /api-products', { body: { name: 'Product', context: '/product' } });
  return {
    apiId: api.id,
    apiProductId: product.body.id,
    revisionId: revisions.body.list[0]?.id ?? '',
    applicationId: application.applicationId,
    subscriptionId: subscription.subscriptionId,
    keyMappingId: keys.keyMappingId,
  };
};
