import { readFileSync } from 'node:fs';
import { Cli, temporaryFolder } from './server/cli.js';
import { Shell } from './support/shell.js';

const PAGE = 'docs/admin-services.md';
const STEP = /```sh\n([\s\S]*?)```\n\nprints\n\n```text\n([\s\S]*?)```/g;

let cli: Cli;
beforeAll(async () => {
  cli = await Cli.start();
});
afterAll(() => cli.stop());

/** The blank before the status of an empty body may begin the output. */
const lines = (text: string): string => text.replace(/^ +/gm, '').trim();

it(`${PAGE} shows what happens`, async () => {
  const shell = new Shell({}, temporaryFolder());
  try {
    const steps = [...readFileSync(PAGE, 'utf8').matchAll(STEP)];
    expect(steps).toHaveLength(4);
    for (const [, commands = '', shown = ''] of steps)
      expect(lines(await shell.run(commands.replaceAll('https://localhost:9443', cli.management)))).toBe(lines(shown));
  } finally {
    shell.stop();
  }
}, 60_000);
