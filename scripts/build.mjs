// Builds dist/ with type check and the OpenAPI metadata, and marks when.
import { spawnSync } from 'node:child_process';
import { rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sources } from './sources.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
// Made by the last build; it may name classes that are gone, and the type check would stop there.
rmSync(join(root, 'src', 'metadata.ts'), { force: true });
// A source that is changed while it is read is newer than the build.
const started = new Date();
const { names } = sources(root);
const { status } = spawnSync(join(root, 'node_modules', '.bin', 'nest'), ['build'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
if (status !== 0) process.exit(status ?? 1);
const mark = join(root, 'dist', '.built');
writeFileSync(mark, names);
utimesSync(mark, started, started);
