import { parentPort, workerData } from 'node:worker_threads';
import { Engine } from '../engine/engine.js';
import type { FromWorker, ToWorker, WorkerSettings } from '../engine/messages.js';

/** Entry of a gateway worker thread: carries the messages between the main thread and the engine. */
const main = (): void => {
  const port = parentPort;
  if (port === null) throw new Error('this file is the entry of a worker thread');
  const emit = (message: FromWorker): void => port.postMessage(message);
  // The supervisor starts this file with these settings and nothing else.
  const engine = new Engine(workerData as WorkerSettings, emit);
  port.on('message', (message: ToWorker) => {
    switch (message.type) {
      case 'documents':
        engine.apply(JSON.parse(message.rows));
        break;
      case 'certificate':
        engine.renewCertificate(message.tls);
        break;
      case 'token-verdict':
        engine.answered(message.id, message.verdict);
        break;
      case 'signed':
        engine.signed(message.id, message.jws);
        break;
      case 'login-verdict':
        engine.loggedIn(message.id, message.verdict);
        break;
      case 'lease-answers':
        engine.leased(message.store, message.ids);
        break;
      case 'listen':
        engine.listen().catch((err: unknown) => {
          emit({ type: 'failed', error: err instanceof Error ? err.message : String(err) });
          port.close();
        });
        break;
      case 'stop':
        // With the port closed and the listeners gone nothing keeps the thread.
        void engine.stop(message.deadlineMs).finally(() => port.close());
        break;
    }
  });
};

main();
