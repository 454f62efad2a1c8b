import { readFileSync } from 'node:fs';
import { Cli } from './server/cli.js';
import { Shell } from './support/shell.js';

const BLOCK = /```sh\n([\s\S]*?)```(?:\n\n```\n([\s\S]*?)```)?/g;

let cli: Cli;
beforeAll(async () => {
  cli = await Cli.start();
});
afterAll(() => cli.stop());

it('docs/finding-apis.md shows what its commands print', async () => {
  const steps = [...readFileSync('docs/finding-apis.md', 'utf8').matchAll(BLOCK)];
  const shell = new Shell({});
  expect(steps.length).toBeGreaterThan(3);
  try {
    for (const [, commands = '', shown = ''] of steps) {
      const output = await shell.run(commands.replaceAll('https://localhost:9443', cli.management));
      expect({ commands, output }).toEqual({ commands, output: shown.trim() });
    }
  } finally {
    shell.stop();
  }
});
