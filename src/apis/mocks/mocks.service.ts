import { Injectable } from '@nestjs/common';
import type { User } from '../../domain/user.js';
import { WorkFailed, type WorkFile, WorkPool } from '../../platform/worker-pool/work-pool.js';
import { ApisService } from '../apis.service.js';
import { ApiNotFound } from '../revisions/revisions.problems.js';
import { MocksTooLarge } from './mocks.problems.js';
import type * as worker from './mocks.worker.js';

const WORKER: WorkFile<typeof worker> = { url: new URL('./mocks.worker.js', import.meta.url) };
const TIMEOUT_MS = 60_000;

/** Scripts that answer for an API until it has a backend (`reference/publisher.md` §13). */
@Injectable()
export class MocksService {
  constructor(
    private readonly apis: ApisService,
    private readonly pool: WorkPool,
  ) {}

  /** Gives every operation a new script; the definition as JSON. @throws ApiNotFound, DefinitionNotFound (404), MocksTooLarge (400). */
  generate(caller: User, apiId: string): Promise<string> {
    return this.apis.rewriteDefinition(caller, apiId, (content) => this.run('generate', content), ApiNotFound);
  }

  /** The scripts the operations would get, as JSON. @throws as {@link generate}. */
  async generated(caller: User, apiId: string): Promise<string> {
    return this.run('list', await this.apis.writtenDefinition(caller, apiId, ApiNotFound));
  }

  private async run(name: 'generate' | 'list', content: string): Promise<string> {
    try {
      return await this.pool.run(WORKER, name, content, TIMEOUT_MS);
    } catch (err) {
      if (err instanceof WorkFailed) throw MocksTooLarge();
      throw err;
    }
  }
}
