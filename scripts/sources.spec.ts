import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SCRIPT = join(process.cwd(), 'scripts', 'sources.mjs');
const OLD = new Date('2026-01-01T00:00:00Z');
const LATER = new Date('2026-01-01T00:00:10Z');

/** Runs the plain script as the scripts do, in a process of its own. */
const isStaleNow = (root: string, mark: unknown): boolean => {
  const code = `import { isStale, sources } from ${JSON.stringify(SCRIPT)}; console.log(isStale(sources(process.argv[1]), JSON.parse(process.argv[2]) ?? undefined))`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', code, root, JSON.stringify(mark)], { encoding: 'utf8' }).trim() === 'true';
};

const project = (): string => {
  const root = mkdtempSync(join(tmpdir(), 'gatehouse-sources-'));
  mkdirSync(join(root, 'src', 'part'), { recursive: true });
  for (const name of ['a.ts', 'part/b.ts', 'part/b.spec.ts', 'metadata.ts']) {
    writeFileSync(join(root, 'src', name), '');
    utimesSync(join(root, 'src', name), OLD, OLD);
  }
  return root;
};

const built = { names: 'src/a.ts\nsrc/part/b.ts\n', startedMs: OLD.getTime() + 5_000 };
const touch = (file: string): void => utimesSync(file, LATER, LATER);

it.each<[string, (root: string) => void, boolean]>([
  ['nothing changed', () => undefined, false],
  ['a source is newer than the begin of the build', (root) => touch(join(root, 'src', 'part', 'b.ts')), true],
  ['a source went', (root) => rmSync(join(root, 'src', 'part', 'b.ts')), true],
  ['a test changed', (root) => touch(join(root, 'src', 'part', 'b.spec.ts')), false],
  ['the build wrote its metadata', (root) => touch(join(root, 'src', 'metadata.ts')), false],
])('when %s, stale is %s', (_case, change, stale) => {
  const root = project();
  change(root);

  expect(isStaleNow(root, built)).toBe(stale);
});

it('is stale when nothing was built yet', () => expect(isStaleNow(project(), null)).toBe(true));
