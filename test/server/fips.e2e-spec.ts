import { getFips } from 'node:crypto';
import { join } from 'node:path';
import { Client } from 'pg';
import { eventually } from '../support/eventually.js';
import { Cli } from './cli.js';

/** The hashes of the passwords, and how many changes of their users the audit knows. */
const usersOf = async ({ dataDir }: Cli): Promise<readonly { readonly hash: string; readonly changes: number }[]> => {
  const database = new Client({ host: join(dataDir, 'postgres'), user: 'gatehouse', database: 'postgres' });
  await database.connect();
  try {
    const { rows } = await database.query<{ hash: string; changes: number }>(
      `SELECT password_hash AS hash, (SELECT count(*)::int FROM audit_entries WHERE kind = 'User' AND action = 'updated') AS changes FROM users`,
    );
    return rows;
  } finally {
    await database.end();
  }
};

it('starts under FIPS with OpenSSL’s provider alone, and says in one line what is missing', async () => {
  const FIPS = { APIM_CRYPTO__PROVIDER: 'FIPS' };
  if (getFips() === 1) {
    const started = await Cli.start(FIPS);
    expect((await started.stop()).code).toBe(0);
    return;
  }
  const { code, output } = await Cli.run(['start'], FIPS).end();

  expect(code).toBe(2);
  expect(output.trim().split('\n')).toEqual([
    expect.stringMatching(/^gatehouse: crypto\.provider is FIPS, but OpenSSL has no active FIPS provider; /),
  ]);
});

it('logs in with PBKDF2 where that is configured, also those who were hashed otherwise before', async () => {
  const basic = { authorization: `Basic ${btoa('admin:admin')}` };
  const before = await Cli.start();
  expect(await before.status('/scim2/Me', basic)).toBe(200);
  await before.stop();

  const server = await Cli.start({ APIM_CRYPTO__PASSWORD_HASH: 'pbkdf2', APIM_CRYPTO__PBKDF2_ITERATIONS: '100000' }, before.dataDir);

  expect(await server.status('/scim2/Me', basic)).toBe(200);
  const [admin] = await eventually(
    () => usersOf(server),
    ([{ hash = '' } = {}]) => hash.startsWith('$pbkdf2'),
  );
  expect(admin).toEqual({ hash: expect.any(String), changes: 0 });
  expect(await server.status('/scim2/Me', { authorization: `Basic ${btoa('admin:wrong')}` })).toBe(401);
  await server.stop();
  const again = await Cli.start({}, before.dataDir);
  expect(await again.status('/scim2/Me', basic)).toBe(200);
  await again.stop();
});
