// Before start and test: installs what the lock file names and builds what is stale. Runs on Node 20 and imports only node: modules.
import { spawnSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isStale, sources } from './sources.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const at = (...parts) => join(root, ...parts);
const modified = (file) => (existsSync(file) ? statSync(file).mtimeMs : 0);

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
  if (lstatSync(at('node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) {
    console.error('node_modules is a link: npm would empty the folder it leads to; install the packages there');
    process.exit(2);
  }
  console.log('installing the packages of the lock file (once) …');
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}

const mark = at('dist', '.built');
const built = existsSync(mark) ? { names: readFileSync(mark, 'utf8'), startedMs: modified(mark) } : undefined;
if (isStale(sources(root), built)) {
  console.log('building …');
  run('node', ['scripts/build.mjs']);
}
