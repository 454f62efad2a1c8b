import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Cli, temporaryFolder } from './server/cli.js';
import { Shell } from './support/shell.js';

/** A block of commands, with what the block behind it shows. */
interface Step {
  readonly commands: string;
  readonly shown: string;
}

const BLOCK = /```(?:sh|bash)\n([\s\S]*?)```(?:\n\n```(?:json|text)?\n([\s\S]*?)```)?/g;

const stepsOf = (page: string): readonly Step[] =>
  [...readFileSync(page, 'utf8').matchAll(BLOCK)].map(([, commands = '', shown = '']) => ({ commands, shown }));

/** Names of JSON members and of the parameters of an address: what stays the same from one run to the next. */
const namesIn = (text: string): readonly string[] =>
  [...text.matchAll(/"([\w:/.]+)":|[?&#](\w+)=/g)].map(([, key, name]) => key ?? name ?? '');

/** Where a page leaves something out, anything may stand; all it names has to come, in its order. */
const missingIn = (output: string, shown: string): readonly string[] => {
  const given = namesIn(output);
  let from = 0;
  return namesIn(shown).filter((name) => {
    const at = given.indexOf(name, from);
    if (at >= 0) from = at + 1;
    return at < 0;
  });
};

let cli: Cli;
beforeAll(async () => {
  cli = await Cli.start({
    APIM_OAUTH__GRANT_TYPE__IMPLICIT__ENABLE: 'true',
    APIM_APIM__DEVPORTAL__ENABLE_CROSS_TENANT_SUBSCRIPTIONS: 'true',
  });
});
afterAll(() => cli.stop());

/** The folder of the reader: the libraries are installed there. */
const folderOf = (page: string): string => {
  const folder = temporaryFolder();
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'));
  const [, script] = /`(?:assertion\.mjs)`[\s\S]*?```js\n([\s\S]*?)```/.exec(readFileSync(page, 'utf8')) ?? [];
  if (script !== undefined) writeFileSync(join(folder, 'assertion.mjs'), script);
  return folder;
};

/** Commands that the README's quick start begins with, for pages that go on from there. */
const signIn = (): string => {
  const [step] = stepsOf('README.md').filter(({ commands }) => commands.includes('CLIENT_ID='));
  if (!step) throw new Error('the quick start registers no client');
  return step.commands;
};

it.each([
  ['docs/grants.md', false],
  ['docs/signing-in.md', false],
  ['docs/device-flow.md', false],
  ['docs/token-exchange.md', true],
  ['docs/tokens.md', false],
  ['docs/user-claims.md', true],
  ['docs/subscribing.md', true],
])(
  '%s shows what happens',
  async (page, goesOnFromQuickStart) => {
    const shell = new Shell({ APIM_SERVER__DATA_DIR: cli.dataDir }, folderOf(page));
    const here = (commands: string) =>
      commands
        .replaceAll('https://localhost:9443', cli.management)
        .replaceAll('npx gatehouse', `${process.execPath} ${join(process.cwd(), 'dist', 'cli.js')}`);
    try {
      if (goesOnFromQuickStart) await shell.run(here(signIn()));
      const steps = [...stepsOf(page), ...(page === 'docs/signing-in.md' ? stepsOf('docs/sessions.md') : [])];
      expect(steps.length).toBeGreaterThan(0);
      for (const { commands, shown } of steps) {
        const output = await shell.run(here(commands));
        expect({ commands, output, missing: missingIn(output, shown) }).toEqual({ commands, output, missing: [] });
      }
    } finally {
      shell.stop();
    }
  },
  60_000,
);
