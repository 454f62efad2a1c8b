import { setTimeout as after } from 'node:timers/promises';
import type { FeedRow } from '../../domain/gateway-documents.js';
import { parseKeyTemplate } from '../../throttling/rules/key-template.js';
import { compileQuery } from '../../throttling/rules/query/compile-rule.js';
import { apiRow, operation, row, Signer, startBackend, subscriber, type TestBackend, TestGateway, until } from './engine.fixture.js';
import type { FromWorker } from './messages.js';
import { written } from './sequences.fixture.js';
import { CounterTable, createCounterTable } from './throttling/counters.js';
import { createLeaseBoard, LeaseBoard } from './throttling/lease-board.js';
import { type LeaseQuestion, leaseSlots } from './throttling/leases.js';

const DAY_MS = 86_400_000;
const signer = new Signer('key-a');
let backend: TestBackend;
let gateway: TestGateway;
let buffer: SharedArrayBuffer;
let board: LeaseBoard;

/** Starts a gateway whose plan of ten requests a day is shared; `heard` is the main thread. */
const start = async (heard: (questions: readonly LeaseQuestion[]) => void, waitMs = 2_000): Promise<void> => {
  buffer = createCounterTable({ slots: 1 << 14, segments: 1 });
  const words = createLeaseBoard(2);
  board = new LeaseBoard(words);
  const policy = {
    level: 'subscription',
    name: 'Unlimited',
    quota: { type: 'REQUESTCOUNTLIMIT', timeUnit: 'day', unitTime: 1, count: 10 },
    burst: null,
    stopOnQuotaReach: true,
  } as const;
  gateway = new TestGateway({ counters: buffer, leases: { quotas: { board: words, waitMs, chargeMs: 1 } } }, (message: FromWorker) => {
    if (message.type === 'lease-questions') heard(message.questions);
  });
  gateway.engine.apply([...subscriber(signer), row('policy', 'subscription:Unlimited', policy), apiRow(backend.url)]);
  await gateway.engine.listen();
};

/** Grants units as the main thread does, and says that `taken` are gone over all gateways. */
const grant = (question: LeaseQuestion, units: number, taken: number): void => {
  const table = new CounterTable(buffer);
  const slots = leaseSlots(table, question.key, question.windowMs, Date.now(), 0);
  table.add(slots.granted, units);
  table.add(slots.taken, taken - table.read(slots.taken));
  table.add(slots.mark, table.read(slots.granted) + 1 - table.read(slots.mark));
  gateway.engine.leased('quotas', [question.id]);
};

beforeEach(async () => {
  backend = await startBackend();
});

afterEach(async () => {
  await gateway.stop();
  await backend.stop();
});

/** A rule about what a policy says, which is what the client says. */
const lateRule = (): readonly FeedRow[] => {
  const query = `FROM RequestStream SELECT apiContext, true AS isEligible,
      str:concat(apiContext, ':', cast(map:get(propertiesMap,'kind'),'string')) AS throttleKey INSERT INTO EligibilityStream;
    FROM EligibilityStream[isEligible == true]#throttler:timeBatch(1 day, 0)
    SELECT throttleKey, (count() >= 10) AS isThrottled, expiryTimeStamp GROUP BY throttleKey INSERT ALL EVENTS INTO ResultStream;`;
  const said = written(
    `<property name="custom_property" type="JSON" expression="fn:concat('{&quot;kind&quot;:&quot;', $ctx:query.param.kind, '&quot;}')"/>`,
  );
  return [
    row('custom-rule', 'late', { name: 'late', keyTemplate: parseKeyTemplate('$apiContext:$customProperty.kind'), ...compileQuery(query) }),
    apiRow(backend.url, { operations: [operation('GET', '/menu', { policies: { request: [said], response: [], fault: [] } })] }),
  ];
};

const call = async (kind = 'a'): Promise<number> =>
  (await gateway.call(`/pizza/1.0.0/menu?kind=${kind}`, { headers: { Authorization: `Bearer ${signer.token()}` } })).status;

