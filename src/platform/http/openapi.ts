import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { BASE_PATHS } from './controllers.js';
import { SECURITY_SCHEME } from './scopes.js';

interface Face {
  /** The contract's file name, by which tools know the API; our own API has no contract, only the name. */
  readonly contract: string;
  readonly base: string;
  readonly title: string;
  readonly version: string;
  /** Paths that the contract writes with a slash at the end. Both forms are served. */
  readonly slashed?: readonly string[];
}

const FACES: readonly Face[] = [
  { contract: 'publisher-v4', base: BASE_PATHS.publisher, title: 'Gatehouse publisher API', version: 'v4' },
  { contract: 'devportal-v3', base: BASE_PATHS.devportal, title: 'Gatehouse developer portal API', version: 'v3' },
  { contract: 'admin-v4', base: BASE_PATHS.admin, title: 'Gatehouse admin API', version: 'v4' },
  { contract: 'service-catalog-v1', base: BASE_PATHS.serviceCatalog, title: 'Gatehouse service catalog API', version: 'v1' },
  {
    contract: 'devops-v0',
    base: BASE_PATHS.devops,
    title: 'Gatehouse DevOps API',
    version: 'v0',
    slashed: ['/tenant-logs/{tenant}/apis', '/config/correlation'],
  },
  {
    contract: 'client-registration-v0.17',
    base: BASE_PATHS.clientRegistration,
    title: 'Gatehouse client registration API',
    version: 'v0.17',
  },
  { contract: 'gatehouse-v1', base: BASE_PATHS.gatehouse, title: 'Gatehouse API', version: 'v1' },
];

type Json = { [key: string]: unknown };

/** The OpenAPI document of each API, by its contract's name. Paths are relative to the base, operation ids are those given and no others. */
export const documentsOf = async (app: INestApplication, managementUrl: string): Promise<ReadonlyMap<string, OpenAPIObject>> => {
  // Written by the build, so the type checker must not look for it.
  const metadata: { default: () => Promise<Record<string, unknown>> } = await import(new URL('../../metadata.js', import.meta.url).href);
  await SwaggerModule.loadPluginMetadata(metadata.default);
  const whole = SwaggerModule.createDocument(app, new DocumentBuilder().build(), {
    operationIdFactory: () => undefined as unknown as string,
    // Tags are the contract's; the name of a class is none of them.
    autoTagControllers: false,
  });
  return new Map(FACES.map((face) => [face.contract, documentOf(face, whole, managementUrl)]));
};

const documentOf = (face: Face, whole: OpenAPIObject, managementUrl: string): OpenAPIObject => {
  const paths = Object.fromEntries(
    Object.entries(whole.paths)
      .filter(([path]) => path.startsWith(`${face.base}/`))
      .map(([path, item]) => [path.slice(face.base.length), item] as const)
      .map(([path, item]) => [face.slashed?.includes(path) ? `${path}/` : path, item]),
  );
  const scopes = scopesIn(paths);
  return {
    openapi: '3.0.1',
    info: { title: face.title, version: face.version, description: '' },
    servers: [{ url: `${managementUrl}${face.base}` }],
    paths,
    components: {
      schemas: closure(paths, whole.components?.schemas ?? {}),
      securitySchemes: {
        [SECURITY_SCHEME]: {
          type: 'oauth2',
          flows: {
            password: { tokenUrl: `${managementUrl}/oauth2/token`, scopes: Object.fromEntries(scopes.map((scope) => [scope, scope])) },
          },
        },
      },
    },
  };
};

const scopesIn = (paths: OpenAPIObject['paths']): readonly string[] => {
  const found = new Set<string>();
  walk(paths, (node) => {
    const required = node[SECURITY_SCHEME];
    if (Array.isArray(required)) for (const scope of required) found.add(String(scope));
  });
  return [...found].sort();
};

/** The schemas that the paths lead to, directly or through others. */
const closure = (paths: unknown, schemas: Json): Record<string, never> => {
  const kept: Json = {};
  const follow = (root: unknown) =>
    walk(root, (node) => {
      const [, name] = /^#\/components\/schemas\/(.+)$/.exec(typeof node['$ref'] === 'string' ? node['$ref'] : '') ?? [];
      if (name === undefined || name in kept) return;
      kept[name] = schemas[name];
      follow(kept[name]);
    });
  follow(paths);
  return kept as Record<string, never>; // the builder's own schemas, only fewer
};

const walk = (node: unknown, visit: (node: Json) => void): void => {
  if (Array.isArray(node)) for (const item of node) walk(item, visit);
  else if (typeof node === 'object' && node !== null) {
    visit(node as Json); // an object that came from JSON-like data
    for (const item of Object.values(node)) walk(item, visit);
  }
};
