import { readdirSync, readFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { BUILT_IN } from '../src/gateway/engine/mediation/built-in.js';
import type { Actor } from './support/actor.js';
import type { Backend } from './support/backend.js';
import type { Body } from './support/client.js';
import { eventually } from './support/eventually.js';
import { type GivenApi, given } from './support/given.js';
import { server } from './support/server.js';

const FOLDER = 'docs/policies';
const PREFIX = '/pets/1.0.0';
const AGENT = 'http://localhost:8181';
const PETS = 'http://localhost:9000';

/** A message as a page writes it. */
interface Message {
  readonly first: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Names of headers that are not there. */
  readonly without: readonly string[];
  /** Empty when the page does not say. */
  readonly body: string;
}

/** A call, with what a page says of it. */
interface Step {
  readonly call: Message;
  /** Undefined for a call that never gets there. */
  readonly backend: Message | undefined;
  readonly answer: Message;
}

interface Page {
  readonly name: string;
  readonly properties: Body;
  readonly steps: readonly Step[];
}

const messageOf = (text: string): Message => {
  const [head = '', body = ''] = text.trim().split(/\n\n([\s\S]*)/, 2);
  const [first = '', ...lines] = head.split('\n');
  const without = lines.flatMap((line) => /^\(no (.*)\)$/.exec(line)?.[1]?.toLowerCase() ?? []);
  const headers = lines.filter((line) => !line.startsWith('(')).map((line) => /^(.*?): (.*)$/.exec(line)?.slice(1) ?? []);
  return { first, headers: headers.map(([name = '', value = '']) => [name, value] as const), without, body };
};

const pageOf = (file: string): Page => {
  const text = readFileSync(`${FOLDER}/${file}`, 'utf8');
  const [, json = ''] = /## Example[\s\S]*?```json\n([\s\S]*?)```/.exec(text) ?? [];
  const shown = [...text.matchAll(/^(Call|The backend sees|The client sees):\n\n```http\n([\s\S]*?)```/gm)];
  const messages = shown.map(([, kind = '', message = '']) => ({ kind, message: messageOf(message) }));
  const steps: Step[] = [];
  for (const [at, { kind, message: call }] of messages.entries()) {
    if (kind !== 'Call') continue;
    const next = messages.slice(at + 1);
    const backend = next[0]?.kind === 'The backend sees' ? next[0].message : undefined;
    const answer = next[backend === undefined ? 0 : 1];
    if (answer?.kind !== 'The client sees') throw new Error(`${file} does not say what the client sees`);
    steps.push({ call, backend, answer: answer.message });
  }
  return { name: file.replace(/\.md$/, ''), properties: JSON.parse(json), steps };
};

const pages = readdirSync(FOLDER)
  .filter((file) => file !== 'README.md')
  .map(pageOf);

interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A call over a connection of its own, with just the headers that are given. */
const call = (path: string, { first, headers, body }: Message): Promise<Answered> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.gateway);
    const [method = ''] = first.split(' ');
    const outgoing = request({ hostname, port, path, method, headers: Object.fromEntries(headers), agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks).toString() }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });

const targetOf = ({ first }: Message): string => (first.split(' ')[1] ?? '').slice(PREFIX.length);
const needsToken = ({ steps }: Page): boolean => steps.some((step) => step.call.headers.some(([, value]) => value.includes('token>')));

let admin: Actor;
let backend: Backend;
let agent: Backend;
let tokens: Readonly<Record<string, string>>;
const apis = new Map<string, GivenApi>();

/** The agent whose rule the page of `opaPolicy` shows. */
const startAgent = () =>
  given.backend((question, reply) => {
    let text = '';
    question.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    question.on('end', () => reply.end(JSON.stringify({ result: JSON.parse(text).input.method === 'GET' })));
  });

