import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError, Option } from 'commander';
import { StartError } from './platform/config/config-error.js';

/** The folder of the package: configuration, migrations and profiles are beside `dist/`. */
const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const EXIT_REFUSED = 2;

interface StartOptions {
  readonly config?: string;
  readonly profile?: string;
}

/** The command line: `gatehouse <noun> <verb>`; `start` alone runs the server. */
export const run = async (argv: readonly string[]): Promise<void> => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const program = new Command('gatehouse').description('The API manager.').version(String(version));
  withConfig(program.command('start').description('Starts the server and runs it until it is told to stop.')).action(
    (options: StartOptions) =>
      guarded(async () => {
        const { start } = await import('./main.js');
        await start({ root: ROOT, configFile: configFile(options), profile: options.profile ?? process.env['APIM_PROFILE'] });
      }),
  );
  const config = program.command('config').description('Configuration.');
  config
    .command('docs')
    .description('Writes the documentation of every key.')
    .option('--out <file>', 'where to write it; standard output when left out')
    .option('--toml', 'as a commented deployment.toml instead')
    .action((options: { readonly out?: string; readonly toml?: boolean }) =>
      guarded(async () => {
        const { describeMarkdown, describeToml } = await import('./platform/config/describe.js');
        write(options.out, options.toml ? describeToml() : describeMarkdown());
      }),
    );
  withConfig(config.command('check').description('Reads the configuration and says what is wrong with it.')).action(
    (options: StartOptions) =>
      guarded(async () => {
        const { loadConfig } = await import('./platform/config/load.js');
        const { warnings } = loadConfig(configFile(options), process.env);
        for (const warning of warnings) console.log(`warning: ${warning}`);
        console.log('the configuration is valid');
      }),
  );
  const secrets = program.command('secrets').description('Secrets of the configuration, and those the database holds encrypted.');
  withConfig(
    secrets.command('encrypt').description('Reads a value from standard input and prints what may stand for it in the table [secrets].'),
  ).action((options: StartOptions) =>
    guarded(async () => {
      const [{ readSecret }, { encryptSecret }] = await Promise.all([
        import('./platform/process/read-secret.js'),
        import('./platform/process/secrets-command.js'),
      ]);
      write(undefined, `${encryptSecret(configFile(options), await readSecret())}\n`);
    }),
  );
  withConfig(
    secrets.command('rotate').description('Encrypts everything that is stored encrypted under a new key; servers may run meanwhile.'),
  )
    .option('--finish', 'also drops the older keys, when nothing needs them any more')
    .action((options: StartOptions & { readonly finish?: boolean }) =>
      guarded(async () => {
        const { rotateSecrets } = await import('./platform/process/secrets-command.js');
        const lines = await rotateSecrets({ root: ROOT, configFile: configFile(options), finish: options.finish === true });
        write(undefined, `${lines.join('\n')}\n`);
      }),
    );
  const keys = program.command('keys').description('The keys that sign tokens.');
  withConfig(keys.command('rotate').description('Gives tenants new signing keys; tokens that live stay good. Servers may be running.'))
    .option('--tenant <domain>', 'one tenant; all of them when left out')
    .addOption(
      new Option('--after <seconds>', 'when the new keys begin to sign; until then they are only made known')
        .default('60')
        .argParser(seconds),
    )
    .action((options: StartOptions & { readonly tenant?: string; readonly after: string | number }) =>
      guarded(async () => {
        const { rotateKeys } = await import('./keys/signing/rotate-command.js');
        const { tenant, after } = options;
        await rotateKeys({ root: ROOT, configFile: configFile(options), tenant, afterSeconds: Number(after) }, console.log);
      }),
    );
  program
    .command('openapi')
    .description('Writes the OpenAPI document of each API as JSON.')
    .requiredOption('--out <folder>', 'folder to write them to')
    .action((options: { readonly out: string }) =>
      guarded(async () => {
        const { openApiDocuments } = await import('./documents.js');
        mkdirSync(options.out, { recursive: true });
        for (const [name, document] of await openApiDocuments()) writeFileSync(join(options.out, `${name}.json`), JSON.stringify(document));
      }),
    );
  await program.parseAsync([...argv]);
};

const withConfig = (command: Command): Command =>
  command
    .addOption(new Option('--config <file>', 'configuration file').env('APIM_CONFIG'))
    .addOption(new Option('--profile <name>', 'which modules run: all-in-one, control-plane, gateway, key-manager'))
    .addOption(new Option('-D <property>', 'the product’s way to name a profile: -Dprofile=<name>').hideHelp())
    .hook('preAction', (_, command) => {
      const { D: property } = command.opts<{ D?: string }>();
      const [, profile] = /^profile=(.+)$/.exec(property ?? '') ?? [];
      if (profile) command.setOptionValue('profile', profile);
    });

const configFile = (options: StartOptions): string | undefined => {
  if (options.config) return resolve(options.config);
  const usual = join(ROOT, 'config', 'deployment.toml');
  return existsSync(usual) ? usual : undefined;
};

const seconds = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 31_536_000)
    throw new InvalidArgumentError('It must be a number of seconds, a year at most.');
  return value;
};

const write = (file: string | undefined, text: string): void => {
  if (file) writeFileSync(file, text);
  else process.stdout.write(text);
};

/** A mistake of the operator is one line and exit code 2; anything else is our bug and shows its stack. */
const guarded = async (work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (err) {
    if (!(err instanceof StartError)) throw err;
    process.stderr.write(`gatehouse: ${err.message}\n`);
    process.exit(EXIT_REFUSED);
  }
};
