import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FeedRow } from '../../domain/gateway-documents.js';
import type { Log } from '../../platform/logging/log.js';
import type { FromWorker, TlsSettings, ToWorker, WorkerSettings } from '../engine/messages.js';

const ENTRY = new URL('./worker.js', import.meta.url);
/** Before the next try after one that did not come to listening. One that did is replaced at once. */
const RESTART_MS = 200;
/** Threads do not inherit the main thread's cache of compiled code; with it a worker is up in two thirds of the time. This is the place where Node keeps it by itself. */
const COMPILE_CACHE = join(tmpdir(), 'node-compile-cache');
const BATCH = 1_000;

interface Running {
  readonly worker: Worker;
  listening: boolean;
  /** Rows that arrived while the worker was being told what was known before; undefined once it was. */
  backlog: FeedRow[] | undefined;
  /** Another one is to take its place, and whoever launched it has nothing left to do. */
  isRetired: boolean;
}

/**
 * Starts the gateway's worker threads, hands every one the same documents in the same order, and has one that died back within a second.
 * A new worker is given everything known before it opens the ports.
 */
export class WorkerSupervisor {
  private readonly running: (Running | undefined)[];
  private stopping = false;
  private replacing: Promise<void> | undefined;
  private replacesAgain = false;

  constructor(
    count: number,
    private settings: WorkerSettings,
    /** Everything known so far, for a worker that starts. */
    private readonly documents: () => Promise<readonly FeedRow[]>,
    /** `answer` reaches the very worker that sent the message: another one in its place counts its questions anew. */
    private readonly received: (message: FromWorker, worker: number, answer: (message: ToWorker) => void) => void,
    private readonly log: Log,
    private readonly entry = ENTRY,
  ) {
    this.running = Array.from({ length: count });
  }

  /** Starts all workers; resolves when every one listens. @throws Error when a port cannot be opened. */
  async start(): Promise<void> {
    await Promise.all(this.running.map((_, index) => this.launch(index)));
  }

  get listening(): number {
    return this.running.filter((each) => each?.listening).length;
  }

  deliver(rows: readonly FeedRow[]): void {
    const message = documents(rows);
    for (const each of this.running) {
      if (each?.backlog) each.backlog.push(...rows);
      else each?.worker.postMessage(message);
    }
  }

  /** The HTTPS port's certificate from now on, also for workers that start later; open connections keep theirs. */
  renewCertificate(tls: TlsSettings): void {
    this.settings = { ...this.settings, tls };
    for (const each of this.running) each?.worker.postMessage({ type: 'certificate', tls } satisfies ToWorker);
  }

  /**
   * Everything delivered before is void: workers are replaced one after the other, so that the ports stay open where there are several.
   * Calls while it runs make it run once more: two at a time would leave a worker that nobody tells anything.
   */
  replace(): Promise<void> {
    this.replacesAgain = true;
    this.replacing ??= this.replaceAll().finally(() => {
      this.replacing = undefined;
    });
    return this.replacing;
  }

  async stop(deadlineMs: number): Promise<void> {
    this.stopping = true;
    await Promise.all(this.running.map((each) => each && stop(each.worker, deadlineMs)));
  }

  private async replaceAll(): Promise<void> {
    while (this.replacesAgain) {
      this.replacesAgain = false;
      for (const [index, each] of this.running.entries()) {
        if (!each || this.stopping) continue;
        each.isRetired = true;
        this.running[index] = undefined;
        await stop(each.worker, 0);
        if (!this.stopping) await this.launch(index).catch((err: unknown) => this.relaunch(index, err));
      }
    }
  }

  /** @throws Error when the worker ends before it listens; it is gone then. One that is to be replaced may end as it likes. */
  private async launch(index: number): Promise<void> {
    const worker = new Worker(this.entry, {
      workerData: this.settings,
      env: { NODE_COMPILE_CACHE: COMPILE_CACHE, ...process.env },
      resourceLimits: { maxOldGenerationSizeMb: this.settings.memoryMb },
      name: `gateway-${index}`,
    });
    const state: Running = { worker, listening: false, backlog: [], isRetired: false };
    this.running[index] = state;
    const answer = (message: ToWorker): void => worker.postMessage(message);
    const listening = new Promise<void>((resolve, reject) => {
      worker.on('message', (message: FromWorker) => {
        if (message.type === 'listening') {
          state.listening = true;
          resolve();
        } else if (message.type === 'failed') reject(new Error(message.error));
        this.received(message, index, answer);
      });
      worker.on('error', (err) => {
        const text = isOutOfMemory(err)
          ? 'a gateway worker needs more memory than gateway.worker_memory allows'
          : 'a gateway worker failed';
        this.log.error({ err, worker: index }, text);
        reject(err);
      });
      worker.once('exit', (code) => {
        const ended = new Error(`gateway worker ${index} ended with code ${code}`);
        // One that never listened is the business of whoever launched it: two restarts of one worker would leave one that nobody tells anything.
        if (state.listening && this.running[index] === state) this.relaunch(index, ended, 0);
        reject(ended);
      });
    });
    // Told below; a worker that fails while its documents are read must not end the process.
    listening.catch(() => undefined);
    try {
      // What arrives meanwhile waits, and may be told twice; a row of the same number changes nothing.
      const known = await this.documents();
      const rows = [...known, ...(state.backlog ?? [])];
      state.backlog = undefined;
      for (let start = 0; start < rows.length; start += BATCH) worker.postMessage(documents(rows.slice(start, start + BATCH)));
      worker.postMessage({ type: 'listen' } satisfies ToWorker);
      await listening;
    } catch (err) {
      if (this.running[index] === state) this.running[index] = undefined;
      await worker.terminate();
      if (!state.isRetired) throw err;
    }
  }

  private relaunch(index: number, reason: unknown, afterMs = RESTART_MS): void {
    this.running[index] = undefined;
    if (this.stopping) return;
    this.log.warn({ err: reason, worker: index }, 'a gateway worker is started again');
    setTimeout(() => {
      if (!this.stopping) this.launch(index).catch((err: unknown) => this.relaunch(index, err));
    }, afterMs);
  }
}

const isOutOfMemory = (err: unknown): boolean =>
  typeof err === 'object' && err !== null && 'code' in err && err.code === 'ERR_WORKER_OUT_OF_MEMORY';

const documents = (rows: readonly FeedRow[]): ToWorker => ({ type: 'documents', rows: JSON.stringify(rows) });

/** Asks the worker to end and sees to it a little after its deadline. */
const stop = async (worker: Worker, deadlineMs: number): Promise<void> => {
  worker.postMessage({ type: 'stop', deadlineMs } satisfies ToWorker);
  let timer: NodeJS.Timeout | undefined;
  await new Promise<unknown>((resolve) => {
    worker.once('exit', resolve);
    // Of a worker that ended before, nothing is heard but this.
    timer = setTimeout(() => void worker.terminate().then(resolve), deadlineMs + 1_000);
  });
  clearTimeout(timer);
};
