import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { Agent, fetch } from 'undici';
import { KeyFile } from '../../src/platform/crypto/key-ring.js';
import { SEALED_COLUMNS } from '../../src/platform/crypto/sealed-columns.js';
import { SecretRotation } from '../../src/platform/crypto/secret-rotation.js';
import { Cli, temporaryFolder } from './cli.js';

const insecure = new Agent({ connect: { rejectUnauthorized: false } });
const CLI = join(process.cwd(), 'dist', 'cli.js');
const SECRETS_DCR = '/client-registration/v0.17/register';
const dcr = (clientName: string) => ({ clientName, owner: 'admin', grantType: 'client_credentials', saasApp: true, callbackUrl: '' });

interface Registered {
  readonly clientId: string;
  readonly clientSecret: string;
}

const gatehouse = (
  dataDir: string,
  parameters: readonly string[],
  { input = '', env = {} }: { input?: string; env?: NodeJS.ProcessEnv } = {},
) => {
  const environment = { ...process.env, NODE_OPTIONS: '', APIM_SERVER__DATA_DIR: dataDir, ...env };
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...parameters], { encoding: 'utf8', input, env: environment });
  return { code: status, output: stdout + stderr };
};

const keysIn = (dataDir: string): readonly string[] => readFileSync(join(dataDir, 'encryption.key'), 'utf8').trim().split('\n');

/** A connection to the embedded database of a running server. */
const connected = async (dataDir: string): Promise<Client> => {
  const host = readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[4] ?? '';
  const client = new Client({ host, user: 'gatehouse', database: 'postgres' });
  await client.connect();
  return client;
};

/** Everything that holds a secret the server keeps encrypted: a client, an API with endpoint credentials and its revision, an external store. */
const withSecrets = async (server: Cli): Promise<Registered> => {
  const registered = (await server.post(SECRETS_DCR, dcr('before'))) as { body: Registered }; // DCR answers with credentials
  const security = { enabled: true, type: 'BASIC', username: 'u', password: 'endpoint-password' };
  const url = { url: 'http://127.0.0.1:9' };
  const api = await server.post('/api/am/publisher/v4/apis', {
    ...{ name: 'Sealed', context: '/sealed', version: '1.0.0', policies: ['Unlimited'] },
    endpointConfig: {
      endpoint_type: 'http',
      production_endpoints: url,
      sandbox_endpoints: url,
      endpoint_security: { production: security },
    },
  });
  const { id } = api.body as { id: string }; // a created API
  expect(api.status).toBe(201);
  expect(await server.post(`/api/am/publisher/v4/apis/${id}/revisions`, { description: 'one' })).toMatchObject({ status: 201 });
  return registered.body;
};

const tokenStatus = async (server: Cli, { clientId, clientSecret }: Registered): Promise<number> => {
  const headers = { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ grant_type: 'client_credentials' });
  return (await fetch(`${server.management}/oauth2/token`, { method: 'POST', dispatcher: insecure, headers, body })).status;
};

it('rotates the key of a running server, which serves on; the older key goes when nothing needs it', async () => {
  const server = await Cli.start();
  const { dataDir } = server;
  const client = await withSecrets(server);
  const [first] = keysIn(dataDir);

  const command = Cli.run(['secrets', 'rotate'], {}, 0, dataDir);
  const meanwhile: Registered[] = [];
  while (command.child.exitCode === null) {
    const { body } = (await server.post(SECRETS_DCR, dcr(`meanwhile-${meanwhile.length}`))) as { body: Registered }; // DCR answers with credentials
    meanwhile.push(body);
  }
  const rotated = await command.end();

  expect(rotated).toMatchObject({
    code: 0,
    output: expect.stringMatching(/signing_keys\.private_key: 1 re-encrypted.*apis\.details: 1.*everything is under the key/s),
  });
  const [second, previous, ...rest] = keysIn(dataDir);
  expect([previous, rest]).toEqual([first, []]);
  expect(second).not.toBe(first);
  expect(await tokenStatus(server, client)).toBe(200);

  const finished = gatehouse(dataDir, ['secrets', 'rotate', '--finish']);

  expect(finished).toMatchObject({ code: 0, output: expect.stringContaining('the older keys are gone') });
  expect(keysIn(dataDir)).toEqual([second]);
  await server.stop();
  const again = await Cli.start({}, dataDir);
  for (const each of [client, ...meanwhile]) expect(await tokenStatus(again, each)).toBe(200);
  const { body } = (await again.post(SECRETS_DCR, dcr('after'))) as { body: Registered }; // DCR answers with credentials
  expect(await tokenStatus(again, body)).toBe(200);
  await again.stop();
  // A server that does not run is no obstacle; the rotation begins anew.
  expect(gatehouse(dataDir, ['secrets', 'rotate'])).toMatchObject({ code: 0 });
  expect(keysIn(dataDir)).toHaveLength(2);
});

