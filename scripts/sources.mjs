import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

const BUILT_FROM = ['src', 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json', '.swcrc', 'package-lock.json'];
/** Made by the build, or left out of it. */
const PASSED_OVER = /(^|[/\\])metadata\.ts$|\.(spec|fixture)\.ts$/;

const below = (path) => {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => below(join(path, entry.name)));
};

/** What the build is made from: the names, so that a file that went is noticed, and when the newest was changed. Imports only node: modules. */
export const sources = (root) => {
  const files = BUILT_FROM.flatMap((name) => below(join(root, name))).filter((file) => !PASSED_OVER.test(file));
  return {
    names: files
      .map((file) => `${relative(root, file)}\n`)
      .sort()
      .join(''),
    newestMs: Math.max(0, ...files.map((file) => statSync(file).mtimeMs)),
  };
};

/** Whether the mark of the last build is older than its sources, or of others. `mark` is its text and when that build began. */
export const isStale = ({ names, newestMs }, mark) => mark === undefined || newestMs > mark.startedMs || names !== mark.names;
