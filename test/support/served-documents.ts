import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { APIS, type Api, type Contract, contractOf } from './contracts.js';

/**
 * The OpenAPI documents that the built server serves, by contract name, brought into the contracts' form; written by its command line, so no
 * server needs to run. APIs without a document are left out.
 */
export const servedDocuments = (folder: string): ReadonlyMap<string, Contract> => {
  execFileSync(process.execPath, ['dist/cli.js', 'openapi', '--out', folder], { stdio: ['ignore', 'ignore', 'inherit'] });
  const served = APIS.flatMap((api): readonly (readonly [string, Contract])[] => {
    const file = join(folder, `${api.name}.json`);
    return existsSync(file) ? [[api.name, contractOf(api.name, belowBase(api, JSON.parse(readFileSync(file, 'utf8'))))]] : [];
  });
  return new Map(served);
};

type Paths = Parameters<typeof contractOf>[1];

/** Paths as the contracts have them, without the base path. */
const belowBase = (api: Api, document: Paths): Paths => {
  const base = api.bases[0] ?? '';
  const paths = Object.entries(document.paths ?? {}).map(([path, item]) => [
    path.startsWith(base) ? path.slice(base.length) || '/' : path,
    item,
  ]);
  return { ...document, paths: Object.fromEntries(paths) };
};
