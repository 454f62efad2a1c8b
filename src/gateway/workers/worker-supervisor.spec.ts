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
