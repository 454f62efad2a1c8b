import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Actor, expected } from './actor.js';
import { unzip } from './archives.js';
import type { Answer, RequestOptions } from './client.js';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** Asks for an SDK. */
export const askForSdk = (by: Actor, apiId: string, language: string, options: RequestOptions = {}): Promise<Answer<Uint8Array>> =>
  by.devportal<Uint8Array>('GET /apis/{apiId}/sdks/{language}', { path: { apiId, language }, ...options });

/** The texts of an SDK by their paths below its one folder. */
export const sdkFiles = async (answer: Answer<Uint8Array>): Promise<ReadonlyMap<string, string>> => {
  const files = await unzip(expected(answer, 200));
  return new Map([...files].map(([path, content]) => [path.slice(path.indexOf('/') + 1), content.toString()]));
};

/** Writes an SDK, and whatever else a test adds, into a folder of its own; gives the folder. */
export const unpacked = (files: ReadonlyMap<string, string>, more: Readonly<Record<string, string>> = {}): string => {
  const folder = mkdtempSync(join(tmpdir(), 'sdk-test-'));
  folders.push(folder);
  for (const [path, content] of [...files, ...Object.entries(more)]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
};

/** Runs a program in the folder, without regard to the server's own certificate; gives what it prints. Throws with its complaints when it fails. */
export const run = async (folder: string, program: string, ...parameters: readonly string[]): Promise<string> => {
  const env = {
    ...process.env,
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
    NODE_NO_WARNINGS: '1',
    NODE_OPTIONS: '',
    PYTHONPATH: join(folder, 'src'),
  };
  const { stdout } = await promisify(execFile)(program, parameters, { cwd: folder, env, timeout: 120_000 }).catch((err: unknown) => {
    const { stdout: printed = '', stderr = '' } = err as { stdout?: string; stderr?: string }; // so execFile says what failed
    throw new Error(`${program} failed: ${stderr} ${printed}`, { cause: err });
  });
  return stdout;
};

/** The repository's own TypeScript. */
export const compile = (folder: string): Promise<string> =>
  run(folder, process.execPath, join(process.cwd(), 'node_modules', 'typescript', 'bin', 'tsc'), '-p', folder);
