import { readArchive } from '../../src/platform/archives/read-archive.js';
import type { Actor } from '../support/actor.js';
import { type Answer, management, type RequestOptions } from '../support/client.js';
import type { FurnishedTenant } from './furnished-tenant.js';
import { type Cell, type Table, WORDS } from './matrix.js';
import type { Route } from './routes.js';

const AT_ONCE = 8;
/** Parameters for which a stranger has something of the same kind. */
const PARENTS = ['apiId', 'apiProductId', 'applicationId', 'clientId'];

export interface Trial {
  readonly route: Route;
  readonly cell: Cell;
  readonly options: RequestOptions;
  /** What is tried, in words. */
  readonly name: string;
}

/** Whether a route is about nothing in particular. */
export const isList = (route: Route, cell: Cell): boolean =>
  cell.isList ?? (route.parameters.every((name) => name in WORDS) && cell.with === undefined);

export const cellOf = (table: Table, route: Route): Cell | string | undefined =>
  table[route.name] ?? (/^(GET|HEAD|PUT|DELETE)$/.test(route.method) ? {} : undefined);

export const send = (by: Actor, { route, options }: Pick<Trial, 'route' | 'options'>): Promise<Answer<unknown>> =>
  credentialOf(by, route).then((as) => management.request<unknown>(`${route.method} ${route.path}`, { ...options, as }));

const credentialOf = async (by: Actor, { isBasic }: Route) => (isBasic ? by.basic : { bearer: await by.token() });

/** The owner's request, valid in every respect. */
export const trialOf = async (owner: FurnishedTenant, route: Route, cell: Cell): Promise<Trial> => {
  const path = Object.fromEntries(
    route.parameters.map((name) => {
      const value = owner.ids[cell.path?.[name] ?? name] ?? WORDS[name];
      if (value === undefined) throw new Error(`${route.name}: the tenant has no ${cell.path?.[name] ?? name}`);
      return [name, value];
    }),
  );
  const rest = cell.with ? await cell.with(owner.ids) : route.method === 'PUT' ? await asRead(owner, route, path) : {};
  return { route, cell, options: { path, ...rest }, name: route.name };
};

const asRead = async ({ admin }: FurnishedTenant, route: Route, path: Readonly<Record<string, string>>): Promise<RequestOptions> => {
  const read = { ...route, method: 'GET' };
  const { status, body } = await send(admin, { route: read, options: { path } });
  if (status !== 200) throw new Error(`${route.name}: what it shall be sent is not known, as a GET answers ${status}`);
  return { body };
};

/** The same with a thing of the stranger's where the path begins: what is below or named besides is the owner's still. */
export const mixed = (trial: Trial, stranger: Readonly<Record<string, string>>): Trial | undefined => {
  const { route, cell, options } = trial;
  const [parent = '', ...others] = route.parameters.filter((name) => !(name in WORDS) && name !== 'tenant');
  if (!PARENTS.includes(parent) || !(cell.mixes !== undefined || others.length > 0)) return undefined;
  return {
    ...trial,
    cell: { ...cell, refused: cell.mixes ?? cell.refused ?? [404] },
    options: { ...options, path: { ...options.path, [parent]: stranger[parent] ?? '' } },
    name: `${trial.name}, mixed`,
  };
};

/** Runs the work for all of them, some at a time, and gives the results in their order. */
export const inParallel = async <T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> => {
  const results: R[] = [];
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < items.length; at = next++) results[at] = await work(items[at] as T); // within the bounds
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
};

/** All that the answer says, with what its archives hold. */
export const saidIn = async ({ headers, body }: Answer<unknown>): Promise<string> => JSON.stringify(headers) + (await textOf(body));

const textOf = async (body: unknown): Promise<string> => {
  if (!(body instanceof Uint8Array)) return typeof body === 'string' ? body : JSON.stringify(body ?? '');
  const bytes = Buffer.from(body);
  if (bytes.subarray(0, 2).toString('latin1') !== 'PK') return bytes.toString('latin1');
  const files = await readArchive(bytes, { entriesMax: 1_000, bytesMax: 50_000_000 });
  const texts = await Promise.all([...files].map(async ([name, content]) => name + (await textOf(content))));
  return texts.join('\n');
};

/** Which of the words the answer tells, apart from those that the request held. */
export const toldBy = async (answer: Answer<unknown>, words: readonly string[], options: RequestOptions): Promise<readonly string[]> => {
  const said = await saidIn(answer);
  const asked = JSON.stringify(options) + decodedIn(options);
  return words.filter((word) => said.includes(word) && !asked.includes(word));
};

/** A path may hold words in base64. */
const decodedIn = ({ path = {} }: RequestOptions): string =>
  Object.values(path)
    .map((value) => Buffer.from(value, 'base64').toString('latin1'))
    .join(' ');
