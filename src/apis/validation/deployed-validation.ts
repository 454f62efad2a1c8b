import { Injectable } from '@nestjs/common';
import { WorkFailed, type WorkFile, WorkPool } from '../../platform/worker-pool/work-pool.js';
import type { DefinedMessages } from './message-documents.js';
import type * as worker from './validation.worker.js';

const WORKER: WorkFile<typeof worker> = { url: new URL('./validation.worker.js', import.meta.url) };
const TIMEOUT_MS = 60_000;

/** What the gateway checks the messages of an API against. */
@Injectable()
export class DeployedValidation {
  constructor(private readonly pool: WorkPool) {}

  /** What a definition, as JSON, says about messages. One that takes too long to work out is unusable: the gateway then refuses the deployment. */
  async of(definition: string): Promise<DefinedMessages> {
    try {
      return JSON.parse(await this.pool.run(WORKER, 'read', definition, TIMEOUT_MS));
    } catch (err) {
      if (err instanceof WorkFailed) return { validation: { unusable: 'its schemas are too complex' }, messages: {} };
      throw err;
    }
  }
}
