/**
 * Who may call a resource by its own declaration: `anonymous`, anybody; `request`, whoever the request itself shows to be entitled (a client's secret, a code);
 * `user`, somebody who is known by Basic or Bearer; `own`, whoever has a credential of the resource's own kind.
 */
export const ACCESS = ['anonymous', 'request', 'user', 'own'] as const;
export type Access = (typeof ACCESS)[number];

/** Something that the management port serves. */
export interface DeclaredResource {
  readonly method: string;
  /** As documents spell it, `/t/{tenant}/oauth2/token`. */
  readonly path: string;
  readonly access: Access;
  /** Any one of them opens it to a caller. */
  readonly scopes: readonly string[];
}

const PARAMETER = /\{\w+\}/g;
const SAMPLE = '00000000-0000-4000-8000-000000000000';
const TENANT = 'carbon.super';

/** A path by which the resource could be asked for. */
export const samplePath = ({ path }: Pick<DeclaredResource, 'path'>): string =>
  path.replaceAll(PARAMETER, (name) => (name === '{tenant}' ? TENANT : SAMPLE));

/** Whether the resource is the one that is asked for. */
export const takes = ({ method, path }: Pick<DeclaredResource, 'method' | 'path'>, askedMethod: string, askedPath: string): boolean => {
  if (method !== askedMethod && !(method === 'GET' && askedMethod === 'HEAD')) return false;
  const [declared, asked] = [path.split('/'), askedPath.replace(/(?<=.)\/$/, '').split('/')];
  return declared.length === asked.length && declared.every((segment, at) => segment.startsWith('{') || segment === asked[at]);
};
