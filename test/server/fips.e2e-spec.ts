import { getFips } from 'node:crypto';
import { Cli } from './cli.js';

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
  expect(await server.status('/scim2/Me', { authorization: `Basic ${btoa('admin:wrong')}` })).toBe(401);
  await server.stop();
  const again = await Cli.start({}, before.dataDir);
  expect(await again.status('/scim2/Me', basic)).toBe(200);
  await again.stop();
});
