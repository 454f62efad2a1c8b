import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Transactions, type Tx } from '../../platform/database/transactions.js';
import { Log } from '../../platform/logging/log.js';
import { DeployedApis } from './deployed-apis.js';

/** To be raised when the documents of what is deployed get something that gateways need, so that they are written anew after an upgrade. */
const DOCUMENT_VERSION = 2;
const FIRST = '00000000-0000-0000-0000-000000000000';
const BATCH = 100;

/** Writes the documents of everything that is deployed anew, once after an upgrade that changed them, while the server is already at work. */
@Injectable()
export class DocumentUpgrade implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly others: ((tx: Tx) => Promise<void>)[] = [];
  private running: Promise<void> | undefined;
  private isStopped = false;

  constructor(
    private readonly database: DataSource,
    private readonly transactions: Transactions,
    private readonly deployedApis: DeployedApis,
    private readonly log: Log,
  ) {}

  /** Has other documents than those of APIs written anew as well. To be called when the application starts. */
  register(refresh: (tx: Tx) => Promise<void>): void {
    this.others.push(refresh);
  }

  onApplicationBootstrap(): void {
    this.running = this.run().catch((err: unknown) =>
      this.log.error({ err }, 'the documents of deployed APIs could not all be written anew; it is tried again at the next start'),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    await this.running;
  }

  private async run(): Promise<void> {
    const [row]: readonly { version: number }[] = await this.database.query('SELECT version FROM gateway_document_version');
    if (row !== undefined && row.version >= DOCUMENT_VERSION) return;
    const startedAt = performance.now();
    for (const refresh of this.others) await this.transactions.run(refresh);
    const { apis, failed } = await this.refreshApis();
    if (this.isStopped) return;
    if (failed > 0) throw new Error(`${failed} of ${apis} APIs failed`);
    await this.database.query(
      `INSERT INTO gateway_document_version (version) VALUES ($1)
       ON CONFLICT (id) DO UPDATE SET version = greatest(gateway_document_version.version, excluded.version)`,
      [DOCUMENT_VERSION],
    );
    if (apis > 0)
      this.log.info({ apis, tookMs: Math.round(performance.now() - startedAt) }, 'the documents of deployed APIs were written anew');
  }

  /** A transaction for each API, which keeps whoever deploys it meanwhile waiting for that one alone. */
  private async refreshApis(): Promise<{ readonly apis: number; readonly failed: number }> {
    let after = FIRST;
    let apis = 0;
    let failed = 0;
    for (;;) {
      const batch: readonly { organization: string; api_id: string }[] = await this.database.query(
        'SELECT DISTINCT api_id, organization FROM api_deployments WHERE api_id > $1 ORDER BY api_id LIMIT $2',
        [after, BATCH],
      );
      const last = batch.at(-1);
      if (last === undefined) return { apis, failed };
      after = last.api_id;
      for (const { organization, api_id: apiId } of batch) {
        if (this.isStopped) return { apis, failed };
        apis += 1;
        try {
          await this.refresh(organization, apiId);
        } catch (err) {
          failed += 1;
          this.log.error({ err, apiId }, 'the documents of a deployed API could not be written anew');
        }
      }
    }
  }

  private refresh(organization: string, apiId: string): Promise<void> {
    return this.transactions.run(async (tx) => {
      await tx.em.query('SELECT 1 FROM apis WHERE organization = $1 AND id = $2 FOR UPDATE', [organization, apiId]);
      await this.deployedApis.refresh(tx, organization, apiId);
    });
  }
}
