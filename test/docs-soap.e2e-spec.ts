import { readFileSync } from 'node:fs';
import { Cli, temporaryFolder } from './server/cli.js';
import { startBackend } from './support/backend.js';
import { Shell } from './support/shell.js';

const PAGE = 'docs/soap-apis.md';
const STEP = /```sh\n([\s\S]*?)```\n\nprints\n\n```(?:json|text)\n([\s\S]*?)```/g;

let cli: Cli;
beforeAll(async () => {
  cli = await Cli.start();
});
afterAll(() => cli.stop());

/** A port that was free a moment ago. */
const freePort = async (): Promise<string> => {
  const { url, close } = await startBackend();
  await close();
  return new URL(url).port;
};

it(`${PAGE} shows what happens`, async () => {
  const port = await freePort();
  const shell = new Shell({}, temporaryFolder());
  const moved = (text: string) =>
    text
      .replaceAll('https://localhost:9443', cli.management)
      .replaceAll('http://localhost:8280', cli.gateway)
      .replaceAll('https://localhost:8243', `https://localhost:${8243 + cli.offset}`)
      .replaceAll('9000', port);
  try {
    const steps = [...readFileSync(PAGE, 'utf8').matchAll(STEP)];
    expect(steps).toHaveLength(4);
    for (const [, commands = '', shown = ''] of steps) expect(await shell.run(moved(commands))).toBe(moved(shown).trim());
  } finally {
    shell.stop();
  }
}, 60_000);