/** The backend that the index describes. */
const startPets = () =>
  given.backend((asked, reply) => {
    const [type, body] = asked.url === '/rex.xml' ? ['application/xml', '<name>Rex</name>'] : ['application/json', '{"name":"Rex"}'];
    asked.resume().on('end', () => reply.writeHead(200, { 'Content-Type': type, 'X-Powered-By': 'pets' }).end(body));
  });

beforeAll(async () => {
  ({ admin } = await given.organization());
  backend = await startPets();
  agent = await startAgent();
  const application = await given.application(admin);
  const keys = await given.keys(application, { by: admin });
  const publish = async (page: Page): Promise<void> => {
    const resources = new Map(page.steps.map((step) => [`${step.call.first.split(' ')[0]} ${targetOf(step.call).split('?')[0]}`, step]));
    const authType = needsToken(page) ? 'Application & Application User' : 'None';
    const operations = [...resources.keys()].map((key) => ({ verb: key.split(' ')[0], target: key.split(' ')[1], authType }));
    const properties = JSON.parse(JSON.stringify(page.properties).replaceAll(AGENT, agent.url).replaceAll(PETS, backend.url));
    const api = await given.publishedApi({ by: admin, backend, with: { operations, ...properties } });
    apis.set(page.name, api);
    if (needsToken(page)) await given.subscription(api, application, { by: admin });
  };
  await Promise.all(pages.map(publish));
  tokens = { '<token>': await given.applicationToken(keys), '<one-time token>': await given.applicationToken(keys, 'OTT') };
  const probed = apis.get('revokeOneTimeToken')?.url ?? '';
  const probe = messageOf(`GET ${PREFIX}/rex\nAuthorization: Bearer ${tokens['<token>']}`);
  await eventually(
    () => call(`${probed}/rex`, probe),
    ({ status }) => status === 200,
  );
}, 60_000);

it('the index attaches a policy as it says', async () => {
  const [, json = ''] = /-d '(\{[\s\S]*?\})' \|/.exec(readFileSync(`${FOLDER}/README.md`, 'utf8')) ?? [];

  const { body } = await admin.publisher('POST /apis', { body: JSON.parse(json) });

  expect(body).toMatchObject({ apiPolicies: { request: [{ policyName: 'addHeader', parameters: { headerName: 'X-Level' } }] } });
});

it('the index leads to every page', () => {
  const index = readFileSync(`${FOLDER}/README.md`, 'utf8');

  expect(pages.filter(({ name }) => !index.includes(`](${name}.md)`))).toEqual([]);
});

it('there is a page for each policy that runs', () => {
  const running = [...BUILT_IN.keys()].map((key) => key.split(' ')[0]);

  expect(pages.map(({ name }) => name).sort()).toEqual(running.sort());
});

it.each(pages.map((page) => [page.name, page] as const))('%s does what its page says', async (name, { steps }) => {
  expect(steps.length).toBeGreaterThan(0);
  for (const step of steps) {
    const before = backend.requests.length;
    const headers = step.call.headers.map(([header, value]) => [header, value.replace(/<.*>/, (token) => tokens[token] ?? token)] as const);

    const answer = await call(`${apis.get(name)?.url}${targetOf(step.call)}`, { ...step.call, headers });

    expect(`HTTP/1.1 ${answer.status}`).toBe(step.answer.first);
    agrees(answer, step.answer);
    expect(backend.requests.length - before).toBe(step.backend === undefined ? 0 : 1);
    const seen = backend.requests.at(-1);
    if (step.backend === undefined || seen === undefined) continue;
    expect(`${seen.method} ${seen.url}`).toBe(step.backend.first);
    agrees(seen, step.backend);
  }
});

const agrees = (message: Pick<Answered, 'headers' | 'body'>, shown: Message): void => {
  expect(message.headers).toMatchObject(Object.fromEntries(shown.headers.map(([name, value]) => [name.toLowerCase(), value])));
  expect(Object.keys(message.headers).filter((name) => shown.without.includes(name))).toEqual([]);
  if (shown.body !== '') expect(message.body).toBe(shown.body);
};
