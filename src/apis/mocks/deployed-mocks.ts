import { Injectable } from '@nestjs/common';
import type { MockDocument } from '../../domain/gateway-documents.js';
import { WorkFailed, type WorkFile, WorkPool } from '../../platform/worker-pool/work-pool.js';
import { MocksTooLarge } from './mocks.problems.js';
import type * as worker from './mocks.worker.js';

const WORKER: WorkFile<typeof worker> = { url: new URL('./mocks.worker.js', import.meta.url) };
const TIMEOUT_MS = 60_000;

/** The answers that the gateway gives for APIs without a backend. */
@Injectable()
export class DeployedMocks {
  constructor(private readonly pool: WorkPool) {}

  /** What the scripts of a definition answer, by `<VERB> <path>`. @throws MocksTooLarge (400). */
  async of(definition: string): Promise<ReadonlyMap<string, MockDocument>> {
    try {
      const mocks: Readonly<Record<string, MockDocument>> = JSON.parse(await this.pool.run(WORKER, 'served', definition, TIMEOUT_MS));
      return new Map(Object.entries(mocks));
    } catch (err) {
      if (err instanceof WorkFailed) throw MocksTooLarge();
      throw err;
    }
  }
}
