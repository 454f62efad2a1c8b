import { load } from 'js-yaml';
import { type Body, type Client, NOBODY } from '../support/client.js';
import { statementsOf } from '../support/statements.js';
import { Cli } from './cli.js';
import { Population } from './list-population.js';

const FACES = ['publisher', 'devportal', 'admin', 'gatehouse'] as const;
type Face = (typeof FACES)[number];

interface Document {
  readonly paths: Readonly<Record<string, { readonly get?: { readonly parameters?: readonly { readonly name: string }[] } & Body }>>;
}

/** What a list needs beside ids. */
const QUERIES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'devportal GET /subscriptions': { applicationId: '{applicationId}' },
  'publisher GET /subscriptions': { apiId: '{apiId}' },
  'publisher GET /search': { query: 'name:Api' },
};

/** Lists that hold as much however much there is, or that the population does not fill. A new list shall be filled rather than named here. */
const NOT_TRIED: readonly string[] = [
  'admin GET /alert-types',
  'admin GET /bot-detection-data',
  'admin GET /environments/{environmentId}/gateways',
  'admin GET /key-managers/{keyManagerId}/api-usages',
  'admin GET /key-managers/{keyManagerId}/app-usages',
  'admin GET /org-themes',
  'admin GET /system-scopes',
  'admin GET /system-scopes/role-aliases',
  'devportal GET /apis/{apiId}/ratings',
  'devportal GET /apis/{apiId}/topics',
  'devportal GET /applications/{applicationId}/api-keys/{keyType}/subscriptions',
  'devportal GET /applications/{applicationId}/keys',
  'devportal GET /applications/{applicationId}/oauth-keys',
  'devportal GET /applications/{applicationId}/oauth-keys/{keyMappingId}/secrets',
  'devportal GET /sdk-gen/languages',
  'devportal GET /settings/application-attributes',
  'devportal GET /webhooks/subscriptions',
  'gatehouse GET /apis/{apiId}/curl-commands',
  'publisher GET /api-products/{apiProductId}/deployments',
  'publisher GET /apis/{apiId}/api-themes',
  'publisher GET /apis/{apiId}/external-stores',
  'publisher GET /apis/{apiId}/generated-mock-scripts',
  'publisher GET /apis/{apiId}/mcp-servers-usage',
  'publisher GET /apis/{apiId}/operation-policies',
  'publisher GET /apis/{apiId}/resource-policies',
  'publisher GET /apis/{apiId}/sequence-backend',
  'publisher GET /endpoint-certificates/{alias}/usage',
  'publisher GET /gateway-policies',
];

interface List {
  readonly face: Face;
  readonly operation: string;
  readonly isPaged: boolean;
}

interface Measured {
  readonly rows: number;
  readonly statements: number;
}

const listsOf = async (face: Face, client: Client): Promise<readonly List[]> => {
  const { body } = await client.request<string>('GET /swagger.yaml', { as: NOBODY });
  const { paths } = load(body) as Document; // our own document
  return Object.entries(paths).flatMap(([path, { get }]): readonly List[] => {
    const isPaged = get?.parameters?.some(({ name }) => name === 'limit') ?? false;
    const answer = JSON.stringify((get?.['responses'] as Body | undefined)?.['200'] ?? {}); // as OpenAPI has it
    const operation = `GET ${path.startsWith(client.base) ? path.slice(client.base.length) : path}`;
    return get && (isPaged || /List|"array"/.test(answer)) ? [{ face, operation, isPaged }] : [];
  });
};

const rowsOf = (body: unknown): number => {
  const rows = Array.isArray(body) ? body : Object.values(body as Body).find((value) => Array.isArray(value)); // lists of the management APIs
  return Array.isArray(rows) ? rows.length : 0;
};

it('takes as many SQL statements for a list of many as for one of few, whichever it is', async () => {
  const server = await Cli.start({
    APIM_GATEWAY__METRICS__ENABLE: 'true',
    APIM_APIM__DEVPORTAL__ENABLE_LEGACY_API_KEYS: 'true',
    APIM_WORKFLOWS__STATE_LIST: 'Published:Block',
    APIM_WORKFLOWS__SUBSCRIPTION_UPDATE: 'approval',
  });
  const population = new Population(server);
  const metrics = async () => String((await population.metrics.request<string>('GET /metrics')).body);
  await population.begin();
  const lists = (await Promise.all(FACES.map((face) => listsOf(face, population[face])))).flat();
  const placed = (text: string) => text.replace(/\{(\w+)\}/g, (whole, name: string) => population.ids[name] ?? whole);
  const measured = async ({ face, operation }: List, further: Record<string, number> = {}): Promise<Measured> => {
    const query = Object.fromEntries(Object.entries(QUERIES[`${face} ${operation}`] ?? {}).map(([name, text]) => [name, placed(text)]));
    let answer = { status: 0, body: undefined as unknown };
    const statements = await statementsOf(metrics, face, operation, async () => {
      answer = await population[face].request<unknown>(operation, { path: population.ids, query: { ...query, ...further } });
    });
    return { rows: answer.status === 200 ? rowsOf(answer.body) : 0, statements };
  };

  const pages = { few: { limit: 3 }, many: { limit: 5 } };
  const few = new Map<List, Measured>();
  for (const list of lists) if (!list.isPaged) few.set(list, await measured(list));
  for (let more = 0; more < 4; more += 1) await population.grow();
  for (const list of lists) if (list.isPaged) few.set(list, await measured(list, pages.few));
  const many = new Map<List, Measured>();
  for (const list of lists) many.set(list, await measured(list, list.isPaged ? pages.many : {}));
  await server.stop();

  const results = lists.map((list) => ({ name: `${list.face} ${list.operation}`, few: few.get(list), many: many.get(list) }));
  const tried = results.filter((each) => (each.many?.rows ?? 0) > (each.few?.rows ?? 0));
  expect(tried.filter((each) => each.many?.statements !== each.few?.statements)).toEqual([]);
  expect(
    results
      .filter((each) => !tried.includes(each))
      .map(({ name }) => name)
      .sort(),
  ).toEqual(NOT_TRIED);
});
