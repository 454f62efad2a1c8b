// Before start and test: installs what the lock file names and builds what is stale. Runs on Node 20 and imports only node: modules.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const at = (...parts) => join(root, ...parts);
const modified = (file) => (existsSync(file) ? statSync(file).mtimeMs : 0);

const newest = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'metadata.ts')
    .reduce((latest, entry) => Math.max(latest, modified(join(entry.parentPath ?? entry.path, entry.name))), 0);

const run = (command, parameters) => {
  const path = `${at('node_modules', '.bin')}:${process.env.PATH ?? ''}`;
  const { status, error } = spawnSync(command, parameters, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, PATH: path },
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
};

if (modified(at('package-lock.json')) > modified(at('node_modules', '.package-lock.json'))) {
  console.log('installing the packages of the lock file (once) …');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}

const sources = ['src', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json', '.swcrc', 'package-lock.json'];
const changed = Math.max(...sources.map((name) => (statSync(at(name)).isDirectory() ? newest(at(name)) : modified(at(name)))));
if (changed > modified(at('dist', '.built'))) {
  console.log('building …');
  run('node', ['scripts/build.mjs']);
}
