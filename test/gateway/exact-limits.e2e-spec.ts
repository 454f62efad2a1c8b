import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { Cli } from '../server/cli.js';
import { startBackend } from '../support/backend.js';
import { eventually } from '../support/eventually.js';
import { type GivenSubscriber, given } from '../support/given.js';
import { server } from '../support/server.js';
import { unique } from '../support/unique.js';

const WORKERS = 4;
const CONNECTIONS = 64;
const REQUESTS = 20_000;
const LIMIT = 5_000;

/** A gateway of several workers beside the shared server's own, which follows the same feed and has counters of its own. */
let cli: Cli;
const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
const backend = startBackend((_, reply) => reply.end());

beforeAll(async () => {
  const database = `postgres://gatehouse@localhost/postgres?host=${encodeURIComponent(join(server.dataDir, 'postgres'))}`;
  cli = await Cli.start({ APIM_DATABASE__URL: database, APIM_GATEWAY__WORKERS: String(WORKERS) }, undefined, ['--profile', 'gateway']);
});
afterAll(async () => {
  agent.destroy();
  await cli.stop();
  await (await backend).close();
});

const daily = (requestCount: number) => ({
  defaultLimit: { type: 'REQUESTCOUNTLIMIT', requestCount: { timeUnit: 'day', unitTime: 1, requestCount } },
});
const policy = async (level: 'subscription' | 'application' | 'advanced', requestCount: number): Promise<string> => {
  const policyName = unique('Exact');
  const own = level === 'subscription' ? { stopOnQuotaReach: true } : {};
  const body = { policyName, displayName: policyName, description: '', ...daily(requestCount), ...own };
  expect((await given.superAdmin.admin(`POST /throttling/policies/${level}`, { body })).status).toBe(201);
  return policyName;
};

const call = ({ api, token }: GivenSubscriber): Promise<{ readonly status: number; readonly code: string | undefined }> =>
  new Promise((resolve, reject) => {
    const options = { agent, headers: { authorization: `Bearer ${token}` } };
    request(`${cli.gateway}${api.url}/x`, options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, code: /"code":"(\d+)"/.exec(text)?.[1] }));
      response.on('error', reject);
    })
      .on('error', reject)
      .end();
  });

/** Sends requests over all connections at once, to the subscribers in turn; gives how often each answer came, by status or code. */
const flood = async (requests: number, ...subscribers: readonly GivenSubscriber[]): Promise<Readonly<Record<string, number>>> => {
  const answers: Record<string, number> = {};
  let sent = 0;
  const connection = async (): Promise<void> => {
    while (sent < requests) {
      sent += 1;
      const subscriber = subscribers[sent % subscribers.length];
      if (subscriber === undefined) return;
      const { status, code } = await call(subscriber);
      const answer = code ?? String(status);
      answers[answer] = (answers[answer] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
  return answers;
};

/** Waits until the gateway of several workers knows everything so far: the feed is in order, so whoever knows a later API does. */
const everythingIsKnown = async (): Promise<void> => {
  const { url } = await given.publishedApi();
  const unknown = async (): Promise<boolean> => (await fetch(`${cli.gateway}${url}/`, { method: 'DELETE' })).status === 404;
  // Each worker has to know: connections are spread over them.
  await eventually(
    async () => (await Promise.all(Array.from({ length: 20 }, unknown))).every((is) => !is),
    (are) => are,
  );
};

it('admits exactly the limit of a plan over several workers', async () => {
  const plan = await policy('subscription', LIMIT);
  const subscriber = await given.subscriber({ backend: (await backend).url, policies: [plan], policy: plan });
  await everythingIsKnown();

  expect(await flood(REQUESTS, subscriber)).toEqual({ 200: LIMIT, 900804: REQUESTS - LIMIT });
});

it('admits exactly the limit of an application, and charges its plan for nothing more', async () => {
  const plan = await policy('subscription', LIMIT);
  const small = await policy('application', LIMIT - 1_000);
  const subscriber = await given.subscriber({ backend: (await backend).url, policies: [plan], policy: plan, applicationPolicy: small });
  await everythingIsKnown();

  expect(await flood(REQUESTS, subscriber)).toEqual({ 200: LIMIT - 1_000, 900803: REQUESTS - LIMIT + 1_000 });
  // What the application was refused is still there in the plan, and no more than that.
  const unlimited = await given.superAdmin.devportal('PUT /applications/{applicationId}', {
    path: { applicationId: subscriber.application.applicationId },
    body: { name: subscriber.application.name, throttlingPolicy: 'Unlimited' },
  });
  expect(unlimited.status).toBe(200);
  await eventually(
    () => call(subscriber),
    ({ status }) => status === 200,
  );
  expect(await flood(2_000, subscriber)).toEqual({ 200: 999, 900804: 1_001 });
});

it('admits exactly the limit of an API to all its subscribers together', async () => {
  const limit = await policy('advanced', LIMIT);
  const first = await given.subscriber({ backend: (await backend).url, with: { apiThrottlingPolicy: limit } });
  const application = await given.application();
  await given.subscription(first.api, application);
  const token = await given.applicationToken(await given.keys(application));
  await everythingIsKnown();

  expect(await flood(REQUESTS, first, { ...first, token })).toEqual({ 200: LIMIT, 900800: REQUESTS - LIMIT });
});
