import type { FeedRow } from '../../domain/gateway-documents.js';
import type { Log } from '../../platform/logging/log.js';
import { until } from '../engine/engine.fixture.js';
import type { FromWorker, ToWorker, WorkerSettings } from '../engine/messages.js';
import { WorkerSupervisor } from './worker-supervisor.js';

/** Listens, asks question 1, tells what answers it got, and dies of the first certificate it is given. */
const ENTRY = `data:text/javascript,${encodeURIComponent(`
  import { parentPort } from 'node:worker_threads';
  parentPort.on('message', (message) => {
    if (message.type === 'listen') {
      parentPort.postMessage({ type: 'listening', httpPort: 1, httpsPort: null });
      parentPort.postMessage({ type: 'token-question', id: 1, organization: 'acme.com', keyManager: null, token: 't' });
    } else if (message.type === 'token-verdict') parentPort.postMessage({ type: 'warning', message: message.verdict.outcome, detail: {} });
    else if (message.type === 'certificate') process.exit(1);
    else if (message.type === 'stop') parentPort.close();
  });
`)}`;

it('answers the worker that asked, and not the one that took its place', async () => {
  const answers: ((message: ToWorker) => void)[] = [];
  const heard: string[] = [];
  const received = (message: FromWorker, _: number, answer: (message: ToWorker) => void): void => {
    if (message.type === 'token-question') answers.push(answer);
    if (message.type === 'warning') heard.push(message.message);
  };
  const log = { warn: () => undefined, error: () => undefined } as unknown as Log; // the parts that are used
  // Nothing in the settings matters to this worker.
  const supervisor = new WorkerSupervisor(1, {} as WorkerSettings, async () => [], received, log, new URL(ENTRY));
  await supervisor.start();
  await until(() => answers.length === 1);
  supervisor.renewCertificate({ key: '', cert: '' });
  await until(() => answers.length === 2);

  const [ofTheDead, ofTheLiving] = answers;
  ofTheDead?.({ type: 'token-verdict', id: 1, verdict: { outcome: 'expired' } });
  ofTheLiving?.({ type: 'token-verdict', id: 1, verdict: { outcome: 'inactive' } });
  await until(() => heard.length > 0);
  await supervisor.stop(1_000);

  expect(heard).toEqual(['inactive']);
});

/** Takes its time to listen, and answers every document with its own name. */
const SLOW = `data:text/javascript,${encodeURIComponent(`
  import { parentPort, threadId } from 'node:worker_threads';
  parentPort.on('message', (message) => {
    if (message.type === 'listen') setTimeout(() => parentPort.postMessage({ type: 'listening', httpPort: 1, httpsPort: null }), 100);
    else if (message.type === 'documents') parentPort.postMessage({ type: 'warning', message: String(threadId), detail: JSON.parse(message.rows)[0] });
    else if (message.type === 'stop') parentPort.close();
  });
`)}`;

it.each([
  ['at once', 0],
  ['while the one in its place starts', 60],
  ['once that listens', 250],
])('leaves one worker, which is told everything, when it is replaced again and again: %s', async (_, pauseMs) => {
  const toldTo = new Map<string, number>();
  const received = (message: FromWorker): void => {
    if (message.type === 'warning') toldTo.set(message.message, (toldTo.get(message.message) ?? 0) + 1);
  };
  const warnings: string[] = [];
  const log = { warn: (_: object, text: string) => warnings.push(text), error: () => undefined } as unknown as Log; // the parts that are used
  const row: FeedRow = { seq: 1, organization: 'acme.com', kind: 'organization', key: 'acme.com', body: { active: true } };
  // Nothing in the settings matters to this worker.
  const supervisor = new WorkerSupervisor(1, {} as WorkerSettings, async () => [], received, log, new URL(SLOW));
  await supervisor.start();

  const replaced = [supervisor.replace()];
  for (let i = 0; i < 3; i += 1) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    replaced.push(supervisor.replace());
  }
  await Promise.all(replaced);
  // Longer than a worker that somebody starts again would need.
  await new Promise((resolve) => setTimeout(resolve, 500));
  supervisor.deliver([row]);
  await until(() => toldTo.size > 0);

  expect(supervisor.listening).toBe(1);
  expect([...toldTo.values()]).toEqual([1]);
  expect(warnings).toEqual([]);
  await supervisor.stop(1_000);
});

/** Fills its memory as soon as it has the ports. */
const HUNGRY = `data:text/javascript,${encodeURIComponent(`
  import { parentPort } from 'node:worker_threads';
  parentPort.on('message', (message) => {
    if (message.type !== 'listen') return;
    parentPort.postMessage({ type: 'listening', httpPort: 1, httpsPort: null });
    setTimeout(() => { for (const kept = []; ; ) kept.push({ kept }); }, 10);
  });
`)}`;

it('says which setting is too low for a worker that runs out of memory, and starts another one', async () => {
  const errors: string[] = [];
  let started = 0;
  const log = { warn: () => undefined, error: (_: object, text: string) => errors.push(text) } as unknown as Log; // the parts that are used
  const received = (message: FromWorker): void => {
    if (message.type === 'listening') started += 1;
  };
  const settings = { memoryMb: 16 } as WorkerSettings; // all that matters to this worker
  const supervisor = new WorkerSupervisor(1, settings, async () => [], received, log, new URL(HUNGRY));
  await supervisor.start();
  await until(() => started === 2);
  await supervisor.stop(0);

  expect(errors[0]).toBe('a gateway worker needs more memory than gateway.worker_memory allows');
});