it('keeps the older keys while a column that nobody registered needs them, and every column is registered', async () => {
  const server = await Cli.start();
  const { dataDir } = server;
  await withSecrets(server);
  const database = await connected(dataDir);
  const connection = {
    query: async <T extends object>(text: string, values: readonly unknown[] = []) => (await database.query<T>(text, [...values])).rows,
  };
  const ring = new KeyFile(join(dataDir, 'encryption.key'));
  ring.write(['77'.repeat(32), ...keysIn(dataDir)]);

  const holding = await new SecretRotation(connection, ring).leftBehind();

  const registered = SEALED_COLUMNS.map(({ table, column }) => `${table}.${column}`);
  expect(holding.filter((column) => !registered.includes(column))).toEqual([]);
  expect(holding).toEqual(
    expect.arrayContaining(['signing_keys.private_key', 'oauth_client_secrets.secret', 'apis.details', 'api_revisions.snapshot']),
  );
  const { rows } = await database.query('SELECT private_key FROM signing_keys LIMIT 1');
  await database.query('CREATE TABLE forgotten (it text)');
  await database.query('INSERT INTO forgotten VALUES ($1)', [rows[0].private_key]);
  expect(gatehouse(dataDir, ['secrets', 'rotate', '--finish'])).toMatchObject({
    code: 2,
    output: expect.stringContaining('the older keys stay: they are still needed in forgotten.it'),
  });
  expect(keysIn(dataDir)).toHaveLength(2);
  await database.end();
  await server.stop();
});

it('rotates keys that are configured: read before they are in force, and dropped after nothing needs them', async () => {
  const [first, second] = ['12'.repeat(32), '34'.repeat(32)];
  const before = await Cli.start({ APIM_ENCRYPTION__KEY: first });
  const { dataDir } = before;
  const client = await withSecrets(before);
  await before.stop();
  const file = join(temporaryFolder(), 'deployment.toml');
  const sealed = gatehouse(dataDir, ['secrets', 'encrypt'], { input: 'value', env: { APIM_ENCRYPTION__KEY: first } }).output.trim();
  writeFileSync(file, `[secrets]\nold = "${sealed}"\n`);
  const env = { APIM_ENCRYPTION__KEY: second, APIM_ENCRYPTION__PREVIOUS_KEYS: `["${first}"]` };
  const server = await Cli.start(env, dataDir);
  expect(await tokenStatus(server, client)).toBe(200);

  const rotated = gatehouse(dataDir, ['secrets', 'rotate'], { env });

  expect(rotated).toMatchObject({ code: 0, output: expect.stringContaining('oauth_client_secrets.secret: 1 re-encrypted') });
  expect(gatehouse(dataDir, ['secrets', 'rotate', '--finish', '--config', file], { env })).toMatchObject({
    code: 2,
    output: expect.stringContaining('[secrets] old of the configuration need them'),
  });
  expect(gatehouse(dataDir, ['secrets', 'rotate', '--finish'], { env })).toMatchObject({
    code: 0,
    output: expect.stringContaining('encryption.previous_keys may be emptied'),
  });
  await server.stop();
  const after = await Cli.start({ APIM_ENCRYPTION__KEY: second }, dataDir);
  expect(await tokenStatus(after, client)).toBe(200);
  await after.stop();
});

it('encrypts values for the configuration, which only the key opens', async () => {
  const [dataDir, folder] = [temporaryFolder(), temporaryFolder()];
  const env = { APIM_ENCRYPTION__KEY: '12'.repeat(32) };
  const file = join(folder, 'deployment.toml');

  const { code, output } = gatehouse(dataDir, ['secrets', 'encrypt'], { input: 'pass $ref{word}\n', env });

  expect(code).toBe(0);
  expect(output).toMatch(/^v2:[0-9a-f]{8}:[\w-]+\n$/);
  writeFileSync(file, `[super_admin]\npassword = "$secret{admin}"\n\n[secrets]\nadmin = "${output.trim()}"\n`);
  const server = await Cli.start(env, dataDir, ['--config', file]);
  const basic = `Basic ${btoa('admin:pass $ref{word}')}`;
  expect(await server.status('/api/am/publisher/v4/apis', { authorization: basic })).toBe(200);
  await server.stop();
  expect(gatehouse(dataDir, ['config', 'check', '--config', file], { env: { APIM_ENCRYPTION__KEY: '34'.repeat(32) } })).toMatchObject({
    code: 2,
    output: expect.stringContaining('super_admin.password: $secret{admin} cannot be decrypted with encryption.key'),
  });
  expect(gatehouse(temporaryFolder(), ['config', 'check', '--config', file])).toMatchObject({
    code: 2,
    output: expect.stringContaining('neither encryption.key nor'),
  });
  expect(gatehouse(dataDir, ['secrets', 'encrypt'], { input: '', env })).toMatchObject({ code: 2 });
});
