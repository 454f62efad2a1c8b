import { type INestApplication, RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner, ModulesContainer, Reflector } from '@nestjs/core';
import type { OAuthEndpoint } from '../keys/edge/endpoint.js';
import { OAUTH_ENDPOINTS } from '../keys/edge/oauth-edge.js';
import { SignInEdge } from '../keys/pages/sign-in.edge.js';
import { SIGN_UP_PATH } from '../keys/pages/sign-up-page.js';
import { GatewayConfig } from '../platform/config/sections/gateway.config.js';
import { ANONYMOUS, AUTHENTICATION, type Authentication, SCOPES } from '../platform/http/scopes.js';
import { DOCUMENT_PATHS } from '../platform/http/swagger-yaml.js';
import type { Access, DeclaredResource } from './declared-resource.js';

/** Anybody's where it has no token. */
const METRICS = '/metrics';

/** A route as Express keeps it. */
interface Route {
  readonly path: string;
  readonly methods: Readonly<Record<string, boolean>>;
}

/**
 * Everything that the management port of this application serves, with who may call it: what Express has routes for, and what middleware answers.
 * @throws Error for a route of Express that no controller declares.
 */
export const declaredResources = (app: INestApplication): readonly DeclaredResource[] => {
  const declared = new Map(controllersOf(app).flatMap((controller) => operationsOf(app, controller)));
  const served = routesOf(app).flatMap((route) =>
    Object.keys(route.methods).map((name): DeclaredResource => {
      const [method, path] = [name.toUpperCase(), documented(route.path)];
      const declaration = declared.get(`${method} ${path}`);
      if (declaration === undefined) throw new Error(`${method} ${path} is served and declared nowhere`);
      return { method, path, ...declaration };
    }),
  );
  const { token } = app.get(GatewayConfig).metrics;
  const open = served.map((resource) =>
    resource.path === METRICS && token === '' ? { ...resource, access: 'anonymous' as const } : resource,
  );
  const resources = [...open, ...endpointsOf(app), ...pagesOf(app), ...documents];
  return resources.toSorted((a, b) => (a.path === b.path ? compare(a.method, b.method) : compare(a.path, b.path)));
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const documented = (path: string): string => path.replaceAll(/:(\w+)/g, '{$1}').replace(/(?<=.)\/$/, '');

/** Those of controllers. Wildcards belong to middleware, which knows its paths itself. */
const routesOf = (app: INestApplication): readonly Route[] => {
  // Express tells nothing of its router's inside by types.
  const { stack }: { readonly stack: readonly { readonly route?: Route }[] } = app.getHttpAdapter().getInstance().router;
  return stack.flatMap(({ route }) => (route === undefined || route.methods['_all'] === true ? [] : [route]));
};

type Declaration = Pick<DeclaredResource, 'access' | 'scopes'>;

const controllersOf = (app: INestApplication): readonly Type[] =>
  [...app.get(ModulesContainer).values()].flatMap(
    (module) => [...module.controllers.values()].flatMap(({ metatype }) => (typeof metatype === 'function' ? [metatype as Type] : [])), // controllers are classes
  );

const operationsOf = (app: INestApplication, controller: Type): readonly (readonly [string, Declaration])[] => {
  const reflector = app.get(Reflector);
  const bases = listed(Reflect.getMetadata(PATH_METADATA, controller));
  return new MetadataScanner().getAllMethodNames(controller.prototype).flatMap((name) => {
    const handler: unknown = Reflect.get(controller.prototype, name);
    if (typeof handler !== 'function' || !Reflect.hasMetadata(PATH_METADATA, handler)) return [];
    const of = <T>(key: string): T | undefined => reflector.getAllAndOverride<T | undefined>(key, [handler, controller]);
    const declaration = {
      access: accessOf(of<Authentication>(AUTHENTICATION), of<boolean>(ANONYMOUS) === true),
      scopes: of<readonly string[]>(SCOPES) ?? [],
    };
    const method = RequestMethod[Number(Reflect.getMetadata(METHOD_METADATA, handler))];
    return bases.flatMap((base) =>
      listed(Reflect.getMetadata(PATH_METADATA, handler)).map(
        (path) => [`${method} ${documented(joined(base, path))}`, declaration] as const,
      ),
    );
  });
};

const accessOf = (by: Authentication | undefined, isAnonymous: boolean): Access => {
  if (isAnonymous) return 'anonymous';
  return by === 'none' ? 'own' : 'user';
};

const listed = (paths: unknown): readonly string[] => [paths].flat().map(String);
const joined = (base: string, path: string): string => `/${[base, path].flatMap((part) => part.split('/').filter(Boolean)).join('/')}`;

/** Below `/oauth2` and `/oidc`, also of a tenant. */
const endpointsOf = (app: INestApplication): readonly DeclaredResource[] =>
  optional<readonly OAuthEndpoint[]>(app, OAUTH_ENDPOINTS, []).flatMap(({ methods, base = 'oauth2', paths, access }) =>
    paths.flatMap((path) =>
      ['', '/t/{tenant}'].flatMap((prefix) =>
        methods.map((method): DeclaredResource => ({ method, path: `${prefix}/${base}/${path}`, access, scopes: [] })),
      ),
    ),
  );

/** RFC 8414 puts the issuer's path behind the well-known one. */
const WELL_KNOWN: readonly DeclaredResource[] = ['oauth-authorization-server', 'openid-configuration'].flatMap((name) =>
  ['', '/t/{tenant}'].map((tenant) => ({
    ...{ method: 'GET', path: `/.well-known/${name}${tenant}/oauth2/token` },
    ...{ access: 'anonymous' as const, scopes: [] },
  })),
);

const pagesOf = (app: INestApplication): readonly DeclaredResource[] => {
  const signIn = optional<SignInEdge | null>(app, SignInEdge, null);
  if (signIn === null) return [];
  const signUp = ['GET', 'POST'].map((method) => ({ method, path: SIGN_UP_PATH }));
  const pages = [...signIn.resources, ...signUp];
  return [...WELL_KNOWN, ...pages.map(({ method, path }): DeclaredResource => ({ method, path, access: 'anonymous', scopes: [] }))];
};

const documents: readonly DeclaredResource[] = DOCUMENT_PATHS.map((path) => ({ method: 'GET', path, access: 'anonymous', scopes: [] }));

/** What not every profile has. */
const optional = <T>(app: INestApplication, token: symbol | Type, none: T): T => {
  try {
    return app.get<T>(token, { strict: false });
  } catch (err) {
    if (err instanceof Error && err.name === 'UnknownElementException') return none;
    throw err;
  }
};
