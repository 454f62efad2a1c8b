import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { eventually } from './support/eventually.js';
import { server } from './support/server.js';
import { Shell } from './support/shell.js';

/** A fenced block of commands, with the output that the block behind it shows. */
interface Step {
  readonly commands: string;
  readonly shown: string | undefined;
}

const EXAMPLE_PORT = '8090';
const BLOCK = /```bash\n([\s\S]*?)```(?:\n\n```text\n([\s\S]*?)```)?/g;

const steps = (text: string): readonly Step[] => {
  const [, quickStart = ''] = /## Quick start\n([\s\S]*?)\n## /.exec(text) ?? [];
  return [...quickStart.matchAll(BLOCK)].map(([, commands = '', shown]) => ({ commands, shown }));
};

const freePort = async (): Promise<string> => {
  const probe = createServer().listen(0);
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return String(address.port);
};

/** The page's ports are those of a server without an offset. */
const substituted = (commands: string, examplePort: string): string =>
  commands
    .replaceAll('https://localhost:9443', server.management)
    .replaceAll('http://localhost:8280', server.gateway)
    .replaceAll(EXAMPLE_PORT, examplePort)
    .replace('admin:admin', `${server.admin.username}:${server.admin.password}`);

/** The shown output, where `…` stands for anything. */
const patternOf = (shown: string): RegExp =>
  new RegExp(
    `^${shown
      .trim()
      .split('…')
      .map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('[\\s\\S]*')}$`,
  );

/** Reads may be repeated: what they show follows the command before them a moment later. */
const isRead = (commands: string): boolean => /^curl /.test(commands) && !/ -[dFX] /.test(commands);

it('does what the quick start shows, command by command', async () => {
  const port = await freePort();
  const shell = new Shell({ PORT: port });
  const page = steps(readFileSync('README.md', 'utf8'));
  try {
    expect(page.length).toBeGreaterThan(10);
    for (const { commands, shown } of page) {
      const text = substituted(commands, port);
      const pattern = shown === undefined ? undefined : patternOf(substituted(shown, port));
      const fits = (output: string) => pattern?.test(output) ?? true;
      const output = isRead(commands) ? await eventually(() => shell.run(text), fits) : await shell.run(text);
      expect({ commands, output, fits: fits(output) }).toEqual({ commands, output, fits: true });
    }
  } finally {
    shell.stop();
  }
});
