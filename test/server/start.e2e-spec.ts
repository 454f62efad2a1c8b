import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Cli, freeOffset, temporaryFolder } from './cli.js';

const configFile = (toml: string): string => {
  const file = join(temporaryFolder(), 'deployment.toml');
  writeFileSync(file, toml);
  return file;
};

/** The run ended with one line for the operator and no stack trace. */
const expectRefusal = async (cli: Cli, message: RegExp) => {
  const { code, output } = await cli.end();
  const lines = output.trim().split('\n');
  expect(code).toBe(2);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(message);
};

describe('a mistake stops the start with one line', () => {
  it.each([
    ['an unknown key', '[server]\nofset = 1', /unknown configuration key server\.ofset; the nearest known key is server\.offset/],
    ['a wrong type', '[gateway]\nhttp_port = "many"', /gateway\.http_port must be a number, not "many"/],
    ['a file that is no TOML', '[server\n', /deployment\.toml:1:\d+/],
    [
      'a database that cannot be reached',
      `[database]\nurl = "postgres://a:b@127.0.0.1:1/x"\n[super_admin]\npassword = "other"\n[encryption]\nkey = "${'a'.repeat(64)}"`,
      /the database cannot be reached: .*check database\.url/,
    ],
    [
      'an external database without an encryption key',
      '[database]\nurl = "postgres://a:b@127.0.0.1:1/x"\n[super_admin]\npassword = "other"',
      /encryption\.key is not set/,
    ],
    [
      'an external database with the default password',
      '[database]\nurl = "postgres://a:b@127.0.0.1:1/x"',
      /super_admin\.password is still admin/,
    ],
    ['a key that is none', '[encryption]\nkey = "abc"', /encryption\.key must be 64 hexadecimal digits/],
  ])('%s', async (_, toml, message) => expectRefusal(Cli.run(['start', '--config', configFile(toml)], {}, await freeOffset()), message));

  it('a configuration file that is not there', () =>
    expectRefusal(Cli.run(['start', '--config', '/no/such.toml']), /\/no\/such\.toml does not exist/));

  it('a data folder that cannot be written', () =>
    expectRefusal(
      Cli.run(['start'], {}, 0, '/dev/null/data'),
      /the data folder \/dev\/null\/data cannot be written: .*; set server\.data_dir/,
    ));

  it('an offset that leads beyond the last port', () =>
    expectRefusal(Cli.run(['start'], { APIM_GATEWAY__HTTP_PORT: '60000' }, 10_000), /port 70000 does not exist, 65535 is the highest/));

  it('an unknown profile', () =>
    expectRefusal(
      Cli.run(['start', '--profile', 'contrl-plane']),
      /unknown profile contrl-plane; the nearest known profile is control-plane/,
    ));

  it('a gateway without a database to follow', () => expectRefusal(Cli.run(['start', '-Dprofile=gateway-worker']), /set database\.url/));

  it.each([9443, 8280, 8243])('port %d taken', async (port) => {
    const offset = await freeOffset();
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(port + offset, () => resolve()));

    await expectRefusal(Cli.run(['start'], {}, offset), new RegExp(`port ${port + offset} is taken`));
    holder.close();
  });
});

describe('the command line', () => {
  it('shows its version and help', async () => {
    expect((await Cli.run(['--version']).end()).output).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await Cli.run(['--help']).end()).output).toMatch(/Usage: gatehouse [\s\S]*start \[options\]/);
    expect((await Cli.run(['start', '--help']).end()).output).toMatch(/--config <file>[\s\S]*--profile <name>/);
  });

  it('warns once for each key without effect and goes on', async () => {
    const { code, output } = await Cli.run([
      'config',
      'check',
      '--config',
      configFile('[keystore.internal]\nfile_name = "a"\n[apim.event_hub]\nenable = true'),
    ]).end();

    expect(code).toBe(0);
    expect(output.match(/^warning: /gm)).toHaveLength(2);
  });
});

it('starts, says what runs where, refuses a second server on its data and its ports, and stops in order', async () => {
  const first = await Cli.start();

  expect(first.output).toContain(`management  ${first.management}`);
  expect(first.output).toMatch(/first admin admin, password from super_admin\.password/);
  expect(first.output).toMatch(/ready in \d+ ms/);
  // Nothing to be alarmed at, of ours or of a library's.
  expect(first.output).not.toMatch(/warn|deprecat|unsupported|"level":[456]0/i);
  expect(await first.status('/healthz')).toBe(200);
  expect(await first.status('/startupz')).toBe(200);
  expect(await first.status('/services/Version')).toBe(200);
  await expectRefusal(Cli.run(['start'], {}, await freeOffset(), first.dataDir), /is in use by process \d+/);
  await expectRefusal(Cli.run(['start'], {}, first.offset), /port \d+ is taken/);
  expect((await first.stop()).code).toBe(0);
});

it('makes a folder for its data where there was none, and writes nowhere else', async () => {
  const dataDir = join(temporaryFolder(), 'deep', 'er', 'data');
  mkdirSync(join(dataDir, '..'), { recursive: true });

  const server = await Cli.start({}, dataDir);

  expect((await server.stop()).code).toBe(0);
});
