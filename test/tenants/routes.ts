import { execFileSync } from 'node:child_process';

/** Base paths by the names that the matrix has for them; the first that fits counts. */
const FACES: readonly (readonly [string, string])[] = [
  ['publisher', '/api/am/publisher/v4'],
  ['devportal', '/api/am/devportal/v3'],
  ['admin', '/api/am/admin/v4'],
  ['devops', '/api/am/devops/v0'],
  ['gateway', '/api/am/gateway/v2'],
  ['service-catalog', '/api/am/service-catalog/v1'],
  ['governance', '/api/am/governance/v1'],
  ['gatehouse', '/api/gatehouse/v1'],
  ['internal', '/internal/data/v1'],
  ['key-manager', '/keymanager-operations'],
  ['key-manager of a tenant', '/t/{tenant}/keymanager-operations'],
  ['scim', '/scim2'],
  ['scim of a tenant', '/t/{tenant}/scim2'],
  ['tenants', '/api/server/v1'],
  ['server', ''],
];

/** APIs that take Basic credentials only. */
const BASIC = /^(gateway|internal|key-manager|scim|tenants|server)/;

export interface Route {
  readonly face: string;
  readonly method: string;
  /** From the root, with `{parameters}`. */
  readonly path: string;
  readonly parameters: readonly string[];
  /** What the matrix calls it: `publisher GET /apis/{apiId}`. */
  readonly name: string;
  readonly isBasic: boolean;
}

const routeOf = (text: string): Route => {
  const [method = '', path = ''] = text.split(' ');
  const [face, base] = FACES.find(([, candidate]) => path.startsWith(`${candidate}/`)) ?? ['server', ''];
  const parameters = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name ?? '');
  return { face, method, path, parameters, name: `${face} ${method} ${path.slice(base.length)}`, isBasic: BASIC.test(face) };
};

/** Every route of every controller of the built server, whether a document tells of it or not. */
export const routes = (): readonly Route[] => {
  const output = execFileSync(process.execPath, ['scripts/e2e/routes.mjs'], { stdio: ['ignore', 'pipe', 'inherit'] });
  return (JSON.parse(String(output)) as readonly string[]).map(routeOf); // as the script writes it
};