it('a request waits for what its limit is granted, and the next ones need not ask', async () => {
  const asked: LeaseQuestion[] = [];
  await start((questions) => {
    asked.push(...questions);
    for (const question of questions) setTimeout(() => grant(question, 3, 3), 50);
  });

  const seen = [await call(), await call(), await call()];

  expect(seen).toEqual([200, 200, 200]);
  expect(asked).toEqual([expect.objectContaining({ windowMs: DAY_MS, window: Math.floor(Date.now() / DAY_MS), max: 10, wanted: 1 })]);
  expect(asked[0]?.key).toMatch(/^subscription:carbon\.super:1:\/pizza:1\.0\.0:Unlimited$/);
});

it('requests that wait for the same ask once, for all of them', async () => {
  const asked: LeaseQuestion[] = [];
  await start((questions) => {
    asked.push(...questions);
    // Later than all of them have come.
    for (const question of questions) setTimeout(() => grant(question, 5, 5), 200);
  });

  const seen = await Promise.all(Array.from({ length: 5 }, () => call()));

  expect(seen).toEqual([200, 200, 200, 200, 200]);
  expect(asked).toHaveLength(1);
});

it('a limit that is used up refuses at once, and nobody asks', async () => {
  const asked: LeaseQuestion[] = [];
  await start((questions) => {
    asked.push(...questions);
    for (const question of questions) grant(question, 1, 10);
  });
  expect(await call()).toBe(200);
  asked.length = 0;

  expect([await call(), await call()]).toEqual([429, 429]);

  expect(asked).toEqual([]);
});

it('nobody waits for longer than the bound: then the share of the gateway counts, and those after it do not wait', async () => {
  await start(() => undefined, 100);

  const began = performance.now();
  expect(await call()).toBe(200);
  const waited = performance.now() - began;
  const seen = [await call(), await call(), await call(), await call(), await call()];

  expect(waited).toBeGreaterThanOrEqual(95);
  // Five of ten for each of two gateways, the first among them.
  expect(seen).toEqual([200, 200, 200, 200, 429]);
});

it('goes by its share while the store is away, and the question stays open', async () => {
  const asked: LeaseQuestion[] = [];
  await start((questions) => asked.push(...questions));
  board.isAway = true;

  const seen: number[] = [];
  for (let i = 0; i < 6; i += 1) seen.push(await call());

  expect(seen).toEqual([200, 200, 200, 200, 200, 429]);
  expect(asked).toHaveLength(1);
});

it('a client that went away while it waited is not charged', async () => {
  const asked: LeaseQuestion[] = [];
  await start((questions) => asked.push(...questions));
  const client = new AbortController();
  const url = `http://127.0.0.1:${gateway.port}/pizza/1.0.0/menu`;
  const left = fetch(url, { headers: { Authorization: `Bearer ${signer.token()}` }, signal: client.signal }).catch(() => 'left');
  await until(() => asked.length === 1);
  client.abort();
  expect(await left).toBe('left');
  await after(50);

  const [question] = asked;
  if (!question) throw new Error('it asked');
  grant(question, 1, 1);

  expect(await call()).toBe(200);
  expect(backend.seen).toHaveLength(1);
});

it('nobody waits for longer than the bound altogether, where a rule about what policies say has to wait as well', async () => {
  const wanted: string[] = [];
  await start((questions) => {
    for (const question of questions) {
      wanted.push(question.key);
      // The plan's answer comes just in time, the rule's never.
      if (question.key.startsWith('subscription:')) setTimeout(() => grant(question, 3, 3), 400);
    }
  }, 500);
  gateway.engine.apply(lateRule());

  const began = performance.now();
  expect(await call()).toBe(200);
  const waited = performance.now() - began;

  expect(wanted).toEqual([expect.stringMatching(/^subscription:/), 'custom:carbon.super:late:/pizza/1.0.0:a']);
  expect(waited).toBeGreaterThanOrEqual(490);
  expect(waited).toBeLessThan(750);
});

it('keys that clients make long are kept by a hash, each apart', async () => {
  const keys: string[] = [];
  await start((questions) => {
    for (const question of questions) {
      keys.push(question.key);
      grant(question, 9, 9);
    }
  });
  gateway.engine.apply(lateRule());

  for (const kind of ['x'.repeat(5_000), `${'x'.repeat(4_999)}y`, 'x'.repeat(100)]) expect(await call(kind)).toBe(200);

  const ofRule = keys.filter((key) => key.startsWith('custom:'));
  expect(new Set(ofRule).size).toBe(3);
  expect(ofRule.map((key) => key.length < 200)).toEqual([true, true, true]);
});
