import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Piscina } from 'piscina';

/** Two threads keep a large definition from delaying a small one; more would take the gateway's cores. */
const THREADS_MAX = 2;
const IDLE_TIMEOUT_MS = 30_000;
const HEAP_MB_MAX = 1_024;

/** The work did not end in its time or within its memory: its input is refused, the server is unharmed. */
export class WorkFailed extends Error {
  override readonly name = 'WorkFailed';
}

/**
 * A file whose functions run in the pool. The functions take one structured-cloneable argument and give such a result; what they throw
 * arrives without its class, so expected refusals are results.
 */
export interface WorkFile<T> {
  /** The built file, from `new URL('./x.worker.js', import.meta.url)`. */
  readonly url: URL;
  /** Only the type is used: nothing is imported on the main thread. */
  readonly functions?: T;
}

type Functions = Readonly<Record<string, (input: never) => unknown>>;

/** Runs heavy control-plane work in threads of its own, so that the main loop never stalls. Threads start on first use and end when idle. */
@Injectable()
export class WorkPool implements OnModuleDestroy {
  private pool: Piscina | undefined;

  /** @throws WorkFailed when the time or the memory ran out; whatever the function threw otherwise. */
  async run<T extends Functions, K extends keyof T & string>(
    file: WorkFile<T>,
    name: K,
    input: Parameters<T[K]>[0],
    timeoutMs: number,
  ): Promise<Awaited<ReturnType<T[K]>>> {
    this.pool ??= new Piscina({
      minThreads: 0,
      maxThreads: THREADS_MAX,
      idleTimeout: IDLE_TIMEOUT_MS,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB_MAX },
    });
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), timeoutMs);
    try {
      return await this.pool.run(input, { filename: file.url.href, name, signal: controller.signal });
    } catch (err) {
      if (controller.signal.aborted) throw new WorkFailed(`${name} took longer than ${timeoutMs} ms`, { cause: err });
      if (isOutOfMemory(err)) throw new WorkFailed(`${name} needed more memory than it may have`, { cause: err });
      throw err;
    } finally {
      clearTimeout(timer);
    }
  }

  async onModuleDestroy(): Promise<void> {
    await this.pool?.destroy();
  }
}

const isOutOfMemory = (err: unknown): boolean => err instanceof Error && 'code' in err && err.code === 'ERR_WORKER_OUT_OF_MEMORY';
