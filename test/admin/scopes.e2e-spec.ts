import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { ADMIN_SCOPES } from '../../src/admin-settings/admin-scopes.js';
import { isAnonymous } from '../conformance/anonymous.js';
import { sampleBody, sampleQuery } from '../conformance/sample.js';
import type { Actor } from '../support/actor.js';
import { type Contract, contractsFolder, loadContract, type Operation } from '../support/contracts.js';
import { given } from '../support/given.js';
import { servedDocuments } from '../support/served-documents.js';

// Which scopes open which operation of the admin API: the contract's table, asked of the running server.

const NAME = 'admin-v4';

const folder = contractsFolder();

/** @throws where the server has written no document: then there is nothing to ask of it. */
const servedDocument = () => {
  const document = servedDocuments(join(process.env['CONFORMANCE_DIR'] ?? '.conformance', 'served')).get(NAME);
  if (!document) throw new Error(`the server under test wrote no document of ${NAME}`);
  return document;
};

const send = (contract: Contract, operation: Operation, by: Actor) => {
  const names = [...operation.path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name ?? '');
  return by.admin(operation.key, {
    path: Object.fromEntries(names.map((name) => [name, randomUUID()])),
    query: sampleQuery(contract, operation, {}),
    ...sampleBody(contract, operation, {}),
  });
};

if (!folder) {
  it.skip('skipped: there are no contracts at ../shared/contracts (CONTRACTS_DIR names another place)', () => undefined);
} else {
  const served = servedDocument();
  const contract = loadContract(NAME, folder);
  const operations = [...contract.operations.values()].filter(({ key }) => served.operations.has(key));
  const table = operations
    .filter(({ key }) => !isAnonymous(`${NAME} ${key}`))
    .map((operation): [string, Operation] => [operation.key, operation]);
  const actors = new Map<string, Actor>();
  let admin: Actor;
  beforeAll(async () => {
    // Of its own: what the operations do with an empty body is done to this tenant.
    ({ admin } = await given.organization());
  });
  /** The administrator with these scopes; one actor for each set, so that each asks for a token once. */
  const holding = (scopes: readonly string[]): Actor => {
    const key = scopes.join(' ');
    const actor = actors.get(key) ?? admin.withScopes(...scopes);
    actors.set(key, actor);
    return actor;
  };

  it('has a scope for every operation', () => {
    expect(table.length).toBeGreaterThan(60);
    expect(table.filter(([, { scopes }]) => scopes.length === 0)).toEqual([]);
  });

  it('offers every one of these scopes at sign-in', () => {
    const needed = new Set(operations.flatMap(({ scopes }) => scopes));

    expect([...needed].filter((scope) => !ADMIN_SCOPES.includes(scope))).toEqual([]);
  });

  it.each(table)('%s is opened by each scope of the contract alone', async (_, operation) => {
    for (const scope of operation.scopes) {
      const { status } = await send(contract, operation, holding([scope]));

      expect([scope, status]).not.toEqual([scope, 401]);
    }
  });

  it.each(table)('%s is not opened by all the other scopes together', async (_, operation) => {
    const others = ADMIN_SCOPES.filter((scope) => !operation.scopes.includes(scope));

    const { status } = await send(contract, operation, holding(others));

    expect(status).toBe(401);
  });
}
