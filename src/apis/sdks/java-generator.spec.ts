import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApimConfig } from '../../platform/config/sections/apim.config.js';
import { JavaFailed, JavaGenerator } from './java-generator.js';
import { sdkNames } from './sdk-names.js';

const folder = mkdtempSync(join(tmpdir(), 'java-generator-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A generator on a program that takes the place of Java. */
const on = (java: string): JavaGenerator => {
  const config = new ApimConfig();
  return new JavaGenerator({ ...config, sdk: { ...config.sdk, java } });
};

const program = (script: string): string => {
  const file = join(folder, 'java');
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
};

const names = sdkNames({ name: 'Pets', version: '1' }, 'ruby', new ApimConfig().sdk);
const generate = (java: string, timeoutMs: number) => on(java).generate('ruby', '{}', names, mkdtempSync(join(folder, 'sdk-')), timeoutMs);

it.each([
  ['', false],
  [join(folder, 'nowhere'), false],
  ['false', false],
  ['true', true],
])('Java is %p: works %p', async (java, works) => {
  expect(await on(java).works()).toBe(works);
});

it('ends a process that does not end', async () => {
  await expect(generate(program('exec sleep 600'), 200)).rejects.toBeInstanceOf(JavaFailed);
});

it('ends a process that writes too much', async () => {
  // A file with a hole: its size counts, and takes no room.
  await expect(generate(program('truncate -s 200M out/large && exec sleep 600'), 600_000)).rejects.toBeInstanceOf(JavaFailed);
});

it('says what a process said that failed, and gives it no variable of the server', async () => {
  process.env['SECRET_OF_THE_SERVER'] = 'hidden';

  const failure = generate(program('echo "variables: $SECRET_OF_THE_SERVER $LC_ALL"; exit 3'), 60_000);

  await expect(failure).rejects.toThrow('it ended with 3: variables:  C.UTF-8\n');
});

it('begins anew after a try that failed', async () => {
  const at = mkdtempSync(join(folder, 'sdk-'));
  await expect(on(program('touch out/left; exit 1')).generate('ruby', '{}', names, at, 60_000)).rejects.toBeInstanceOf(JavaFailed);

  await on(program('touch out/made')).generate('ruby', '{}', names, at, 60_000);

  expect(existsSync(join(at, 'out', 'left'))).toBe(false);
  expect(existsSync(join(at, 'out', 'made'))).toBe(true);
});
